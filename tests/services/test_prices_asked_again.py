"""A member is replaced and other bids go on than before: the price of one that newly passes is opened by the same procedure, one that is
out now stays in the record and out of the calculation. Nothing stood in for, on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.kernel import jcs, outbox
from core.kernel.errors import NotFound, WrongState
from core.kernel.jcs import JSON
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.room import State
from tests.builders.bids import Hall, hall
from tests.builders.evaluation import TWO_STAGES, OpenedBids, Room
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.services.openings.steps import closed, refused
from trading.domain.bid import EnvelopeState
from trading.queries import opened, openings_due, release_requests
from trading.queries import openings as opening_queries
from trading.services import halls, openings

pytestmark = pytest.mark.sqlite_alone

DOUBT = "formality.signature"


@pytest.fixture
def opening(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """Five bids opened on their technical side, the record signed and the opening closed."""
    made = hall(tender(door, clock_file), tmp_path, method=TWO_STAGES)
    made.tender.join_bidders(5)
    for number, bidder in enumerate(made.tender.bidders, 1):
        made.seal(bidder, price=f"13{number}000000.00")
    made.decrypting(*made.tender.bidders)
    for bidder in made.tender.bidders:
        made.release(bidder)
    made.batch()
    return closed(made)


def voted(room: Room, against: Mapping[str, int]) -> None:
    """So many of the seven vote against each bid."""
    for place, who in enumerate(room.members):
        room.vote_rejection(who, {bid: "no_signature" if place < count else "stays" for bid, count in against.items()})


def prices_opened(made: Hall, round_: int, bidders: list[Person]) -> None:
    made.grow()
    for bidder in bidders:
        made.release(bidder, "commercial", round_=round_)
    made.batch(round_)


def asks_the_office(made: Hall, silent: Person) -> None:
    """The bidder stays silent: the offices' tools are asked, on the ground of the second technical lock and of the request after it."""
    until = made.view(round_=3).release_until
    assert until is not None
    made.tender.jump(until)
    centre = made.officers["centre"]
    [asked] = made.tender.door.read(lambda session: release_requests.pending(session, centre.actor, "centre", (), made.tender.now))
    assert asked.round == 3 and [one.bidder for one in asked.request.asked] == [str(silent.org)]
    locks, events = made.find("technical.lock"), asked.request.events
    assert jcs.parse_object(events["technical.lock"].data) == jcs.parse_object(locks[1].data)


@pytest.mark.on_both
def test_the_price_of_a_bid_that_newly_passes_is_opened_and_that_of_one_now_out_is_not_counted(opening: Hall, door: Door) -> None:
    room = Room(opening.tender, OpenedBids())
    room.fill_pool(11)
    room.reviewing()
    first, second = room.codes[:2]
    for place, who in enumerate(room.members):
        room.review(who, [(first, DOUBT), (second, DOUBT)] if place == 0 else ())
    voted(room, {first: 4, second: 3})
    for who in room.members:
        room.submit(who)
    room.open_map()
    out, doubted = room.org_of(first), room.org_of(second)
    by_org = {bidder.org: bidder for bidder in room.tender.bidders}
    prices_opened(opening, 1, [bidder for org, bidder in by_org.items() if org != out])
    outbox.deliver(door, jobs.topics(opening.files))
    assert room.view(room.tender.supervisor).state is State.SIGNING

    room.replace(room.tender.centre, "7")
    room.review(room.succeed(7))
    voted(room, {first: 3, second: 4})
    for who in room.members:
        room.submit(who)
    room.open_map()
    view = room.view(room.tender.supervisor)
    assert view.state is State.COMMERCIAL  # it waits for the one price
    late = by_org[out]
    refused("opening.not_witnessed", WrongState, lambda: opening.release(late, "commercial", round_=3))
    opening.grow()
    refused("opening.release.none_asked", NotFound, lambda: opening.release(by_org[doubted], "commercial", round_=3))
    asks_the_office(opening, late)
    for office in ("centre", "supervisor"):
        opening.rescue(office, late, "commercial", round_=3)
    asked = [jcs.parse_object(one.envelope.payload) for one in opening.find("opening.request")]
    assert [one["round"] for one in asked] == [1, 3] and [len(one["body"]["passed"]) for one in asked] == [4, 1]  # type: ignore[call-overload, index]
    hall_now = opening.batch(3)
    assert [bid.org for bid in hall_now.bids] == [out] and hall_now.round == 3
    assert {bid.org for bid in opening.view(round_=1).bids} == set(by_org) - {out}  # the first record stays as it was
    outbox.deliver(door, jobs.topics(opening.files))
    view = room.view(room.tender.supervisor)
    assert view.state is State.SIGNING and view.result is not None and view.scoring_case is not None
    assert second not in {row["bid"] for row in view.result["rows"]} and first in {row["bid"] for row in view.result["rows"]}
    assert second not in {bid["id"] for bid in view.scoring_case["bids"]}
    prices = door.read(lambda session: opened.prices(session, room.tender.lot_id))
    assert set(prices) == set(by_org)  # what was read out stays read out


def test_a_later_opening_takes_shares_and_ends_with_a_record_of_its_own(opening: Hall, door: Door) -> None:
    a, b, c, d, e = opening.tender.bidders
    opening.tender.step(openings.request_commercial, [a.org, b.org])
    opening.grow()
    opening.release(a, "commercial", round_=1)  # b is silent: its window runs while the other opening is asked for
    opening.tender.step(openings.request_commercial, [d.org])
    opening.grow()
    until = opening.view(round_=3).release_until
    assert until is not None
    opening.tender.jump(until)
    assert door.read(lambda session: openings_due.batches(session, opening.tender.now)) == []  # shares may come to both
    for office in ("centre", "supervisor"):
        opening.rescue(office, d, "commercial", round_=3)
    assert door.read(lambda session: openings_due.batches(session, opening.tender.now)) == [opening.opening_id(3)]
    assert len(opening.batch(3).opened) == 1
    known = door.read(lambda session: opened.bids_for_evaluation(session, opening.tender.lot_id))
    states = {bid.org: dict(bid.envelopes)["commercial"] for bid in known}
    assert states[d.org] is EnvelopeState.OPENED and states[b.org] is EnvelopeState.LOCKED
    assert states[c.org] is states[e.org] is EnvelopeState.SHUT
    opening.read_out(3)
    until = opening.view(round_=3).objection_until
    assert until is not None
    opening.tender.jump(until)
    opening.draw_up(3)
    record = jcs.parse_object(door.read(lambda session: opening_queries.record(session, opening.number, "commercial", 3)))
    assert record["round"] == 3 and [one["name"] for one in record["bidders"]] == [d.org_name]  # type: ignore[index, call-overload, union-attr]
    body: dict[str, JSON] = {"record_sha256": opening.view(round_=3).record_sha256}
    opening.act(halls.sign_record, opening.tender.centre, "opening.record.sign", body, step_up=True, round=3)
    opening.act(halls.close, opening.tender.centre, "opening.close", body, step_up=True, round=3)
    for again in ([d.org], [a.org], [opening.tender.tenderer.org], []):  # open, asked for already, no bidder, nobody
        refused("opening.request.again", WrongState, lambda again=again: opening.tender.step(openings.request_commercial, again))
