"""What a result means: the effect of each member for the supervisor alone, a bidder's own points and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from evaluation.domain.own_points import reasons_in_drawn_order
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


def test_reasons_stand_in_an_order_that_tells_nobody() -> None:
    sheets = [
        [{"bid": "T-1", "reasons": {"plan": words}}, {"bid": "T-2", "reasons": {"plan": "别家的"}}] for words in ("甲", "乙", " 甲 ", "")
    ]
    drawn = {reasons_in_drawn_order(bytes([salt]) * 32, sheets, "T-1")["plan"] for salt in range(20)}
    assert drawn == {("甲", "乙"), ("乙", "甲")}
    assert reasons_in_drawn_order(bytes(32), sheets, "T-3") == {}
    assert reasons_in_drawn_order(bytes(32), [[{"bid": "T-1", "reasons": None}]], "T-1") == {}


def test_effects_are_for_the_supervisor_and_own_points_for_each_bidder_after_the_notice(
    app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready(4, method="RANK_ONE")
    lot = f"/lots/{room.number}/evaluation"
    room.scoring()
    codes = room.codes
    for place, who in enumerate(room.members):
        shares = {code: f"0.{8 + (n + (place == 0)) % 2}" for n, code in enumerate(codes)}
        sheet = [row | {"reasons": {"method": f"{row['bid']} 的理由{place % 2}"}} for row in room.sheet(shares)]
        room.submit(who, sheet)
    room.open_map()
    supervisor, bidder = Client(app, room.tender.supervisor), Client(app, room.tender.bidders[0])
    assert supervisor.page(f"{lot}/effects").status_code == 403
    for place, org in enumerate(room.opened.asked):
        room.opened.price(org, f"{130 + place}000000.00")
    room.prices_in()
    answer = supervisor.get(f"{lot}/effects")
    assert [one["seat"] for one in answer.get_json()["effects"]] == [str(seat) for seat in range(1, 8)]
    page = supervisor.page(f"{lot}/effects").get_data(as_text=True)
    assert "去掉一名成员后的排序" in page and "专家7" in page
    assert "各成员评分的影响" in supervisor.page(f"/lots/{room.number}/supervision").get_data(as_text=True)
    for who in (room.members[0], room.tender.centre, room.tender.tenderer, room.tender.bidders[0]):
        assert Client(app, who).get(f"{lot}/effects").status_code in (403, 404), who.role
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    room.tender.publish_candidates()
    room.tender.end_publicity()
    assert bidder.get(f"{lot}/own-points").status_code == 404
    room.tender.send_award_notice()
    told = bidder.get(f"{lot}/own-points").get_json()
    own = next(code for code in codes if str(room.org_of(code)) == str(room.tender.bidders[0].org))
    assert told["code"] == own and told["total"] and len(told["criteria"]) == 5 and told["outcome"] == ""
    reasons = next(one["reasons"] for one in told["criteria"] if one["id"] == "method")
    assert sorted(reasons) == [f"{own} 的理由0", f"{own} 的理由1"]
    text = bidder.page(f"{lot}/own-points").get_data(as_text=True)
    assert own in text and "专家" not in text and not [code for code in codes if code != own and code in text]
    for who in (room.members[0], room.tender.tenderer, room.tender.supervisor):
        assert Client(app, who).get(f"{lot}/own-points").status_code in (403, 404)
