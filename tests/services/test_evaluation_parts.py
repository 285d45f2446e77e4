"""Sheets of several parts, methods without technical criteria, and the code names that two persons open."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from core.kernel import streams
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from evaluation.domain.room import State
from evaluation.models.blind import BlindOpening
from evaluation.queries import rooms as queries
from evaluation.services import blind
from tests.builders.blind_maps import sign_map
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import method_part, tender

pytestmark = pytest.mark.sqlite_alone

MOST = {"plan": "30", "terms": "10", "record": "5"}
PARTS = method_part(
    price={"kind": "lowest_ratio", "max": "55", "weight": "1"},
    criteria=[
        {"id": name, "part": part, "max": MOST[name], "weight": "1"}
        for name, part in (("plan", "technical"), ("terms", "commercial"), ("record", "credit"))
    ],
    part_minimum={"technical": "18"},
)
LOWEST = {"method": "lowest_price", "price_ceiling": "150000000.00", "price": {"kind": "none"}, "criteria": [], "candidates": 3}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> OpenedBids:
    return OpenedBids().put(monkeypatch)


@pytest.fixture
def room(door: Door, clock_file: Any, opened: OpenedBids) -> Room:
    return Room(tender(door, clock_file), opened)


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def sheet(bids: Any, criterion: str, **others: str) -> list[dict[str, Any]]:
    return [{"bid": bid, "scores": {criterion: others.get(bid.replace("-", ""), MOST[criterion])}, "reasons": {}} for bid in bids]


def price_all(room: Room) -> None:
    for place, org in enumerate(room.opened.bids):
        room.opened.price(org, f"{130 + place}000000.00")


@pytest.mark.on_both
def test_the_code_names_are_opened_by_two_persons_and_by_nobody_before(room: Room, opened: OpenedBids, door: Door) -> None:
    room.ready(bidders=4).sealed()
    one, member = room.tender, room.members[0]
    asked = dict(room.view(one.centre).to_open or {})
    for who in (one.tenderer, member):
        assert refused(NotAllowed, room.signed, who, "blind.open", asked, blind.open_map, step_up=True) == "room.open_map.not_allowed"
    assert refused(RuleBroken, sign_map, room, one.centre, result_sha256="ab" * 32) == "blind.open.other"
    assert sign_map(room, one.centre) == {"state": "locked"}
    assert refused(WrongState, sign_map, room, one.centre) == "blind.open.twice"
    assert all(room.view(who).map is None for who in (one.centre, one.supervisor, member)) and opened.asked == []
    assert room.view(member).to_open is None and room.view(member).technical is not None
    orgs = [str(bidder.org) for bidder in one.bidders]
    for audience in ("committee", "host", "supervisor", "tenderer"):
        heard = door.read(lambda session, audience=audience: streams.since(session, room.case, audience, 0))
        assert not [org for org in orgs for said in heard if org in str(said)], audience
    assert sign_map(room, one.supervisor) == {"state": "commercial"}
    assert room.view(one.supervisor).map is not None and len(opened.asked) == 4
    assert refused(WrongState, sign_map, room, one.supervisor) == "room.open_map.wrong_state"


def test_the_same_person_does_not_open_them_for_both_offices(room: Room) -> None:
    room.ready(bidders=4).sealed()
    one = room.tender
    sign_map(room, one.centre)
    one.door.perform(one.centre.actor, lambda work: work.session.execute(update(BlindOpening).values(person_id=one.supervisor.person)))
    assert refused(RuleBroken, sign_map, room, one.supervisor) == "blind.open.same_person"


@pytest.mark.on_both
def test_commercial_and_credit_sheets_are_signed_while_the_prices_open(room: Room, opened: OpenedBids, door: Door) -> None:
    one = ready(room, PARTS)
    codes = one.codes
    weak = codes[0]
    for who in one.members:
        one.submit(who, sheet(codes, "plan", **{weak.replace("-", ""): "12"}))
    assert refused(WrongState, one.submit, one.members[0], sheet(codes[1:], "terms"), part="commercial") == "room.submit_sheet.wrong_state"
    one.open_map()
    assert one.view(one.tender.centre).state is State.COMMERCIAL and len(opened.asked) == 3
    first, *others = one.members
    assert one.view(first).part == "commercial"
    assert refused(RuleBroken, one.submit, first, sheet(codes[1:], "record"), part="credit") == "score.part"
    assert refused(RuleBroken, one.submit, first, sheet(codes, "terms"), part="commercial") == "score.bid_unknown"
    one.submit(first, sheet(codes[1:], "terms"), part="commercial")
    own = door.read(lambda session: queries.own_sheet(session, first.actor, one.number))
    assert own.part == "credit" and [row.code for row in own.rows] == list(codes[1:]) and not own.is_submitted
    price_all(one)
    one.prices_in()
    one.submit(first, sheet(codes[1:], "record"), part="credit")
    assert refused(WrongState, one.submit, first, sheet(codes[1:], "record"), part="credit") == "score.submit.twice"
    told = door.read(lambda session: queries.all_sheets(session, others[0].actor, one.number))
    assert {row["part"] for rows in told.values() for row in rows} == {"technical"}  # nobody sees another's while they are due
    for who in others:
        assert one.view(one.tender.supervisor).state is State.COMMERCIAL
        for part, criterion in (("commercial", "terms"), ("credit", "record")):
            one.submit(who, sheet(codes[1:], criterion), part=part)
    view = one.view(one.tender.supervisor)
    assert view.state is State.SUMMARY and view.result is not None and view.scoring_case is not None
    assert view.result["rejected"] == [{"bid": weak, "code": "below_minimum"}]
    assert all(row["criteria"] == {"plan": "30.00", "terms": "10.00", "record": "5.00"} for row in view.result["rows"])
    assert {row["scores"]["terms"] for row in view.scoring_case["sheets"] if row["bid"] == weak} == {"0"}


def test_when_no_price_envelope_opens_nobody_has_to_go_on_scoring(room: Room, opened: OpenedBids) -> None:
    one = ready(room, PARTS)
    for who in one.members:
        one.submit(who, sheet(one.codes, "plan"))
    one.open_map()
    one.submit(one.members[0], sheet(one.codes, "terms"), part="commercial")
    for org in list(opened.bids):
        opened.fail(org)
    one.prices_in()
    view = one.view(one.tender.supervisor)
    assert view.state is State.SUMMARY and view.result is not None and view.result["rows"] == []


def test_a_method_by_the_lowest_price_has_no_sheets_at_all(room: Room) -> None:
    one = ready(room, LOWEST, envelopes=[{"env": "bid", "title": "投标文件"}])
    price_all(one)
    assert one.view(one.tender.centre).state is State.LOCKED
    one.open_map()
    view = one.view(one.tender.supervisor)
    assert view.state is State.SUMMARY and view.result is not None and view.technical is not None
    assert [row["rank"] for row in view.result["rows"]] == [1, 2, 3, 4] and view.technical["points"] == {}
    assert refused(WrongState, one.submit, one.members[0], []) == "room.submit_sheet.wrong_state"


def ready(room: Room, method: dict[str, Any], **document: Any) -> Room:
    """The room under this method, after the preliminary review."""
    room._to_bidding = lambda plan, _terms: Room._to_bidding(room, plan, {"method": method} | document)  # type: ignore[method-assign]
    return room.ready(4).scoring()
