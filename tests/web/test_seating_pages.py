"""Pages of workstations: the host draws and watches, a member sees the own place, a silent seat is red."""

from __future__ import annotations

from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from evaluation.domain.seat_health import Device, Present, Screen, Signals
from evaluation.gateway_seats import SeatHealth
from tests.builders.evaluation import Room
from tests.builders.seating import draw_seats, furnish, sit_down
from tests.builders.stages import SCORING
from tests.builders.supervising import say_purpose
from tests.builders.trading_web import browser

pytestmark = pytest.mark.begins(SCORING)
SAID = {"camera": "ok", "microphone": "ok", "screen": "room", "present": "here", "latency": 30}


def test_host_and_member_see_what_is_theirs(open_app: Application, room: Room) -> None:
    host, member = browser(open_app, room.tender.centre), browser(open_app, room.members[0])
    here = f"/lots/{room.number}/evaluation"
    assert "还没有抽取工位" in member.page(f"{here}/seat") and "准备抽取工位" in host.page(f"{here}/seating")
    assert host.client.post(f"{here}/seating").status_code == 422
    _, devices = furnish(room)
    ready = host.client.post(f"{here}/seating")
    assert ready.status_code == 200 and "seats.draw" in ready.text
    draw_seats(room)
    shown = member.page(f"{here}/seat")
    assert "data-check-in" in shown and shown.count("data-station=") == 1
    sit_down(room, room.members[0], devices)
    assert "已就座" in member.page(f"{here}/seat") and "专家7" in host.page(f"{here}/seating")
    told = host.get(f"/api/v1{here}/seating").get_json()
    assert len(told["seats"]) == 7 and [one["here"] for one in told["seats"]].count(True) == 1
    assert len(member.get(f"/api/v1{here}/seating").get_json()["seats"]) == 1
    for path in (f"{here}/seating", f"/api/v1{here}/seat-health"):
        assert member.get(path).status_code == 403
    assert host.get(f"{here}/seating?lang=en").status_code == 200 and member.get(f"{here}/seat?lang=en").status_code == 200
    assert "/seating" in host.page(here) and "/seat" in member.page(here)


def test_what_a_workstation_signals_is_seen_by_host_and_supervisor_and_silence_is_bad(open_app: Application, room: Room) -> None:
    host, member = browser(open_app, room.tender.supervisor), browser(open_app, room.members[0])
    api = f"/api/v1/lots/{room.number}/evaluation/seat-health"
    assert member.client.post(api, json=SAID).status_code == 200
    assert member.client.post(api, json=SAID | {"camera": "broken"}).status_code == 422
    say_purpose(room.tender.supervisor, api)
    rows: list[Any] = host.get(api).get_json()["seats"]
    assert rows[0]["level"] == "good" and rows[1]["level"] == "unknown"
    member.client.post(api, json=SAID | {"camera": "dark", "present": "away"})
    rows = host.get(api).get_json()["seats"]
    assert rows[0]["level"] == "bad" and rows[0]["why"] == ["away", "camera"]
    ticks = [100.0]
    health = open_app.extensions["gongheng"].parts["seat_health"] = SeatHealth(lambda: ticks[0])
    health.hear(room.number, "1", Signals(Device.OK, Device.OK, Screen.ROOM, Present.HERE, 30))
    ticks[0] += 3.1
    rows = host.get(api).get_json()["seats"]
    assert rows[0]["level"] == "bad" and rows[0]["why"] == ["silent"]
    assert "无信号" in host.page(f"/lots/{room.number}/evaluation/seating")


def test_a_partners_staff_and_strangers_see_nobodys_place(open_app: Application, room: Room) -> None:
    furnish(room)
    draw_seats(room)
    for role, org in ((Role.SITE, "云川市公共资源交易中心"), (Role.TENDERER, "别家建设单位"), (Role.AGENCY, "别家代理")):
        other = browser(open_app, room.tender.crowd.join(role, org))
        for path in (f"/lots/{room.number}/evaluation/seating", f"/api/v1/lots/{room.number}/evaluation/seat-health"):
            assert other.get(path).status_code == 403
    outside = next(one for one in room.experts if one not in room.members)
    assert browser(open_app, outside).get(f"/lots/{room.number}/evaluation/seat").status_code == 404
