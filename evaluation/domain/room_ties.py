"""Rules of the room about equal bids that wait for a draw of lots; the table in which they stand is `room.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, WrongState
from evaluation.domain.room_findings import is_settled

if TYPE_CHECKING:
    from evaluation.domain.room import Facts


def report_can_be_drafted(facts: Facts) -> Refusal | None:
    """No report is drafted while an answer to a finding is missing, or lots are to be drawn among equal bids."""
    return is_settled(facts) or (WrongState("tie_draw.waiting") if facts.lots_due else None)
