"""Pages and API of another evaluation: the supervisor and the tenderer order, the committee reads what and why, bidders nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    made = Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch))
    return made.ready(method="RANK_ONE").submitted()


def test_an_order_is_given_on_its_page_and_read_by_those_inside_alone(room: Room, app: Any) -> None:
    room.tender.publish_candidates()
    order, rounds = f"/lots/{room.number}/reevaluation", f"/lots/{room.number}/evaluation/rounds"
    supervisor, tenderer, centre, bidder = room.tender.supervisor, room.tender.tenderer, room.tender.centre, room.tender.bidders[0]
    member = room.members[0]
    clients = {who.login: Client(app, who) for who in (supervisor, tenderer, centre, bidder, member)}

    def text(who: Any, path: str, lang: str = "zh") -> str:
        said: str = clients[who.login].page(path, lang).get_data(as_text=True)
        return said

    assert "签名并责令重新评审" in text(supervisor, order) and "监督检查中发现违法" in text(supervisor, order)
    assert "投诉处理决定责令" not in text(supervisor, order)  # none was upheld
    assert "签名并提请重新评审" in text(tenderer, order) and "第五十六条" in text(tenderer, order)
    assert "没有重新评审的决定" in text(centre, order) and "Order another evaluation" in text(supervisor, order, "en")
    assert "责令重新评审" in text(supervisor, f"/lots/{room.number}") and "重新评审" not in text(bidder, f"/lots/{room.number}")
    for who, code in ((bidder, 403), (member, 403)):
        assert clients[who.login].page(order).status_code == code
    assert {clients[who.login].page(rounds).status_code for who in (supervisor, tenderer, member)} == {404}
    for who in (centre, bidder, member):
        answer = clients[who.login].sign(who, room, order, "reevaluation.order", room.order_body(), step_up=True)
        assert answer.status_code == 403
    answer = clients[supervisor.login].sign(supervisor, room, order, "reevaluation.order", room.order_body(), step_up=True)
    assert answer.status_code == 200 and answer.get_json()["round"] == 2
    again = clients[supervisor.login].sign(supervisor, room, order, "reevaluation.order", room.order_body(), step_up=True)
    assert again.status_code == 409
    room.hear_order()
    page = f"/lots/{room.number}/evaluation"
    for who in (member, centre, supervisor):
        assert "复评（第 2 轮）" in text(who, page) and "责令改正" in text(who, page)
    assert "Another evaluation (round 2)" in text(member, page, "en")
    for who in (supervisor, tenderer, centre, member):
        assert "第 2 轮评审" in text(who, rounds) and "进行中" in text(who, rounds)
    name = bidder.org_name
    assert name in text(tenderer, rounds) and name not in text(member, rounds)  # the code names are shut again
    assert clients[bidder.login].page(rounds).status_code == 403
    public = Client(app)
    for path in (f"/lots/{room.number}", f"/lots/{room.number}/remedies", "/notices"):
        for client in (public, clients[bidder.login]):
            assert "未按招标文件规定的标准评分" not in client.page(path).get_data(as_text=True)
    assert public.get(f"/lots/{room.number}").get_json().get("candidates", []) == []


def test_items_that_were_not_ordered_stand_on_the_sheet(room: Room, app: Any) -> None:
    room.reevaluate()
    room.hear_order()
    room.sit_again()
    member = room.members[0]
    client = Client(app, member)
    sheet = client.page(f"/lots/{room.number}/evaluation/sheet").get_data(as_text=True)
    assert sheet.count("维持") == 4 * len(room.codes)
    station = client.page(f"/lots/{room.number}/evaluation/bids/{room.codes[0]}").get_data(as_text=True)
    assert 'name="scores.team"' in station
    free, held = station.index('name="scores.method"'), station.index('name="scores.team"')
    assert "readonly" not in station[free : free + 250] and "readonly" in station[held : held + 250]
