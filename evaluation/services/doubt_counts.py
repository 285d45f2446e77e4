"""What the votes on doubted scores come to, the moment the last of them is in, and which doubts count from now on."""

from __future__ import annotations

from core.kernel.work import Work
from evaluation.domain import doubt as rules
from evaluation.domain.doubt import State
from evaluation.domain.room import Action
from evaluation.events_doubts import DoubtDecided
from evaluation.models.doubts import Doubt
from evaluation.queries import doubts
from evaluation.services.locked import LockedRoom


def decide(work: Work, room: LockedRoom) -> None:
    """The majority on one question of one doubt. Records DoubtDecided."""
    decidable = room.facts().doubts_decidable
    room.follow(Action.DECIDE_DOUBT)
    one, question = next(
        (one, question)
        for one in doubts.of_evaluation(work.session, room.row.id)
        if (question := doubts.question_of(one)) is not None and doubts.about(one, question) in decidable
    )
    votes = doubts.votes(work.session, one, question, room.code_of)
    said = {seat: vote.yes for seat, vote in votes.items()}
    about = doubts.about(one, question)
    come_to(work, room, one, rules.outcome(question, said, len(room.code_of), doubts.terms(room.lot)))
    yes, no = ([seat for seat, given in said.items() if given is side] for side in (True, False))
    lot, state = room.lot, one.state.value
    work.record(DoubtDecided(case=lot.case, lot=lot.no, about=about, question=question.value, yes=yes, no=no, state=state))


def come_to(work: Work, room: LockedRoom, one: Doubt, state: State) -> None:
    """A doubt reaches a state, now."""
    one.state = state
    one.found_at = room.now if state is State.ANSWERING else one.found_at
    one.ended_at = room.now if state.is_over else None
    work.session.flush()


def close(work: Work, room: LockedRoom) -> bool:
    """All that is over counts from now on; whether other scores count than did."""
    ended = [one for one in doubts.of_evaluation(work.session, room.row.id) if one.counted_at is None]
    for one in ended:
        one.counted_at = room.now
    work.session.flush()
    return any(one.state.changes for one in ended)
