"""Questions to bidders: proposed by members, asked by the chair, answered in writing or not; and votes on prices that were asked about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.queries import people
from core.identity.services import messages
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import blind, uploads
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import question as rules
from evaluation.domain.question import Answer, Kind, PriceVoteBody, Proposal, Question, State
from evaluation.domain.room import Action
from evaluation.events_questions import (
    PriceCheckClosed,
    PriceVoteCast,
    QuestionAnswered,
    QuestionAsked,
    QuestionOverdue,
    QuestionProposed,
)
from evaluation.models.questions import BidQuestion, PriceVote, QuestionProposal
from evaluation.models.rooms import Evaluation
from evaluation.queries import questions, weighings
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from evaluation.services.weighings import priced
from trading.queries import lots
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})


def propose(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member would have the chair ask something. Records QuestionProposed."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("bid_question.propose", lot.case, lot.no, role=Role.EXPERT), lambda act: _propose(work, lot, act))


def _propose(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.PROPOSE_QUESTION, act)
    said = Proposal.read(act.body, room.passed())
    row = {"evaluation_id": room.row.id, "seat_id": seat.id, "code": said.bid, "kind": said.kind, "text": said.text, "at": room.now}
    work.session.add(QuestionProposal(id=new_id(room.now), **row))
    work.record(QuestionProposed(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return {"state": room.row.state.value}


def ask(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The chair asks the bidder behind a code name, and the bidder is told that there is something to answer. Records QuestionAsked."""
    lot = lots.by_number(work.session, number)
    expect = Expect("bid_question.ask", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _ask(work, lot, act))


def _ask(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    room.act(Action.ASK, act)
    said = Question.read(act.body, room.passed(), lot.regime)
    said.check_time(room.now)
    _check_price(work, room, said)
    number = len(questions.asked(work.session, room.row.id)) + 1
    row = BidQuestion(
        id=new_id(room.now),
        evaluation_id=room.row.id,
        number=number,
        code=said.bid,
        org_id=room.map()[said.bid],
        kind=said.kind,
        text=said.text,
        rule=said.rule,
        correction=said.correction,
        payload_sha256=act.payload_sha256,
        state=State.OPEN,
        asked_at=room.now,
        until=said.until,
    )
    work.session.add(row)
    work.session.flush()
    work.record(QuestionAsked(case=lot.case, lot=lot.no, signed=act.envelope, number=number, bid=said.bid, subject=act.payload_sha256))
    notice = Notice("bid_question.ask", Topic.TASK, lot.number, f"{lot.project_title} {lot.title}", f"/lots/{lot.number}/bid-questions")
    told = people.people_of(work.session, [OrgId(row.org_id)], Role.BIDDER)
    messages.tell(work, row.id, [(Telling(notice, Discretion.UNCOUNTED), told)])
    return {"number": number}


def _check_price(work: Work, room: LockedRoom, said: Question) -> None:
    """What is about a figure of the price can be asked when that price is open, and leaves one above nothing."""
    if said.kind is not Kind.LOW_PRICE and not said.correction:
        return
    bid = room.prices().get(said.bid) if room.row.technical is not None else None
    if bid is None or bid.price is None:
        raise RuleBroken("bid_question.price_shut")
    if said.correction and (bid.price + Decimal(said.correction) <= 0 or not _stays_above_nothing(work, room, said)):
        raise RuleBroken("bid_question.correction", "招标投标法实施条例 第五十二条")


def _stays_above_nothing(work: Work, room: LockedRoom, said: Question) -> bool:
    """Whether the evaluated price stays above 0 whatever is still answered and voted on."""
    known = priced(work, room).get(said.bid)
    if known is None:
        return True
    with_it = replace(known, corrections=[*known.corrections, Decimal(said.correction)])
    return weighings.weighings(work.session, room.row, room.lot).lowest(said.bid, with_it) > 0


def answer(work: Work, number: str, signed: SignedRequest, marked: Collection[str] = ()) -> dict[str, JSON]:
    """The bidder answers in time. `marked`: names of attached files in which the caller found marks of whose they are, looked for before
    this use case begins. Records QuestionAnswered.

    Raises NotFound for another bidder's question as for none, WrongState too late or twice, RuleBroken where text or file names its bidder
    while the review is blind.
    """
    lot = lots.by_number(work.session, number)
    expect = Expect("bid_question.answer", lot.case, lot.no, role=Role.BIDDER, step_up=True)
    return once(work, signed, expect, lambda act: _answer(work, lot, act, marked))


def _answer(work: Work, lot: LotView, act: Act, marked: Collection[str]) -> dict[str, JSON]:
    said = Answer.read(act.body)
    room = LockedRoom(work, lot)
    row = next((one for one in questions.asked(work.session, room.row.id) if one.payload_sha256 == said.question), None)
    if row is None or row.org_id != act.org:
        raise NotFound("bid_question.not_found")
    row.state = rules.MOVES.choose(rules.Action.ANSWER, row.state, frozenset({act.role}), rules.Facts(now=room.now, until=row.until))
    said.check(row.correction)
    for file in said.files:
        if uploads.complete(work.session, act.person, file.sha256).length != file.size:
            raise RuleBroken("bid_question.file", name=file.name)
    if room.row.technical is None:
        _stays_blind(work, OrgId(row.org_id), said, marked)
    row.answer, row.accepts, row.ended_at = said.text, said.accepts, room.now
    row.files = [file.to_json() for file in said.files]
    work.record(QuestionAnswered(case=lot.case, lot=lot.no, signed=act.envelope, number=row.number, bid=row.code, subject=said.question))
    go_on(work, room)
    return {"answered": True}


def _stays_blind(work: Work, org: OrgId, said: Answer, marked: Collection[str]) -> None:
    """Before the technical lock nothing in an answer may tell whose it is, as in a blind bid."""
    home = people.organisation(work.session, org)
    words = blind.words_of(home.name, home.uscc)
    if blind.text_marks(said.text, words):
        raise RuleBroken("bid_question.names_itself")
    for file in said.files:
        if file.name in marked or blind.name_marks(file.name, words):
            raise RuleBroken("bid_question.file_names_itself", name=file.name)


def find_late(work: Work, key: UUID) -> None:
    """The deadline has passed without an answer, which is recorded. Records QuestionOverdue."""
    found = work.session.get_one(BidQuestion, key)
    room = LockedRoom(work, lots.by_id(work.session, LotId(work.session.get_one(Evaluation, found.evaluation_id).lot_id)))
    row = lock(work.session, BidQuestion, BidQuestion.id == key)
    row.state = rules.MOVES.choose(rules.Action.LAPSE, row.state, SYSTEM, rules.Facts(now=room.now, until=row.until))
    row.ended_at = room.now
    work.record(QuestionOverdue(case=room.lot.case, lot=room.lot.no, number=row.number, bid=row.code, subject=row.payload_sha256))
    go_on(work, room)


# Prices


def close_prices(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The chair says that the opened prices were looked through, where the tender document has that done. Records PriceCheckClosed."""
    lot = lots.by_number(work.session, number)
    expect = Expect("price_check.close", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _close_prices(work, lot, act))


def _close_prices(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.CLOSE_PRICES, act)
    if act.body:
        raise RuleBroken("evaluation.body", field="body")
    room.row.prices_closed_at = room.now
    work.record(PriceCheckClosed(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)


def vote_price(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member votes whether a bid whose price was asked about stays; the last vote decides by majority. Records PriceVoteCast."""
    lot = lots.by_number(work.session, number)
    expect = Expect("price_matter.vote", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _vote_price(work, lot, act))


def _vote_price(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.seat_of(act.person)
    told = room.facts(seat.code)
    room.act(Action.VOTE_PRICE, act)
    body = PriceVoteBody.read(act.body, told.price_matters - told.price_voted)
    work.session.add(PriceVote(seat_id=seat.id, code=body.bid, stays=body.stays, reason=body.reason, at=room.now))
    work.record(PriceVoteCast(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)
