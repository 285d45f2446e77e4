"""A lot that failed is tendered again: the new one names it, and says so to everybody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from tests.builders.orders import terminate
from tests.builders.trading import NO_CASE, Tender, tender
from trading.domain.failure import FailureReason
from trading.domain.notice import NoticeKind
from trading.models.ocds import OcdsRelease
from trading.queries import notices
from trading.queries.lot_page import lot_page
from trading.services import lots as lot_services
from trading.services.notices import announce_failure


def failed(world: Tender) -> Tender:
    """Nobody bid, which is published."""
    world.close_bidding([])
    world.step(lambda work, lot: announce_failure(work, lot_services.hold_by_id(work, lot), FailureReason.TOO_FEW))
    return world


def again(world: Tender, predecessor: str) -> Tender:
    """A new project whose one lot names its predecessor, registered."""
    return replace(world, case=NO_CASE).registered(lots=[{"no": "1", "title": "一标段", "predecessor": predecessor}])


def retender(number: str, attempt: int) -> dict[str, Any]:
    """What the notice says of it."""
    return {"retender": {"predecessor": number, "round": attempt}}


def test_a_failed_lot_is_tendered_again_and_the_second_failure_says_what_the_law_allows(door: Door, clock_file: Path) -> None:
    first = failed(tender(door, clock_file).bidding())
    second = again(first, first.number)
    second.fix_plan()
    second.publish_document()
    for wrong in ({}, retender(first.number, 3), retender(second.number, 2)):
        with pytest.raises(RuleBroken, match=r"notice\.retender_other"):
            second.publish_notice(**wrong)
    second.publish_notice(**retender(first.number, 2))
    assert (second.lot.predecessor, second.lot.attempt) == (first.number, 2)
    shown = door.read(lambda session: lot_page(session, first.number, first.tenderer.actor, first.now))
    assert shown.successor == second.number
    assert second.lot.deadline is not None and first.lot.deadline is not None and second.lot.deadline > first.lot.deadline
    release = door.read(lambda session: session.scalars(select(OcdsRelease).where(OcdsRelease.case_id == second.case)).first())
    assert release is not None and release.body["relatedProcesses"][0]["relationship"] == ["prior"]  # type: ignore[call-overload, index]
    assert second.lot.release_at is not None
    second.jump(second.lot.release_at)
    second.step(lot_services.open_bidding)
    failed(second)
    lines = door.read(lambda session: notices.of_lot(session, second.lot_id))
    number = next(line.number for line in lines if line.kind is NoticeKind.FAILURE)
    assert door.read(lambda session: notices.by_number(session, number)).body["sequel"] == "may_stop"


def test_a_lot_has_one_successor_whoever_registers_first(door: Door, clock_file: Path) -> None:
    first = tender(door, clock_file).bidding()
    with pytest.raises(WrongState, match=r"retender\.not_ended"):
        again(first, first.number)
    terminate(first)
    drafted = replace(first, case=NO_CASE)
    answer = drafted.register(lots=[{"no": "1", "title": "一标段", "predecessor": first.number}])
    again(first, first.number)
    with pytest.raises(WrongState, match=r"retender\.succeeded_already"):
        drafted.countersign(str(answer["register_sha256"]))
    for wrong in ("T2026-999999-1", drafted.number):
        with pytest.raises(Refusal, match=r"retender\.unknown"):
            again(first, wrong)
