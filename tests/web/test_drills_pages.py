"""Pages of drills: begun in a form, marked on every page, reported on paper and as a workbook; shown to nobody outside, listed nowhere."""

from __future__ import annotations

import pytest

from app.factory import Application
from core.web.sheets import cells_of
from tests.builders import drills
from tests.builders.drills import begin, typeset_bids
from tests.builders.evaluation import HOST, Room
from tests.builders.halting import fault, repair
from tests.builders.seating import draw_seats, furnish, sit_down
from tests.builders.stages import READY
from tests.builders.trading_web import browser

pytestmark = pytest.mark.begins(READY)
WELL = {"camera": "ok", "microphone": "ok", "screen": "room", "present": "here", "latency": 20}


def test_the_centre_prepares_and_signs(open_app: Application, room: Room) -> None:
    host, supervisor = browser(open_app, room.tender.centre), browser(open_app, room.tender.supervisor)
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


def test_every_page_says_that_it_is_a_drill_and_nobody_outside_sees_one(open_app: Application, room: Room) -> None:
    drill = begin(room).all_here()
    host, member = browser(open_app, room.tender.centre), browser(open_app, drill.members[0])
    tenderer, bidder = browser(open_app, room.tender.tenderer), browser(open_app, room.tender.bidders[0])
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
    assert open_app.test_client().get(f"/lots/{drill.number}").status_code in (302, 303, 401, 404)


def test_faults_are_injected_and_the_report_is_printed_and_kept(open_app: Application, room: Room) -> None:
    drill = begin(room).all_here()
    _, devices = furnish(drill)
    draw_seats(drill)
    for who in drill.members:
        sit_down(drill, who, devices)
    host, supervisor, member = (browser(open_app, who) for who in (room.tender.centre, room.tender.supervisor, drill.members[0]))
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


def test_the_committee_scores_blind_and_the_report_tells_the_evening(open_app: Application, room: Room) -> None:
    drill = begin(room, papers=typeset_bids(open_app.extensions["gongheng"].files)).reviewing()
    base, one = f"/lots/{drill.number}", drill.members[0]
    host, member, stranger = (browser(open_app, who) for who in (room.tender.centre, one, room.tender.bidders[0]))
    assert all(code in member.page(f"{base}/evaluation/review") for code in drill.codes)
    shown = member.page(f"{base}/evaluation/bids/{drill.codes[0]}")
    assert "演练投标文件.pdf" in shown and "演练投标人" not in shown
    [paper] = member.get(f"/api/v1{base}/evaluation/bids/{drill.codes[0]}").get_json()["files"]
    assert member.get(paper["href"]).data.startswith(b"%PDF") and host.get(paper["href"]).status_code == 403
    drill.reviewed()
    drill.submit(one)
    for page in (f"{base}/evaluation", f"{base}/evaluation/review", f"{base}/evaluation/votes", f"{base}/evaluation/conduct"):
        for who in (host, member):
            answer = who.get(page)
            assert answer.status_code in (200, 403, 404) and "演练投标人" not in answer.text, page
    for who in drill.members[1:]:
        drill.submit(who)
    drill.open_map()
    drill.typeset(open_app.extensions["gongheng"].files)
    drill.end()
    shown = host.page(f"{base}/drill")
    assert all(name in shown for name in ("演练投标人甲", "演练投标人乙", "演练投标人丙", "技术评分锁定", "评标报告提交"))
    told = host.get(f"/api/v1{base}/drill").get_json()
    assert [row["rank"] for row in told["ranking"]] == ["1", "2", "3"] and told["course"][-1]["kind"] == "drill.end"
    public = browser(open_app)
    for page in ("", "/result", "/evaluation/result", "/drill"):
        assert stranger.get(base + page).status_code in (403, 404) and public.get(base + page).status_code in (302, 303, 401, 403, 404), (
            page
        )
    for page in ("/", "/notices", "/openings", "/projects"):
        assert "演练投标人" not in host.page(page), page
