"""Rules of the room about doubted scores; the table in which they stand is `room.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, WrongState
from evaluation.domain.room_findings import is_settled
from evaluation.domain.room_ties import report_can_be_drafted

if TYPE_CHECKING:
    from evaluation.domain.room import Facts


def doubts_a_score(facts: Facts) -> Refusal | None:
    """Where law or document provide for it, objective items are settled, and until the member has signed the report."""
    if not facts.doubtable:
        return WrongState("doubt.not_provided")
    if facts.seat in facts.signed | facts.noted:
        return WrongState("doubt.raise.signed")
    return is_settled(facts)


def votes_on_a_doubt(facts: Facts) -> Refusal | None:
    """Each member but the one concerned, once on each question."""
    return None if facts.doubts_to_vote else WrongState("doubt.vote.not_due")


def doubt_can_be_decided(facts: Facts) -> Refusal | None:
    """The majority is counted when all of those have voted."""
    return None if facts.doubts_decidable else WrongState("doubt.votes_missing")


def answers_a_doubt(facts: Facts) -> Refusal | None:
    """Whose score was found abnormal, once."""
    return None if facts.seat in facts.doubts_answering else WrongState("doubt.answer.not_due")


def notes_silence(facts: Facts) -> Refusal | None:
    """After the time for an answer."""
    return None if facts.doubts_overdue else WrongState("doubt.silence.too_early")


def notes_a_replacement(facts: Facts) -> Refusal | None:
    """The chair, or who stands in where the chair is concerned."""
    return None if facts.seat in facts.doubts_noting else WrongState("doubt.replace.not_due")


def doubts_are_over(facts: Facts) -> Refusal | None:
    """Nothing of any doubt is awaited, and what came of them is not counted yet."""
    return None if facts.doubts_ended and not facts.doubts_open else WrongState("doubt.open", count=facts.doubts_open)


def nothing_is_doubted(facts: Facts) -> Refusal | None:
    """No report is drafted while a finding or a doubt waits for something, or lots are to be drawn among equal bids."""
    is_over = not facts.doubts_open and not facts.doubts_ended
    return report_can_be_drafted(facts) or (None if is_over else WrongState("doubt.open", count=facts.doubts_open))
