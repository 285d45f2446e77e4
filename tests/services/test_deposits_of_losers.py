"""Deposits of those who lost: in procurement and in some regions the award notice frees them, each by the law's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.kernel.work import Door
from tests.builders.bids import Hall, hall_of
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading import Tender, tender
from trading.domain.lot import LotState
from trading.services import awards, lots

pytestmark = pytest.mark.sqlite_alone


@contextmanager
def opened(made: Tender, clock_file: Path, folder: Path) -> Iterator[tuple[Hall, World]]:
    """Four firms have paid and bid, and the lot is opened."""
    made.publish_document()
    made.publish_notice()
    assert made.lot.release_at is not None
    made.jump(made.lot.release_at)
    made.step(lots.open_bidding)
    room = hall_of(made, folder)
    with build(made.door, clock_file, folder) as world:
        world.number, world.lot, world.crowd = room.number, made.lot_id, made.crowd
        world.firms = made.join_bidders(4)
        for firm in world.firms:
            world.register(firm)
        world.paid(*world.firms)
        for firm in world.firms:
            room.seal(firm)
        room.close()
        room.grow()
        room.start()
        made.step(lots.begin_evaluation)
        yield room, world


def told(world: World) -> list[tuple[str, str]]:
    return [(view.state, view.refunds[0].reason if view.refunds else "") for view in map(world.view, world.firms)]


def award(made: Tender, world: World, candidates: int) -> None:
    """The first firm wins; the first so many are candidates."""
    made.accept_report([firm.org for firm in world.firms[:candidates]])
    made.publish_candidates()
    made.end_publicity()
    if made.lot.state is not LotState.AWARDED:  # where the first in rank has not won by itself
        made.step(awards.accept_award_decision, world.firms[0].org, "ef" * 32)
    made.send_award_notice()


def test_in_chongqing_the_award_notice_frees_who_is_no_candidate(door: Door, clock_file: Path, tmp_path: Path) -> None:
    made = tender(door, clock_file)
    made.registered(region="重庆市")
    made.fix_plan()
    with opened(made, clock_file, tmp_path) as (_, world):
        award(made, world, 3)
        assert told(world) == [("locked", "")] * 3 + [("refund_due", "award_lost")]
        noticed = made.lot.award_notice_at
        assert noticed is not None
        assert world.view(world.firms[3]).refunds[0].due_at == made.lot.law.ends_at("T19", noticed)
        made.sign_contract(made.tenderer)
        made.sign_contract(world.firms[0])
        assert [reason for _, reason in told(world)] == ["contract_signed"] * 3 + ["award_lost"]
        world.send()
        world.read_notices()
        assert {state for state, _ in told(world)} == {"refunded"}


def test_in_procurement_the_award_notice_frees_all_who_lost(door: Door, clock_file: Path, tmp_path: Path) -> None:
    made = tender(door, clock_file, "government_procurement")
    made.registered()
    made.fix_plan("RANK_ONE")
    with opened(made, clock_file, tmp_path) as (_, world):
        award(made, world, 3)
        assert told(world) == [("locked", "")] + [("refund_due", "award_lost")] * 3
        noticed = made.lot.award_notice_at
        assert noticed is not None
        assert {world.view(firm).refunds[0].due_at for firm in world.firms[1:]} == {made.lot.law.ends_at("T16", noticed)}


def test_elsewhere_they_wait_for_the_contract(door: Door, clock_file: Path, tmp_path: Path) -> None:
    made = tender(door, clock_file)
    made.registered()
    made.fix_plan()
    with opened(made, clock_file, tmp_path) as (_, world):
        award(made, world, 3)
        assert told(world) == [("locked", "")] * 4
