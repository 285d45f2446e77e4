"""A plan that has the result published after the award: the committee sits first, nobody else learns of the candidates before."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal
from core.kernel.work import Door
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import begins, planned
from tests.builders.trading import DAY, tender
from trading.domain.lot import LotAction, LotState
from trading.queries import ocds
from trading.queries.lot_page import LotPage, lot_page
from trading.services import publicity

DECIDING = begins("the result is published after the award", lambda room: planned(room, publicity="after_award").ready().deciding())
pytestmark = [pytest.mark.begins(DECIDING), pytest.mark.sqlite_alone]


def code(act: object, *given: object, **more: object) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


def page(room: Room, who: Person) -> LotPage:
    return room.tender.door.read(lambda session: lot_page(session, room.number, who.actor, room.tender.now))


def decided(room: Room) -> Room:
    room.voting()
    for who in room.award_members:
        room.ballot(who, room.candidates[0])
    for who in room.signatories():
        room.close_register(who)
    assert room.draft_award()
    for who in room.signatories():
        room.sign_award(who)
    return room


def test_the_committee_sits_before_anything_is_published_and_the_result_follows(room: Room) -> None:
    world = room.tender
    assert world.lot.state is LotState.EVALUATED
    assert code(world.publish_candidates, winner=room.candidates[0], result_sha256="0" * 64) == "lot.publish_result.wrong_state"
    assert "lot.publicity.after_award" in [one.refusal.code for one in page(room, world.tenderer).hindrances]
    room.open_award()
    assert world.lot.state is LotState.AWARD_DECIDING and code(room.open_award) == "award.open.lot_state"
    assert LotAction.PUBLISH_RESULT not in page(room, world.tenderer).available


@pytest.mark.on_both
def test_the_result_is_published_with_its_winner_and_stands_when_the_publicity_is_over(room: Room) -> None:
    world, winner = decided(room).tender, room.candidates[0]
    bidder = world.bidders[0]
    assert world.lot.state is LotState.AWARD_DECIDING and str(world.lot.winner_org) == winner
    assert page(room, bidder).candidates == () and LotAction.PUBLISH_RESULT in page(room, world.tenderer).available
    shown = world.door.read(lambda session: ocds.public_lot(session, world.lot_id))
    assert shown.candidates == () and shown.winner is None
    assert code(world.send_award_notice).endswith("wrong_state")
    assert code(world.publish_candidates, winner=room.candidates[1]) == "publicity.result_other"
    assert code(world.publish_candidates, result_sha256="0" * 64) == "publicity.result_other"
    world.publish_candidates()
    assert world.lot.state is LotState.CANDIDATES_PUBLISHED and len(page(room, bidder).candidates) == len(room.candidates)
    assert code(world.step, publicity.end) == "lot.publicity.running"
    world.end_publicity()
    assert world.lot.state is LotState.AWARDED and str(world.lot.winner_org) == winner
    world.send_award_notice()
    assert world.lot.state is LotState.NOTICE_SENT


def test_the_three_days_count_from_the_award(room: Room) -> None:
    world = room.tender
    world.jump(world.now + 5 * DAY)  # since the report
    decided(room)
    terms = {term.rule.code: term for term in page(room, world.tenderer).terms}
    assert terms["T10"].anchor_at == world.lot.awarded_at
    world.jump(world.now + 8 * DAY)
    today = legal_day(world.now)
    assert terms["T10"].day is not None and terms["T10"].day < today
    assert code(world.publish_candidates) == "publicity.late_unexplained"
    world.publish_candidates(late_reason="法定代表人外出")


@pytest.mark.begins(None)
def test_a_plan_whose_benchmark_is_the_ceiling_needs_one_in_the_document(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).registered()
    world.fix_plan("PRICE_COMPETITION", price={"goal": "nearest", "mark": "ceiling", "factor": "0.97"})
    assert code(world.publish_document, ceiling="0.00") == "document.ceiling_missing"
    world.publish_document()
