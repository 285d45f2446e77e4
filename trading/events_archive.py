"""What happens to a closed case in the archive, on a chain of its own (`A-T2026-000001`), since that of the case has its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseArchived(Event):
    """The centre filed the archive package: event 0 of its chain."""

    KIND: ClassVar[str] = "case.archive"
    number: str
    package_sha256: str


@dataclass(frozen=True, kw_only=True)
class ArchiveHeld(Event):
    """Centre or supervisor has the case kept as it is until the hold is lifted."""

    KIND: ClassVar[str] = "archive.hold"
    document: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ArchiveHoldLifted(Event):
    """A hold is lifted."""

    KIND: ClassVar[str] = "archive.lift"
    hold: str
    document: str
    reason: str
