"""How bidders learn the result: the winner not before the award notice, those who lost by that same act."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.factory import Application
from core.kernel import streams
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.bids import Hall, hall
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import application, browser
from trading.services import awards, lots


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def played(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Hall:
    """Three bids, of which the evaluation recommended all; nothing is published yet."""
    world = tender(door, clock_file)
    made = hall(world, tmp_path)
    for bidder in world.join_bidders(3):
        made.seal(bidder)
    made.close()
    world.step(lots.begin_evaluation)
    world.accept_report([bidder.org for bidder in world.bidders])
    return made


def kinds(world: Tender, audience: str) -> list[str]:
    return [entry.kind for entry in world.door.read(lambda session: streams.since(session, world.case, audience, 0))]


def test_the_winner_and_the_losers_are_told_by_one_act(played: Hall, app: Application) -> None:
    world = played.tender
    first, second, _ = world.bidders
    winner, loser = browser(app, first), browser(app, second)
    address = f"/lots/{world.number}"
    world.publish_candidates()
    world.end_publicity()
    world.step(awards.accept_award_decision, first.org, "ef" * 32)

    for who in (winner, loser):
        assert who.get(f"{address}/award-notice").status_code == 404
        shown = who.get(f"/api/v1{address}").json
        assert shown is not None and "winner_org" not in shown and "available" not in shown

    world.send_award_notice()
    assert "确定贵单位为下列标段的中标人" in winner.page(f"{address}/award-notice")
    letter = loser.page(f"{address}/award-notice")
    assert "中标结果通知" in letter and "感谢贵单位参加" in letter and first.org_name in letter
    assert "data-act=" not in letter
    stranger = browser(app, world.crowd.join(Role.BIDDER, "没有投标的有限公司"))
    assert stranger.get(f"{address}/award-notice").status_code == 404
    for bidder in world.bidders:
        assert kinds(world, f"bidder:{bidder.org}")[-1] == "award.notice"
