"""Questions to bidders through the services, on both databases: late, twice, another's; prices, corrections and votes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.identity.models.messages import InboxMessage
from core.kernel import chain, jcs
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.work import Door
from evaluation.domain.room import State
from evaluation.models.rooms import BlindCode
from evaluation.queries import question_page as queries
from evaluation.queries.report import report_data
from evaluation.queries.rooms import evaluation_id
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.people import Person
from tests.builders.stages import REVIEWING
from tests.builders.trading import tender

LIMITS = {"of_mean": "50", "of_second_lowest": "50", "of_ceiling": "45"}


def _priced(door: Door, clock_file: Path) -> Room:
    """Four bids passed, and the document has their prices looked through and held against limits."""
    with pytest.MonkeyPatch.context() as patch:
        room = Room(tender(door, clock_file), OpenedBids().put(patch))
        return room.ready(4, review={"checks": [], "low_price": LIMITS, "price_check": True}).locked()


PRICED = Beginning("prices are to be looked through", _priced)
pytestmark = [pytest.mark.begins(REVIEWING), pytest.mark.sqlite_alone]


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def bodies(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


def behind(door: Door, room: Room, code: str) -> Person:
    """The bidder behind a code name, whom nobody may know yet."""
    org = door.read(lambda session: session.scalars(select(BlindCode.org_id).where(BlindCode.code == code)).one())
    return room.bidder_of(OrgId(org))


@pytest.mark.on_both
def test_a_question_reaches_its_bidder_alone_and_holds_up_what_follows_until_it_is_answered(room: Room, door: Door) -> None:
    code = room.codes[0]
    bidder = behind(door, room, code)
    other = next(one for one in room.tender.bidders if one is not bidder)
    asked = room.ask(code)
    for who in room.members:
        room.review(who)
    assert room.view(room.members[0]).state is State.PRELIMINARY
    told = door.read(lambda session: set(session.scalars(select(InboxMessage.person_id).where(InboxMessage.words == "bid_question.ask"))))
    assert told == {bidder.person}
    [question] = door.read(lambda session: queries.own(session, bidder.org, room.number)).questions
    assert question.sha256 == asked and question.is_open
    assert len(door.read(lambda session: queries.waiting(session, bidder.actor))) == 1
    assert door.read(lambda session: queries.waiting(session, other.actor)) == ()
    with pytest.raises(NotFound):
        door.read(lambda session: queries.own(session, other.org, room.number))
    assert refused(NotFound, room.answer_question, other, asked) == "bid_question.not_found"
    assert refused(NotAllowed, room.answer_question, room.members[0], asked) == "act.role"
    assert refused(RuleBroken, room.answer_question, bidder, asked, accepts="yes") == "bid_question.accepts"
    room.answer_question(bidder, asked)
    assert refused(WrongState, room.answer_question, bidder, asked) == "bid_question.answer.wrong_state"
    assert room.view(room.members[0]).state is State.TECHNICAL
    assert bodies(door, room, "bid_question.answer")[0]["question"] == asked


def test_nothing_in_an_answer_tells_whose_it_is_while_the_review_is_blind(room: Room, door: Door) -> None:
    code = room.codes[1]
    bidder = behind(door, room, code)
    asked = room.ask(code)
    assert refused(RuleBroken, room.answer_question, bidder, asked, text=f"{bidder.org_name} 承诺按期完工") == "bid_question.names_itself"
    assert refused(RuleBroken, room.answer_question, bidder, asked, text="请致电 13900001111") == "bid_question.names_itself"
    file = room.tender.upload(b"%PDF-1.7 proof", bidder) | {"name": "依据.pdf"}
    assert (
        refused(RuleBroken, room.answer_question, bidder, asked, frozenset({"依据.pdf"}), files=[file]) == "bid_question.file_names_itself"
    )
    named = [file | {"name": f"{bidder.org_name}.pdf"}]
    assert refused(RuleBroken, room.answer_question, bidder, asked, files=named) == "bid_question.file_names_itself"
    assert refused(NotFound, room.answer_question, bidder, asked, files=[file | {"sha256": "ee" * 32}]).startswith("upload")
    room.answer_question(bidder, asked, files=[file])
    page = door.read(lambda session: queries.page(session, room.members[2].actor, room.number))
    assert page.questions[0].files[0].name == "依据.pdf" and page.questions[0].bid == code
    watcher = room.tender.supervisor
    for who in (watcher, room.tender.centre, room.tender.tenderer):
        with pytest.raises(Refusal):
            door.read(lambda session, who=who: queries.page(session, who.actor, room.number))


@pytest.mark.on_both
def test_the_chair_alone_asks_members_propose_and_silence_is_recorded(room: Room, door: Door) -> None:
    code, member = room.codes[0], room.members[3]
    room.propose(member, code)
    assert refused(WrongState, room.ask, code, who=member) == "bid_question.chair"
    assert refused(NotAllowed, room.propose, room.tender.centre, code) == "act.role"
    assert refused(RuleBroken, room.ask, "T-00") == "bid_question.bid"
    assert refused(RuleBroken, room.ask, code, "low_price") == "bid_question.price_shut"
    assert refused(RuleBroken, room.ask, code, until="2020-01-01T00:00:00.000Z") == "bid_question.until"
    asked = room.ask(code)
    assert room.lapse() == 0
    room.tender.jump(room.tender.now + timedelta(hours=1))
    assert refused(WrongState, room.answer_question, behind(door, room, code), asked) == "bid_question.late"
    assert (room.lapse(), room.lapse()) == (1, 0)
    assert bodies(door, room, "bid_question.overdue") == [{"number": 1, "bid": code}]


def _open_prices(room: Room) -> list[str]:
    """Prices of G10, a hundredfold: 1,000,000; 960,000; 940,000; 420,000 yuan; returns the code names in that order."""
    yuan = ("100000000.00", "96000000.00", "94000000.00", "42000000.00")
    for org, price in zip(room.opened.asked, yuan, strict=True):
        room.opened.price(org, price)
    room.prices_in()
    mapped = room.view(room.members[0]).map
    assert mapped is not None
    by_org = {one.org: code for code, one in mapped.items()}
    return [by_org[org] for org in room.opened.asked]


@pytest.mark.begins(PRICED)
def test_g10_in_the_room_a_low_price_is_flagged_explained_and_voted_on(room: Room, door: Door) -> None:
    codes = _open_prices(room)
    cheap, first = codes[3], room.members[0]
    assert room.view(first).state is State.COMMERCIAL  # nothing is added up before the prices were looked through
    bidder = room.bidder_of(room.opened.asked[0])
    asked = room.ask(codes[0], "arithmetic", rule="words", correction="-60000.00")
    assert refused(WrongState, room.close_prices) == "bid_question.still_open"
    room.answer_question(bidder, asked, accepts="yes")
    assert refused(WrongState, room.close_prices, room.members[4]) == "bid_question.chair"
    room.close_prices()
    assert bodies(door, room, "low_price.flag") == [{"bids": {cheap: ["second_lowest", "ceiling"]}}]
    assert refused(WrongState, room.vote_price, first, cheap, True) == "price_matter.not_due"
    enquiry = room.ask(cheap, "low_price")
    room.answer_question(room.bidder_of(room.opened.asked[3]), enquiry, text="自有砂石料场，附成本测算。")
    assert refused(RuleBroken, room.vote_price, first, codes[0], True) == "price_matter.bid"
    for place, who in enumerate(room.members):
        assert room.view(first).state is State.COMMERCIAL
        room.vote_price(who, cheap, place > 3)
    [result] = bodies(door, room, "price_matter.result")
    assert result == {"bid": cheap, "stays": False, "against": ["1", "2", "3", "4"], "keeping": ["5", "6", "7"]}
    document = bodies(door, room, "summary")[0]["document"]
    rows = {row["id"]: row for row in document["bids"]}
    assert rows[cheap]["rejected"] and rows[codes[0]]["adjustments"] == [{"kind": "correction", "value": "-60000.00", "reason": "words"}]
    assert not any(row["bid"] == cheap for row in bodies(door, room, "summary")[0]["result"]["rows"])
    key = door.read(lambda session: evaluation_id(session, room.tender.lot_id))
    said = door.read(lambda session: report_data(session, key)).fields  # type: ignore[arg-type]
    assert [one["kind"] for one in said["questions"]] == ["arithmetic", "low_price"] and len(said["price_matters"][0]["votes"]) == 7


@pytest.mark.begins(PRICED)
@pytest.mark.on_both
def test_a_correction_that_is_refused_is_voted_on_and_too_few_prices_left_are_put_to_the_committee(room: Room, door: Door) -> None:
    codes = _open_prices(room)
    for place in (0, 1):
        asked = room.ask(codes[place], "arithmetic", rule="unit_price", correction="5000.00")
        room.answer_question(room.bidder_of(room.opened.asked[place]), asked, accepts="no")
    room.close_prices()
    enquiry = room.ask(codes[3], "low_price")
    room.tender.jump(room.tender.now + timedelta(hours=1))
    assert room.lapse() == 1 and enquiry
    for bid, stays in ((codes[0], False), (codes[1], False), (codes[3], True)):
        for who in room.members:
            room.vote_price(who, bid, stays)
    assert room.view(room.members[0]).state is State.COMMERCIAL
    for who in room.members:
        room.vote_competition(who, True, "prices")
    assert bodies(door, room, "competition.result")[0] | {"votes": {}} == {
        "stage": "prices",
        "standing": 2,
        "votes": {},
        "outcome": "lacking",
    }
    assert bodies(door, room, "summary")[0]["result"]["candidates"] == []
