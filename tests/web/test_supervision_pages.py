"""Pages and API of supervision: the supervisor acts, who was addressed answers, a paused room leads every member's page to the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.kernel import clock
from core.kernel.calendar import BEIJING
from core.kernel.roles import Role
from core.settings import Settings
from evaluation.domain.alarm import Level
from evaluation.domain.alarm import State as Handling
from evaluation.domain.supervision import MOVES, Measure, State
from evaluation.domain.viewing import Purpose
from evaluation.domain.viewing import State as Looking
from evaluation.queries.wall import SESSION
from evaluation.services import leaving
from evaluation.web import texts_happened
from evaluation.web import texts_supervision as texts
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.supervising import REASON, raised, unreasoned
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


def test_every_act_its_course_and_every_refusal_have_their_words() -> None:
    assert set(texts.MEASURES) == {one.value for one in Measure} and set(texts.MEASURE_STATES) == {one.value for one in State}
    assert set(texts.SPEAKERS) == {one.value for one in (Role.SUPERVISOR, Role.CENTRE, Role.AGENCY, Role.EXPERT)}
    assert set(texts.SAID) == {"answer", "urge", "resume", "close"}
    assert set(texts.LEVELS) == {one.value for one in Level} and set(texts.HANDLING) == {one.value for one in Handling}
    assert set(texts.PURPOSES) == {one.value for one in Purpose} and set(texts.VIEW_ENDS) == {one.value for one in Looking}
    assert set(texts_happened.HAPPENED) | {"discussion.topic", "discussion.message"} == set(SESSION)  # which supervisors do not hear live
    for row in MOVES:
        assert {f"measure.{row.action.value}.{end}" for end in ("not_allowed", "wrong_state")} <= set(texts.SENTENCES)


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready(4, method="RANK_ONE").scoring()


def text(app: Any, who: Any, path: str, lang: str = "zh") -> str:
    answer = Client(app, who).page(path, lang)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.get_data(as_text=True))


def test_an_act_goes_to_its_addressee_and_back(room: Room, app: Any) -> None:
    supervisor, centre = room.tender.supervisor, room.tender.centre
    one, two, *_ = room.members
    here, acts = f"/lots/{room.number}/supervision", f"/lots/{room.number}/supervision/acts"
    shown = text(app, supervisor, here)
    assert "提出监督意见" in shown and "立即暂停评审" in shown and "Act as supervisor" in text(app, supervisor, here, "en")
    due = clock.text(room.tender.now + timedelta(minutes=30))
    body = {"measure": "explain", "to": "seat:1", "about": "", "reason": REASON, "due": due}
    made = Client(app, supervisor).sign(supervisor, room, acts, "supervision.act", body, step_up=True)
    assert made.status_code == 200, made.get_data(as_text=True)
    digest = made.get_json()["act_sha256"]
    assert REASON in text(app, one, acts) and "签名答复" in text(app, one, acts) and REASON not in text(app, two, acts)
    assert "1 条监督意见等待您答复" in text(app, one, f"/lots/{room.number}/evaluation") and "监督意见与答复" in text(app, one, "/work")
    assert "1 acts of the supervisor" in text(app, one, f"/lots/{room.number}/evaluation", "en")
    assert REASON not in text(app, centre, acts) and "第 1 号" in text(app, centre, acts)
    assert "没有监督意见" in text(app, room.tender.agency, acts)
    assert Client(app, room.tender.tenderer).page(acts).status_code == 403
    word = {"act_sha256": digest, "text": "刚才在核对签到表。"}
    answered = Client(app, one).sign(one, room, f"/lots/{room.number}/supervision/answers", "supervision.answer", word)
    assert answered.get_json() == {"no": 1, "state": "answered"}
    assert "刚才在核对签到表。" in text(app, supervisor, here) and "刚才在核对签到表。" not in text(app, centre, acts)
    urged = word | {"text": "请写明时间。", "due": due}
    answer = Client(app, supervisor).sign(supervisor, room, f"{here}/urgings", "supervision.urge", urged)
    assert answer.get_json()["state"] == "open"
    [line] = Client(app, one).client.get(f"/api/v1{acts}").get_json()["acts"]
    assert (line["no"], line["state"], [said["what"] for said in line["words"]]) == (1, "open", ["answer", "urge"])
    Client(app, one).sign(one, room, f"{here}/answers", "supervision.answer", word | {"text": "十一点半左右。"})
    closed = Client(app, supervisor).sign(supervisor, room, f"{here}/closings", "supervision.close", word, step_up=True)
    assert closed.get_json()["state"] == "closed" and "已办结" in text(app, supervisor, here)


def test_a_supervisor_is_asked_for_what_they_look_and_the_list_of_it_is_read_later(room: Room, app: Any) -> None:
    supervisor = room.tender.supervisor
    here = f"/lots/{room.number}/supervision"
    bare = Client(app, supervisor)
    moved = bare.client.get(here, headers={"Accept": "text/html"})
    asked = moved.headers["Location"]
    assert moved.status_code == 303 and asked.startswith(f"{here}/purpose?next=")
    part = bare.client.get(here, headers={"Accept": "text/html", "HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, asked)
    refused = bare.client.get(f"/api/v1/lots/{room.number}/evaluation", headers={"Accept": "application/json"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "view.purpose_needed")
    assert f'data-act-done="{here}"' in text(app, supervisor, asked) and "Purpose of the view" in text(app, supervisor, asked, "en")
    assert f'data-act-done="{here}"' in text(app, supervisor, f"{here}/purpose?next=https://elsewhere.cn/")
    said = {"purpose": "alarm", "note": "核实离席"}
    assert bare.sign(supervisor, room, f"{here}/views", "supervision.view", said).get_json()["no"] == 1
    assert bare.client.get(here, headers={"Accept": "text/html"}).status_code == 200
    bare.client.get(f"/api/v1/lots/{room.number}/evaluation")
    [view] = bare.get(f"/lots/{room.number}/supervision/views").get_json()["views"]
    assert (view["purpose"], view["state"], [look["what"] for look in view["looked"]]) == ("alarm", "open", ["supervision", "evaluation"])
    listed = text(app, room.tender.centre, f"{here}/views")
    assert "告警核查" in listed and "核实离席" in listed and "结束查看" not in listed
    assert Client(app, room.tender.tenderer).page(f"{here}/views").status_code == 403
    assert "结束查看" in text(app, supervisor, f"{here}/views")
    left = bare.submit(f"{here}/views/leave", {})
    assert (left.status_code, left.headers["Location"]) == (303, "/supervision")
    assert bare.submit(f"{here}/views/leave", {}).status_code == 303  # over already, which is no fault
    assert bare.client.get(here, headers={"Accept": "text/html"}).status_code == 303


def test_the_wall_shows_rooms_alarms_and_log_and_the_time_line_answers(room: Room, app: Any) -> None:
    supervisor = room.tender.supervisor
    body = {"seat": "3", "cause": "device", "reason": "工位电脑无法启动"}
    room.signed(room.tender.centre, "room.replace", body, leaving.replace, step_up=True)
    wall = text(app, supervisor, "/supervision")
    for word in ("评标监督大屏", "评审进度矩阵", "成员被更换", "待派单", "进入监督", f'data-wall-seat="{room.case}|1|1"'):
        assert word in wall, word
    english = text(app, supervisor, "/supervision", "en")
    assert "Supervision wall" in english and "Expert 1" in english and "专家1" not in english
    case = text(app, supervisor, f"/lots/{room.number}/supervision")
    assert "签名派单" in case and "告警与处置" in case
    line = text(app, supervisor, f"/lots/{room.number}/supervision/timeline")
    assert "成员被更换" in line and "成员签到" in line
    at = room.tender.now.astimezone(BEIJING)
    asked = f"/lots/{room.number}/supervision/timeline?day={at:%Y-%m-%d}&clock={at:%H:%M}"
    assert 'class="asked"' in text(app, supervisor, asked) and "What happened" in text(app, supervisor, asked, "en")
    wrong = Client(app, supervisor).page(f"/lots/{room.number}/supervision/timeline?day=x&clock=11:47")
    assert wrong.status_code == 422 and "请填写日期和北京时间" in wrong.get_data(as_text=True)


def test_a_paused_room_leads_a_member_to_the_room_and_refuses_what_is_sent(room: Room, app: Any) -> None:
    supervisor, member = room.tender.supervisor, room.members[0]
    code = room.codes[0]
    here, bid = f"/lots/{room.number}/supervision", f"/lots/{room.number}/evaluation/bids/{code}"
    assert Client(app, member).page(bid).status_code == 200
    body = {"measure": "pause", "to": "centre", "about": "", "reason": REASON, "due": clock.text(room.tender.now + timedelta(hours=2))}
    made = Client(app, supervisor).sign(supervisor, room, f"{here}/acts", "supervision.act", body, step_up=True)
    digest = made.get_json()["act_sha256"]
    for page in (bid, f"/lots/{room.number}/evaluation/review"):
        moved = Client(app, member).page(page)
        assert (moved.status_code, moved.headers.get("Location")) == (303, f"/lots/{room.number}/evaluation"), page
    for page in ("sheet", "discussion"):
        assert "评审已暂停" in Client(app, member).page(f"/lots/{room.number}/evaluation/{page}").get_data(as_text=True)
    assert "评审已暂停" in text(app, member, f"/lots/{room.number}/evaluation") and "打开工位" not in text(
        app, member, f"/lots/{room.number}/evaluation"
    )
    draft = {"scores": {"method": "7"}, "reasons": {}, "ticks": {}, "tab": "a" * 36, "number": 1, "base": 0}
    refused = Client(app, member).send("PUT", f"/lots/{room.number}/evaluation/sheet/{code}", draft)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "room.paused")
    assert "立即暂停评审" not in text(app, supervisor, here) and "签名恢复评审" in text(app, supervisor, here)
    word = {"act_sha256": digest, "text": "已核实。"}
    Client(app, supervisor).sign(supervisor, room, f"{here}/resumptions", "supervision.resume", word, step_up=True)
    assert Client(app, member).page(bid).status_code == 200


def test_an_alarm_of_a_draw_is_dispatched_from_the_wall_before_there_is_a_room(
    app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = (
        Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready(4, method="RANK_ONE").requested()
    )
    supervisor, centre = drawing.tender.supervisor, drawing.tender.centre
    here, acts = f"/lots/{drawing.number}/supervision", f"/lots/{drawing.number}/supervision/acts"
    assert Client(app, supervisor).page(acts).status_code == Client(app, centre).page(acts).status_code == 404
    unreasoned(drawing)
    wall = text(app, supervisor, "/supervision")
    assert "专家抽取异常" in wall and f'href="{here}"' in wall
    moved = Client(app, supervisor).page(here)
    assert (moved.status_code, moved.headers["Location"]) == (303, acts)
    shown = text(app, supervisor, acts)
    assert "签名派单" in shown and "待派单" in shown and "Alarms of the draw" in text(app, supervisor, acts, "en")
    assert Client(app, centre).page(acts).status_code == 404
    [alarm] = raised(drawing)
    due = clock.text(drawing.tender.now + timedelta(minutes=30))
    body = {"measure": "handle", "to": "centre", "about": alarm.about, "reason": REASON, "due": due}
    made = Client(app, supervisor).sign(supervisor, drawing, acts, "supervision.act", body, step_up=True)
    assert made.get_json()["no"] == 1, made.get_data(as_text=True)
    assert (
        "签名派单" not in text(app, supervisor, acts) and "签名答复" in text(app, centre, acts) and "待派单" not in text(app, centre, acts)
    )
    assert acts in text(app, centre, "/work")
