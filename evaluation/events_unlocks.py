"""A signed sheet reopened, and members who do not sign the report, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class UnlockAsked(AtSeat, Event):
    """A member asked to write a signed sheet again; the reason stays in the statement."""

    KIND: ClassVar[str] = "sheet.unlock.ask"


@dataclass(frozen=True, kw_only=True)
class UnlockDecided(AtSeat, Event):
    """One of those who decide on the request of the member at `seat` did so; `outcome`: what has become of the request."""

    KIND: ClassVar[str] = "sheet.unlock.decide"
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ReportDeadlineSet(AtSeat, Event):
    """The chair said until when the report is to be signed."""

    KIND: ClassVar[str] = "report.deadline"
    until: str


@dataclass(frozen=True, kw_only=True)
class ReportRefusalNoted(AtSeat, Event):
    """The host noted that the member at `seat` did not sign."""

    KIND: ClassVar[str] = "report.refusal"
