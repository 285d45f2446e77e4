"""Pages of drills: begun in a form, marked on every page, reported on paper and as a workbook; shown to nobody outside, listed nowhere."""

from __future__ import annotations

import pytest

from app.factory import Application
from core.settings import Settings
from core.web.sheets import cells_of
from tests.builders import drills
from tests.builders.drills import begin
from tests.builders.evaluation import HOST, Room
from tests.builders.halting import fault, repair
from tests.builders.seating import draw_seats, furnish, sit_down
from tests.builders.stages import READY
from tests.builders.trading_web import application, browser

pytestmark = pytest.mark.begins(READY)
WELL = {"camera": "ok", "microphone": "ok", "screen": "room", "present": "here", "latency": 20}


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    return world.told(monkeypatch)


@pytest.fixture
def app(settings: Settings, room: Room) -> Application:
    return application(settings, room.tender.door)


def test_the_centre_prepares_and_signs(app: Application, room: Room) -> None:
    host, supervisor = browser(app, room.tender.centre), browser(app, room.tender.supervisor)
    assert "还没有演练" in host.page("/drills") and "发起演练" in host.page("/drills")
    assert "发起演练" not in supervisor.page("/drills")
    said = drills.body(room)
    form = {"title": said["title"], "tenderer": said["tenderer"], f"seats.{HOST}": "2", "experts": "\n".join(drills.numbers(room)[:3])}
    shown = host.post("/drills", data=form).get_data(as_text=True)
    assert "DRILL" in shown and "drill.begin" in shown and "递补 1 人" in shown
    wrong = host.post("/drills", data=form | {"experts": ""})
    assert wrong.status_code == 422 and "参演人员" in wrong.get_data(as_text=True) and str(said["title"]) in wrong.get_data(as_text=True)
    begin(room)
    assert "三地应急演练" in host.page("/drills") and "三地应急演练" not in supervisor.page("/drills")


def test_every_page_says_that_it_is_a_drill_and_nobody_outside_sees_one(app: Application, room: Room) -> None:
    drill = begin(room).all_here()
    host, member = browser(app, room.tender.centre), browser(app, drill.members[0])
    tenderer, bidder = browser(app, room.tender.tenderer), browser(app, room.tender.bidders[0])
    base = f"/lots/{drill.number}"
    for page in ("/drill", "/evaluation", "/evaluation/halts", "/evaluation/seating", "/evaluation/conduct"):
        if host.get(base + page).status_code == 200:
            assert "drillbar" in host.page(base + page), page
    assert "drillbar" in member.page(f"{base}/evaluation") and "drillbar" in tenderer.page(f"{base}/evaluation/halts")
    assert "drillbar" not in host.page(f"/lots/{room.number}")
    for page in ("", "/draw", "/drill", "/evaluation", "/bid", "/result", "/record"):
        assert bidder.get(base + page).status_code in (403, 404), page
    for page in ("/", "/notices", "/openings", "/projects", "/archives"):
        assert "DRILL" not in host.page(page), page
    assert "【演练】" in host.page("/evaluations/all") if host.get("/evaluations/all").status_code == 200 else True
    assert app.test_client().get(f"/lots/{drill.number}").status_code in (302, 303, 401, 404)


def test_faults_are_injected_and_the_report_is_printed_and_kept(app: Application, room: Room) -> None:
    drill = begin(room).all_here()
    _, devices = furnish(drill)
    draw_seats(drill)
    for who in drill.members:
        sit_down(drill, who, devices)
    host, supervisor, member = (browser(app, who) for who in (room.tender.centre, room.tender.supervisor, drill.members[0]))
    health, page = f"/api/v1/lots/{drill.number}/evaluation/seat-health", f"/lots/{drill.number}/drill"
    assert member.post(health, json=WELL).status_code == 200
    lost = drill.inject("camera_lost", seat="1")
    member.post(health, json=WELL)
    told = host.get(health).get_json()["seats"]
    assert told[0]["level"] == "bad" and told[0]["why"] == ["camera"]
    drill.lift(lost)
    member.post(health, json=WELL)
    drill.inject("down_during", site=HOST)
    repair(drill, fault(drill, site=HOST))
    drill.inject("seat_silent", seat="1")
    member.post(health, json=WELL)
    shown = host.page(page)
    assert "摄像头中断" in shown and "达标" in shown and "drill.lift" in shown and "drill.inject" in shown
    assert supervisor.get(page).status_code == 404
    drill.end()
    shown = supervisor.page(page)
    assert "未完成" in shown and "drill.inject" not in shown
    rows = cells_of(host.get(f"{page}.xlsx").get_data())
    assert len(rows) == 4 and rows[1][1] == "摄像头中断" and rows[1][-1] == "达标"
    assert "Camera lost" in host.page(f"{page}?lang=en")
    report = host.get(f"/api/v1{page}").get_json()
    assert report["drill"] is True and [one["verdict"] for one in report["faults"]] == ["met", "met", "missed"]
    assert host.get(f"/api/v1/lots/{room.number}/drill").status_code == 404
