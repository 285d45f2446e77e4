"""The price envelopes of those who passed, and of nobody else; on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.errors import NotFound, RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.work import Door
from tests.builders.bids import Hall, hall, pack
from tests.builders.trading import tender
from tests.services.openings.steps import closed, refused
from trading.domain.bid import EnvelopeState
from trading.domain.opening import OpeningState
from trading.models.bid import Bid, BidEnvelope, ShareBox
from trading.queries import opened, openings_due
from trading.services import boxes
from trading.services import openings as services

pytestmark = pytest.mark.sqlite_alone


def test_only_the_price_envelopes_of_those_who_passed_are_ever_opened(read: Hall) -> None:
    a, b, c, _ = closed(read).tender.bidders
    lot = read.tender.lot.id
    with pytest.raises(WrongState, match=r"opening.prices.shut"):
        read.tender.door.read(lambda session: opened.prices(session, lot))
    assert all(bid.price is None for bid in read.tender.door.read(lambda session: opened.bids_for_evaluation(session, lot)))
    read.tender.step(services.request_commercial, [a.org, c.org])
    refused("opening.not_witnessed", WrongState, lambda: read.release(a, "commercial", round_=1))
    read.grow()
    refused("opening.release.none_asked", NotFound, lambda: read.release(b, "commercial", round_=1))
    read.release(a, "commercial", round_=1)
    read.after_window()
    refused("opening.rescue.unknown_key", NotFound, lambda: read.rescue("centre", b, "commercial", round_=1))
    read.rescue("centre", c, "commercial", round_=1)
    read.rescue("supervisor", c, "commercial", round_=1)
    view = read.batch(1)
    assert {bid.org for bid in view.bids} == {a.org, c.org}
    prices = read.tender.door.read(lambda session: opened.prices(session, lot))
    assert prices == {a.org: Money.yuan("131000000.00"), c.org: Money.yuan("133000000.00")}
    states = read.tender.door.read(
        lambda s: {bid.org_id: e.state for e, bid in s.execute(select(BidEnvelope, Bid).join(Bid)) if e.env == "commercial"}
    )
    assert states[b.org] is EnvelopeState.SHUT
    assert read.tender.door.read(
        lambda session: {m.bid_pub for m in session.scalars(select(BidEnvelope)) if m.pt_sha256 and m.env == "commercial"}
    ) == {
        read.kept[a.org, 1, "commercial"].bid_pub,
        read.kept[c.org, 1, "commercial"].bid_pub,
    }


@pytest.mark.on_both
def test_price_envelopes_are_asked_for_once_and_of_opened_bids_alone(read: Hall) -> None:
    a, *_, d = closed(read).tender.bidders
    refused("opening.request.not_opened", RuleBroken, lambda: read.tender.step(services.request_commercial, [d.org]))
    read.tender.step(services.request_commercial, [a.org])
    refused("opening.request.again", WrongState, lambda: read.tender.step(services.request_commercial, [a.org]))


def test_nobody_passed_means_nothing_to_open(read: Hall) -> None:
    closed(read)
    read.tender.step(services.request_commercial, [])
    view = read.batch(1)
    assert view.bids == () and view.state is OpeningState.READ_OUT


def test_a_lot_with_one_envelope_reads_out_prices_at_once(door: Door, clock_file: Path, tmp_path: Path) -> None:
    from tests.builders.trading import method_part

    one = method_part(criteria=[{"id": "method", "part": "commercial", "max": "40", "weight": "1"}], part_minimum={})
    room = hall(tender(door, clock_file), tmp_path, envelopes=[{"env": "bid", "title": "投标文件"}], method=one)
    room.tender.join_bidders(3)
    for bidder in room.tender.bidders:
        envelope = room.make(bidder, "bid", plain=pack({"price": "120000000.00"}, {"bid.pdf": b"%PDF"}, room.folder))
        room.hand_in(bidder, room.parts(bidder, [envelope]))
        room.kept[bidder.org, 1, "bid"] = envelope
    room.decrypting(*room.tender.bidders)
    for bidder in room.tender.bidders:
        room.release(bidder, "bid")
    room.batch()
    lot = room.tender.lot.id
    prices = room.tender.door.read(lambda session: opened.prices(session, lot))
    assert set(prices.values()) == {Money.yuan("120000000.00")} and len(prices) == 3
    refused("opening.request.one_envelope", WrongState, lambda: room.tender.step(services.request_commercial, []))


@pytest.mark.on_both
def test_at_the_close_of_the_case_the_boxes_are_forgotten(read: Hall) -> None:
    from trading.models.project import Project

    a, *_ = closed(read).tender.bidders
    read.tender.step(services.request_commercial, [a.org])
    project = read.tender.door.read(lambda session: session.scalars(select(Project.id)).one())
    refused("project.not_closed", WrongState, lambda: read.perform(None, lambda work: boxes.forget(work, project)))

    def end(work: Any) -> None:
        work.session.get(Project, project).closed_at = work.now()

    read.perform(None, end)
    now = read.tender.now
    assert read.tender.door.read(lambda session: openings_due.closed_cases(session, now)) == [project]
    read.perform(None, lambda work: boxes.forget(work, project))
    assert read.tender.door.read(lambda session: session.scalars(select(ShareBox.id)).all()) == []
    assert read.tender.door.read(lambda session: openings_due.closed_cases(session, now)) == []
    kept = read.tender.door.read(lambda session: {e.state for e in session.scalars(select(BidEnvelope)) if e.bidder_box})
    assert kept == {EnvelopeState.OPENED}
