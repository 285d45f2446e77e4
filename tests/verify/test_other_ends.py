"""Cases that end otherwise: too few bids, and an award without a committee of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.verify.steps import verify
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.orders import resume, suspend, terminate
from tests.builders.plans import published
from tests.builders.trading import DAY, NO_CASE
from tests.builders.whole import whole


def test_a_lot_that_failed_for_want_of_bids_is_accepted(door: Door, clock_file: Path, tmp_path: Path, settings: Settings) -> None:
    with whole(door, clock_file, tmp_path, settings) as case:
        for bidder in case.hall.tender.bidders[:2]:
            case.hall.seal(bidder)
        case.hall.close()
        case.deliver()
        case.close()
        verdict = verify(case.export(), case.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    checks = {finding.check for finding in verdict.findings}
    assert {"closing_list", "failure"} <= checks
    assert "opening_start" not in checks


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_the_first_in_rank_wins_where_no_committee_decides(door: Door, clock_file: Path, tmp_path: Path, settings: Settings) -> None:
    with whole(door, clock_file, tmp_path, settings, plan="RANK_ONE") as case:
        case.play()
        verdict = verify(case.export(), case.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    checks = {finding.check for finding in verdict.findings}
    assert {"award_notice", "contract"} <= checks
    assert "vote" not in checks


def test_a_lot_that_was_suspended_resumed_and_terminated_is_accepted(
    door: Door, clock_file: Path, tmp_path: Path, settings: Settings
) -> None:
    with whole(door, clock_file, tmp_path, settings) as case:
        world = case.hall.tender
        case.hall.seal(world.bidders[0])
        suspend(world)
        world.jump(world.now + 2 * DAY)
        resume(world)
        case.hall.seal(world.bidders[1])
        terminate(world)
        case.deliver()
        case.close()
        verdict = verify(case.export(), case.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    checks = {finding.check for finding in verdict.findings}
    assert {"periods", "orders"} <= checks
    assert "closing_list" not in checks


def test_a_lot_that_is_tendered_again_names_its_predecessor_and_its_plan(
    door: Door, clock_file: Path, tmp_path: Path, settings: Settings
) -> None:
    with whole(door, clock_file, tmp_path, settings) as case:
        terminate(case.hall.tender)
        old = case.hall.tender.number
        case.hall.tender = replace(case.hall.tender, case=NO_CASE)
        plan = published(case.hall.tender)
        world = case.hall.tender.registered(plan=plan, lots=[{"no": "1", "title": "一标段", "predecessor": old}])
        world.fix_plan()
        world.publish_document()
        world.publish_notice(retender={"predecessor": old, "round": 2})
        terminate(world)
        case.deliver()
        case.close()
        verdict = verify(case.export(), case.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    assert [finding.detail for finding in verdict.findings if finding.check in ("plan", "retender")] == [plan, old]
