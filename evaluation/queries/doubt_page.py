"""Doubted scores as pages and the report tell them: who said what under code names, and a vote only when all are in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import WrongState
from core.kernel.roles import Role
from evaluation.domain.committee import code_name
from evaluation.domain.doubt import Question, State
from evaluation.domain.finding import rules_of_items
from evaluation.domain.parts import parts_of
from evaluation.domain.room import Action, See
from evaluation.domain.sheet import BidScores, Criterion
from evaluation.models.doubts import Doubt
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import doubts, rooms, sheets
from evaluation.queries.doubts import CodeOf
from evaluation.queries.rooms import RoomView


@dataclass(frozen=True, slots=True)
class Voted:
    """A member's vote, once all are in."""

    name: str
    yes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Poll:
    """One of the two votes on a doubt."""

    question: Question
    votes: tuple[Voted, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A doubted score: as it was signed, and what counts instead, "" where it stands."""

    criterion: str
    title: str
    signed: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtView:
    """One doubt, and what the viewer has to do about it. `about`: what the viewer votes on, "" where they do not."""

    sha256: str
    seat: str
    name: str
    raised_by: str
    bid: str
    side: str
    reason: str
    state: State
    until: datetime | None
    scores: tuple[Scored, ...]
    explanation: str
    silence: str
    note: str
    polls: tuple[Poll, ...]
    about: str = ""
    question: Question | None = None
    is_mine: bool = False  # the viewer is to answer
    means: Mapping[str, str] = field(default_factory=dict)  # by which the viewer is to replace the scores

    @property
    def is_due(self) -> bool:
        """Whether the viewer has something to sign about it."""
        return bool(self.about or self.is_mine or self.means)


@dataclass(frozen=True, slots=True)
class DoubtPage:
    """The doubts of a room, for who may see the members' scores; `items` may be doubted, of the bids in `bids`."""

    room: RoomView
    doubts: tuple[DoubtView, ...]
    bids: tuple[str, ...]
    items: tuple[Criterion, ...]
    rescores: bool
    places: int | None

    def item(self, criterion: str) -> Criterion:
        """How an item is scored."""
        return next(one for one in self.items if one.id == criterion)

    @property
    def may_doubt(self) -> bool:
        """Whether the viewer may raise another one."""
        return Action.DOUBT_SCORE in self.room.available


def doubt_page(session: Session, actor: Actor, number: str) -> DoubtPage:
    """The page of doubts; raises NotFound, WrongState for whoever may not see the members' scores, or before the summary."""
    room = rooms.view(session, actor, number)
    if not (room.may(See.RESULT) and room.may(See.ALL_SHEETS)):
        raise WrongState("evaluation.not_yet", state=room.state.value)
    row, code_of = _row(session, room)
    terms = doubts.terms(room.lot)
    ranked = tuple(sorted(str(one["bid"]) for one in (room.result or {"rows": ()})["rows"]))
    items = tuple(one for one in rules_of_items(room.lot.method, room.lot.score_rules, ()).criteria if not one.is_objective)
    found = tuple(_for_me(session, room, row, one, code_of) for one in doubts.of_evaluation(session, row.id))
    return DoubtPage(room, found, ranked, items, terms.rescores, terms.places)


@dataclass(frozen=True, slots=True)
class AwaitedView:
    """An explanation that has not come, as the host sees it: whose, and until when; not of which score."""

    sha256: str
    name: str
    until: datetime


def awaited(session: Session, room: RoomView) -> tuple[AwaitedView, ...]:
    """What the host may have to note; nothing for anybody else."""
    if Role.CENTRE not in room.roles or Action.NOTE_SILENCE not in room.available:
        return ()
    row, code_of = _row(session, room)
    waiting = [one for one in doubts.of_evaluation(session, row.id) if one.state is State.ANSWERING]
    return tuple(AwaitedView(one.payload_sha256, code_name(code_of[one.seat_id]), doubts.until(session, one)) for one in waiting)


def _row(session: Session, room: RoomView) -> tuple[Evaluation, CodeOf]:
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))
    return row, {seat.id: seat.code for seat in seats}


def told(session: Session, row: Evaluation, code_of: CodeOf, method: Mapping[str, Any], titles: Mapping[str, str]) -> list[DoubtView]:
    """Every doubt as the report tells it."""
    signed = sheets.signed(session, code_of, parts_of(method))
    return [_view(session, one, code_of, signed, titles) for one in doubts.of_evaluation(session, row.id)]


def _for_me(session: Session, room: RoomView, row: Evaluation, one: Doubt, code_of: CodeOf) -> DoubtView:
    """The same with what this viewer has to do."""
    signed = sheets.signed(session, code_of, parts_of(room.lot.method))
    titles = {each.id: each.title for each in rules_of_items(room.lot.method, room.lot.score_rules, ()).criteria}
    me, question = room.me.code if room.me is not None else "", doubts.question_of(one)
    votes = me and question is not None and me != code_of[one.seat_id] and me not in doubts.votes(session, one, question, code_of)
    notes = one.state is State.NOTING and doubts.noter_of(row, one, code_of) == me
    return _view(
        session,
        one,
        code_of,
        signed,
        titles,
        about=doubts.about(one, question) if votes and question is not None else "",
        question=question,
        is_mine=one.state is State.ANSWERING and code_of[one.seat_id] == me,
        means=doubts.means(session, row, one, code_of, room.lot) if notes else {},
    )


def _view(
    session: Session, one: Doubt, code_of: CodeOf, signed: Mapping[str, list[BidScores]], titles: Mapping[str, str], **mine: Any
) -> DoubtView:
    seat = code_of[one.seat_id]
    now = cast("dict[str, str]", one.scores) if one.state.changes else {}
    before = next(sheet.scores for sheet in signed[seat] if sheet.bid == one.code)
    criteria = cast("list[str]", one.criteria)
    return DoubtView(
        sha256=one.payload_sha256,
        seat=seat,
        name=code_name(seat),
        raised_by=code_name(code_of[one.raised_by]),
        bid=one.code,
        side=one.side,
        reason=one.reason,
        state=one.state,
        until=doubts.until(session, one) if one.state is State.ANSWERING else None,
        scores=tuple(Scored(name, titles[name], before[name], now.get(name, "")) for name in criteria),
        explanation=one.explanation,
        silence=one.silence,
        note=one.note,
        polls=tuple(_poll(session, one, question, code_of) for question in _decided(one)),
        **mine,
    )


def _decided(one: Doubt) -> tuple[Question, ...]:
    """The votes that all are in of; the second is held only on an explanation."""
    if one.state is State.VOTING:
        return ()
    is_weighed = bool(one.explanation) and one.state not in (State.ANSWERING, State.WEIGHING, State.RESCORED)
    return (Question.ABNORMAL, Question.HOLDS) if is_weighed else (Question.ABNORMAL,)


def _poll(session: Session, one: Doubt, question: Question, code_of: CodeOf) -> Poll:
    votes = doubts.votes(session, one, question, code_of)
    return Poll(question, tuple(Voted(code_name(seat), vote.yes, vote.reason) for seat, vote in votes.items()))
