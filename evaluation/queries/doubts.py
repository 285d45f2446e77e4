"""Doubted scores as the room's rules look at them, and the scores that count in the place of signed ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evaluation.domain import doubt as rules
from evaluation.domain.doubt import DoubtBody, Question, Side, State, Terms
from evaluation.domain.finding import AnswerBody, corrected
from evaluation.domain.parts import parts_of
from evaluation.domain.room_pause import extended
from evaluation.models.doubts import Doubt, DoubtVote
from evaluation.models.rooms import Evaluation
from evaluation.queries import findings, sheets, stops
from trading.queries.lots import LotView

CodeOf = Mapping[UUID, str]
"""Seat id → seat code, of the seats in office."""


def of_evaluation(session: Session, evaluation: UUID, *states: State) -> list[Doubt]:
    """Every doubt of a room, or those in these states, in the order in which they were raised."""
    mine = select(Doubt).where(Doubt.evaluation_id == evaluation, Doubt.state.in_(states or tuple(State)))
    return list(session.scalars(mine.order_by(Doubt.raised_at, Doubt.id)))


def terms(lot: LotView) -> Terms:
    """What law and document provide in a lot."""
    return rules.terms_of(lot.regime, lot.score_rules)


def has_any(session: Session, row: Evaluation) -> bool:
    """Whether a score was doubted."""
    return bool(of_evaluation(session, row.id))


def question_of(one: Doubt) -> Question | None:
    """What is voted on now."""
    return {State.VOTING: Question.ABNORMAL, State.WEIGHING: Question.HOLDS}.get(one.state)


def about(one: Doubt, question: Question) -> str:
    """The digest that a vote on this question names."""
    return one.payload_sha256 if question is Question.ABNORMAL else one.answer_sha256


def body_of(one: Doubt, code_of: CodeOf) -> DoubtBody:
    """The doubt as it was signed."""
    return DoubtBody(code_of[one.seat_id], one.code, tuple(cast("list[str]", one.criteria)), Side(one.side), one.reason)


def votes(session: Session, one: Doubt, question: Question, code_of: CodeOf) -> dict[str, DoubtVote]:
    """Seat → its vote on a question."""
    mine = select(DoubtVote).where(DoubtVote.doubt_id == one.id, DoubtVote.question == question.value)
    found = {code_of[vote.seat_id]: vote for vote in session.scalars(mine)}
    return {seat: found[seat] for seat in sorted(found, key=int)}


FACTS = (
    *("doubtable", "doubts_open", "doubts_ended", "doubts_to_vote", "doubts_decidable"),
    *("doubts_answering", "doubts_overdue", "doubts_noting"),
)


def facts(session: Session, row: Evaluation, code_of: CodeOf, lot: LotView, seat: str, *, now: datetime | None) -> dict[str, Any]:
    """Those facts of the room's table that doubts are about, for the member at `seat`; nothing before the summary. `now` None: whoever has
    not answered is overdue, the page says when."""
    if row.summarised_at is None:
        return {}
    found = of_evaluation(session, row.id)
    to_vote, decidable = set(), set()
    for one in found:
        if (question := question_of(one)) is not None:
            left = rules.voters(code_of.values(), code_of[one.seat_id]) - set(votes(session, one, question, code_of))
            to_vote |= {about(one, question)} if seat in left else set()
            decidable |= set() if left else {about(one, question)}
    answering = [one for one in found if one.state is State.ANSWERING]
    result = cast("dict[str, Any]", row.result or {"rows": []})
    return {
        "doubtable": terms(lot).is_open and bool(result["rows"]),
        "doubts_open": sum(not one.state.is_over for one in found),
        "doubts_ended": sum(one.state.is_over and one.counted_at is None for one in found),
        "doubts_to_vote": frozenset(to_vote),
        "doubts_decidable": frozenset(decidable),
        "doubts_answering": frozenset(code_of[one.seat_id] for one in answering),
        "doubts_overdue": frozenset(code_of[one.seat_id] for one in answering if now is None or now >= until(session, one)),
        "doubts_noting": frozenset(noter_of(row, one, code_of) for one in found if one.state is State.NOTING),
    }


def until(session: Session, one: Doubt) -> datetime:
    """Until when an answer is awaited; the time stands still while the room does."""
    assert one.found_at is not None
    return extended(one.found_at + rules.TIME, one.found_at, stops.of_evaluation(session, one.evaluation_id))


def noter_of(row: Evaluation, one: Doubt, code_of: CodeOf) -> str:
    """The seat that signs the note."""
    return rules.noter(row.chair, code_of[one.seat_id], code_of.values())


def corrections(session: Session, row: Evaluation, code_of: CodeOf) -> dict[str, list[AnswerBody]]:
    """Seat → what counts in the place of its signed scores: answers to findings, then what came of doubts, in their order."""
    found = findings.answers(session, code_of)
    ended = [one for one in of_evaluation(session, row.id) if one.state.changes]
    for one in sorted(ended, key=_ended):
        scores, ticks = cast("dict[str, str]", one.scores), cast("dict[str, list[str]]", one.ticks)
        found.setdefault(code_of[one.seat_id], []).extend(rules.corrections(one.code, scores, ticks))
    return found


def _ended(one: Doubt) -> tuple[datetime, UUID]:
    assert one.ended_at is not None
    return one.ended_at, one.id


def means(session: Session, row: Evaluation, one: Doubt, code_of: CodeOf, lot: LotView) -> dict[str, str]:
    """Criterion → the mean of the others by which the score would be replaced now."""
    places = terms(lot).places
    assert places is not None
    counting = corrected(sheets.signed(session, code_of, parts_of(lot.method)), corrections(session, row, code_of))
    return rules.means(counting, body_of(one, code_of), places)


def sitting(session: Session, row: Evaluation) -> str:
    """Which report is the one to be drafted: another one after each replacement of a member and after each doubt."""
    raised = session.scalar(select(func.count()).where(Doubt.evaluation_id == row.id))
    return f"{row.vote_round}.{raised}" if raised else str(row.vote_round)


def is_any_open(session: Session, row: Evaluation) -> bool:
    """Whether a doubt is not counted yet."""
    return any(one.counted_at is None for one in of_evaluation(session, row.id))
