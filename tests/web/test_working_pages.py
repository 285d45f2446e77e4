"""The worked calculation of every bid on its pages and in the report: whom it is shown to, when, and with whose marks."""

from __future__ import annotations

import re
from typing import Any

import pytest

from evaluation.queries import working
from evaluation.queries.report import report_data
from evaluation.queries.rooms import evaluation_id
from tests.builders.evaluation import Room
from tests.builders.stages import LOCKED
from tests.web.evaluation_world import Client

pytestmark = pytest.mark.begins(LOCKED)


def opened(room: Room) -> None:
    for place, org in enumerate(room.opened.asked):
        room.opened.price(org, f"{130 + place}000000.00")
    room.prices_in()


def content_of(page: str) -> str:
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


def signed(room: Room) -> None:
    room.draft_report()
    for who in room.members:
        room.sign_report(who)


def test_nobody_sees_it_before_the_summary(app: Any, room: Room) -> None:
    code = room.codes[0]
    for who in (room.members[0], room.tender.supervisor, room.tender.centre, room.tender.tenderer):
        client = Client(app, who)
        assert client.page(f"/lots/{room.number}/evaluation/result/{code}").status_code == 404, who.role
        answer = client.page(f"/lots/{room.number}/evaluation/result")
        assert answer.status_code == 404 or "逐份计算过程" not in answer.text
    assert Client(app, room.tender.bidders[0]).page(f"/lots/{room.number}/evaluation/result/{code}").status_code == 403
    assert working.of_room(room.view(room.tender.supervisor), "zh", {}) == ()


def test_members_and_the_supervisor_see_every_mark_others_later_what_they_came_to(app: Any, room: Room) -> None:
    opened(room)
    code, address = room.codes[0], f"/lots/{room.number}/evaluation/result"
    for who in (room.members[0], room.tender.supervisor):
        page = Client(app, who).page(f"{address}/{code}").text
        assert "专家7" in page and "<del" in page and "÷ 5" in page and "总得分" in page and "评标基准价 = " in page
        whole = Client(app, who).page(address).text
        assert all(f'id="w-{one}"' in whole and f'href="{address}/{one}"' in whole for one in room.codes)
    for who in (room.tender.centre, room.tender.tenderer):
        assert Client(app, who).page(f"{address}/{code}").status_code == 404, who.role
    assert Client(app, room.tender.supervisor).page(f"{address}/T-00").status_code == 404
    signed(room)
    for who in (room.tender.centre, room.tender.tenderer):
        page = content_of(Client(app, who).page(f"{address}/{code}").text)
        assert "专家" not in page and "<del" not in page and "总得分" in page and "汇总得分" in page


def test_it_stands_in_english_and_the_report_says_the_same(app: Any, room: Room) -> None:
    opened(room)
    code = room.codes[0]
    client = Client(app, room.tender.supervisor)
    page = client.page(f"/lots/{room.number}/evaluation/result/{code}", lang="en").text
    content = content_of(page).replace(room.tender.lot.project_title, "").replace(room.tender.lot.title, "")
    names = [one.org_name for one in room.tender.bidders]
    for name in names:
        content = content.replace(name, "")
    assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]+>", "", content)) == []
    key = room.tender.door.read(lambda session: evaluation_id(session, room.tender.lot_id))
    told = room.tender.door.read(lambda session: report_data(session, key)).fields["workings"]  # type: ignore[arg-type]
    shown = client.page(f"/lots/{room.number}/evaluation/result/{code}").text
    mine = next(one for one in told if one["code"] == code)
    assert mine["lines"] and [line for line in mine["lines"] if line not in shown.replace("&gt;", ">")] == []
    assert len(told) == len(room.codes) and mine["seats"][6] == "专家7" and any(mark["dropped"] for mark in mine["criteria"][0]["marks"])
