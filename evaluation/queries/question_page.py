"""Questions to bidders as people read them: the committee all of a room, each bidder its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from evaluation.domain.committee import code_name
from evaluation.domain.question import Attachment, State
from evaluation.domain.room import See
from evaluation.models.questions import BidQuestion, QuestionProposal
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import rooms
from evaluation.queries.questions import MOST, asked, facts, price_votes
from evaluation.queries.rooms import RoomView
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question and its answer; who asked is not in it."""

    number: int
    bid: str
    kind: str
    text: str
    rule: str
    correction: str
    sha256: str
    state: State
    asked_at: datetime
    until: datetime
    answer: str
    files: tuple[Attachment, ...]
    accepts: str
    ended_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether an answer may still come."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What a member would have asked."""

    name: str
    bid: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PriceMatter:
    """A bid whose price was asked about: the limits it misses, and how the members voted once it is decided."""

    bid: str
    limits: tuple[str, ...]
    is_mine_to_vote: bool
    is_voted_on: bool
    stays: bool | None
    votes: tuple[tuple[str, bool, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Questions of a room, for who may read them."""

    room: RoomView
    questions: tuple[QuestionView, ...]
    proposals: tuple[ProposalView, ...]
    matters: tuple[PriceMatter, ...]
    may_price: bool


def page(session: Session, actor: Actor, number: str) -> QuestionPage:
    """The committee's page; raises NotFound, WrongState for whoever may not read it yet."""
    room = rooms.view(session, actor, number)
    if not (room.may(See.VOTES) or (room.me is not None and room.may(See.BIDS))):
        raise WrongState("evaluation.not_yet", state=room.state.value)
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    code_of = {seat.id: seat.code for seat in session.scalars(select(Seat).where(Seat.evaluation_id == row.id))}
    said = session.scalars(select(QuestionProposal).where(QuestionProposal.evaluation_id == row.id).order_by(QuestionProposal.at))
    proposals = tuple(ProposalView(code_name(code_of[one.seat_id]), one.code, one.kind, one.text) for one in said)
    return QuestionPage(
        room, tuple(_view(one) for one in asked(session, row.id)), proposals, _matters(session, row, room), bool(row.technical)
    )


def _matters(session: Session, row: Evaluation, room: RoomView) -> tuple[PriceMatter, ...]:
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))
    code_of = {seat.id: seat.code for seat in seats}
    told = facts(session, row, code_of, room.lot, room.me.code if room.me else "")
    decided = {one["bid"]: bool(one["stays"]) for one in cast("list[dict[str, Any]]", row.price_decisions or [])}
    flags, votes = cast("dict[str, list[str]]", row.low_flags or {}), price_votes(session, code_of)
    found = []
    for bid in sorted({*flags, *told["price_matters"], *decided}):
        mine = votes.get(bid, {}) if bid in decided else {}
        rows = tuple((code_name(seat), mine[seat].stays, mine[seat].reason) for seat in sorted(mine, key=int))
        to_vote = room.me is not None and bid in told["price_matters"] - told["price_voted"]
        found.append(PriceMatter(bid, tuple(flags.get(bid, ())), to_vote, bid in told["price_matters"], decided.get(bid), rows))
    return tuple(found)


def _view(one: BidQuestion) -> QuestionView:
    same = ("number", "kind", "text", "rule", "correction", "state", "asked_at", "until", "answer", "accepts", "ended_at")
    files = tuple(Attachment(**file) for file in cast("list[dict[str, Any]]", one.files or []))
    return QuestionView(bid=one.code, sha256=one.payload_sha256, files=files, **{name: getattr(one, name) for name in same})


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """What a bidder was asked in one lot."""

    lot: LotView
    questions: tuple[QuestionView, ...]


def own(session: Session, org: OrgId | None, number: str) -> OwnQuestions:
    """A bidder's own questions; raises NotFound for a lot in which it was asked nothing, whoever else was."""
    lot = lots.by_number(session, number)
    query = select(BidQuestion).join(Evaluation, Evaluation.id == BidQuestion.evaluation_id)
    mine = list(session.scalars(query.where(Evaluation.lot_id == lot.id, BidQuestion.org_id == org).order_by(BidQuestion.number)))
    if org is None or not mine:
        raise NotFound("bid_question.not_found")
    return OwnQuestions(lot, tuple(_view(one) for one in mine))


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """A question that waits for a bidder's answer."""

    number: str
    title: str
    until: datetime


def waiting(session: Session, actor: Actor) -> tuple[QuestionLine, ...]:
    """What waits for the answer of an actor's organisation, the most urgent first."""
    if actor.org is None or Role.BIDDER not in actor.roles:
        return ()
    query = select(BidQuestion, Evaluation.lot_id).join(Evaluation, Evaluation.id == BidQuestion.evaluation_id)
    rows = session.execute(query.where(BidQuestion.org_id == actor.org, BidQuestion.state == State.OPEN).order_by(BidQuestion.until)).all()
    found = [(one, lots.by_id(session, lot)) for one, lot in rows[:MOST]]  # type: ignore[arg-type]  # a LotId is a UUID
    return tuple(QuestionLine(lot.number, f"{lot.project_title} {lot.title}", one.until) for one, lot in found)


def file_of(session: Session, actor: Actor, number: str, sha256: str) -> Attachment:
    """A file of an answer, for the committee and the bidder whose it is; raises NotFound."""
    questions = own(session, actor.org, number).questions if Role.BIDDER in actor.roles else page(session, actor, number).questions
    for one in questions:
        for file in one.files:
            if file.sha256 == sha256:
                return file
    raise NotFound("bid_question.not_found")
