"""What happens with the file that protects a tenderer while an award is decided: papers, register, comparison, award report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class AwardPaperFiled(Event):
    """The tenderer filed a paper with its source, author and day; what it says stays in the statement."""

    KIND: ClassVar[str] = "award.paper"
    category: str


@dataclass(frozen=True, kw_only=True)
class InterferenceEntered(Event):
    """Somebody entered an interference; who and how stay in the statement."""

    KIND: ClassVar[str] = "interference.entry"


@dataclass(frozen=True, kw_only=True)
class RegisterClosed(Event):
    """Somebody signed the register of interference as all there is."""

    KIND: ClassVar[str] = "interference.close"


@dataclass(frozen=True, kw_only=True)
class ComparisonMade(Event):
    """The candidates were compared by the plan's factors when the session was opened."""

    KIND: ClassVar[str] = "award.matrix"
    matrix: Mapping[str, JSON]


@dataclass(frozen=True, kw_only=True)
class AwardReportDrafted(Event):
    """The award report was rendered once; `record` is what it says."""

    KIND: ClassVar[str] = "award.report.draft"
    report_sha256: str
    record: Mapping[str, JSON]


@dataclass(frozen=True, kw_only=True)
class AwardReportSigned(Event):
    """A member, or the tenderer, signed the award report."""

    KIND: ClassVar[str] = "award.report.sign"
    report_sha256: str


@dataclass(frozen=True, kw_only=True)
class AwardReportDeclined(Event):
    """The tenderer noted that a member refused to sign, and why."""

    KIND: ClassVar[str] = "award.report.decline"
    report_sha256: str
