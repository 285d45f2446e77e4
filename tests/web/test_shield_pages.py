"""The file that protects a tenderer over HTTP: who sees what of it, what its page asks for next, the comparison as a sheet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from evaluation import jobs
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.shields import PAPER
from tests.builders.trading import tender
from tests.web.evaluation_world import Client
from trading.domain.lot import LotState


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(Room, "before_award", lambda self: None)
    app.extensions["gongheng"].files.put(PAPER)
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready().deciding()


def text(client: Client, path: str, lang: str = "zh") -> str:
    answer = client.page(path, lang)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_the_file_of_an_award_is_walked_by_tenderer_members_and_supervisor(room: Room, app: Any) -> None:
    page, api = f"/lots/{room.number}/award/shield", f"/lots/{room.number}/award/shield"
    boss, watcher = Client(app, room.tender.tenderer), Client(app, room.tender.supervisor)
    shown = text(boss, page)
    assert "下一步（招标人）" in shown and "请招标人在定标档案中上传报告" in shown and "存档一份材料" in shown
    assert "Missing: a bid-cleaning" in text(boss, page, "en")
    for stranger in (room.tender.centre, room.tender.agency, room.tender.bidders[0]):
        assert Client(app, stranger).get(api).status_code == 403
    assert Client(app, room.award_members[0]).get(api).status_code == 404

    room.paper()
    room.paper("comparison", candidate=room.candidates[0], factor="履约能力", summary="=HYPERLINK(1)", files=[])
    room.paper("recording")
    digest = room.pdf()["sha256"]
    assert watcher.get(f"{api}/files/{digest}").data == PAPER
    assert watcher.get(f"{api}/files/{'0' * 64}").status_code == 404 == boss.get(f"{api}/files/{'0' * 64}").status_code
    sheet = watcher.get(f"{api}/matrix.xlsx")
    assert sheet.data == boss.get(f"{api}/matrix.xlsx").data
    cells = zipfile.ZipFile(io.BytesIO(sheet.data)).read("xl/sharedStrings.xml").decode()
    assert "=HYPERLINK(1)（招标人清标小组，2026-03-05）" in cells and "履约能力" in cells and "T-" in cells

    member = Client(app, room.award_members[0])
    room.voting()
    assert "未投票" not in text(member, page) and room.tender.tenderer.login not in text(member, page)
    for who in room.award_members:
        room.ballot(who, room.candidates[0])
    room.interference(room.award_members[1])
    assert "电话要求照顾" in text(watcher, page) and "电话要求照顾" not in text(boss, page) + text(member, page)
    assert "电话要求照顾" in text(Client(app, room.award_members[1]), page)
    assert "登记簿共 1 条，此外无干预" in text(member, page)
    assert boss.get(f"{api}/report.pdf").status_code == 403
    for who in room.signatories():
        room.close_register(who)
    platform = app.extensions["gongheng"]
    jobs.draft_award(platform.door, platform.files, room.tender.lot_id)
    assert "签署定标报告" in text(member, page) and boss.get(f"{api}/report.pdf").data.startswith(b"%PDF-")
    for who in room.signatories():
        room.sign_award(who)
    assert "全部具备" in text(boss, page) and room.tender.lot.state is LotState.AWARDED
    told = boss.get(api).get_json()
    assert told["state"] == "handed_over" and told["next"] == "" and all(one["holds"] for one in told["clauses"])


def test_acts_of_the_file_come_in_over_the_api(room: Room, app: Any) -> None:
    boss, api = Client(app, room.tender.tenderer), f"/lots/{room.number}/award/shield"
    entry = {"who": "某人", "on": "2026-03-06", "how": "电话", "done": "拒绝"}
    assert boss.sign(room.tender.tenderer, room, f"{api}/interference", "interference.entry", entry, step_up=True).status_code == 200
    for path, kind in (("papers", "award.paper"), ("interference/close", "interference.close")):
        assert boss.sign(room.tender.tenderer, room, f"{api}/{path}", kind, {}, step_up=True).status_code in (409, 422)
    for path, kind in (("report/signatures", "award.report.sign"), ("report/refusals", "award.report.decline")):
        assert boss.sign(room.tender.tenderer, room, f"{api}/{path}", kind, {}, step_up=True).status_code in (409, 422)
    assert "某人" in text(boss, api)


def test_the_award_report_is_typeset_to_the_same_bytes(room: Room, app: Any) -> None:
    from evaluation import gateway
    from evaluation.queries import shield_report

    room.paper()
    room.paper("recording")
    room.voting()
    for who in room.award_members:
        room.ballot(who, room.candidates[0])
    assert room.tender.door.read(lambda session: shield_report.award_data(session, room.tender.lot_id)) is None
    for who in room.signatories():
        room.close_register(who)
    data = room.tender.door.read(lambda session: shield_report.award_data(session, room.tender.lot_id))
    assert data is not None
    assert gateway.render_award_report(data.fields, data.at) == gateway.render_award_report(data.fields, data.at)
