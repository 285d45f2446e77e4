"""Rules of the room about answers to findings; the table in which they stand is `room.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, WrongState

if TYPE_CHECKING:
    from evaluation.domain.room import Facts


def answers_a_finding(facts: Facts) -> Refusal | None:
    """Whoever a finding is about, and has not answered on all of it."""
    return None if facts.seat in facts.answers_due else WrongState("finding.answer.not_due")


def all_answered(facts: Facts) -> Refusal | None:
    """What was found is settled once, when everybody it is about has answered."""
    if not facts.unsettled:
        return WrongState("finding.settled")
    return WrongState("finding.answers_missing", count=len(facts.answers_due)) if facts.answers_due else None


def is_settled(facts: Facts) -> Refusal | None:
    """No report is drafted while an answer is missing; without such a finding there is nothing to wait for."""
    return WrongState("finding.answers_missing", count=len(facts.answers_due)) if facts.unsettled else None
