"""What happens to a lot by order, before its opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class LotTerminated(Event):
    """The tenderer ended the lot; deposits go back with interest (招标投标法实施条例 art. 31)."""

    KIND: ClassVar[str] = "lot.terminate"
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LotSuspended(Event):
    """The supervisor suspended the lot: no bid is taken, and no time runs against bidders (art. 62)."""

    KIND: ClassVar[str] = "lot.suspend"
    number: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LotResumed(Event):
    """The supervisor let the lot go on, with a deadline that gives back the time that was lost."""

    KIND: ClassVar[str] = "lot.resume"
    number: str
    reason: str
    deadline: datetime
