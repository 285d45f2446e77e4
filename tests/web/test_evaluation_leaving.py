"""Pages and API of a member's replacement: each side sees its own act with its warning, strangers none."""

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

SAID = {"cause": "health", "reason": "突发疾病，不能继续评标"}


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready().scoring()


def test_each_side_has_its_own_act_and_the_room_waits_for_who_follows(room: Room, app: Any) -> None:
    page, lot = f"/lots/{room.number}/evaluation", f"/lots/{room.number}/evaluation"
    first, second = room.seat_of("civil"), room.seat_of("cost")
    leaving, centre, supervisor = room.members[int(first) - 1], room.tender.centre, room.tender.supervisor
    stays = next(who for place, who in enumerate(room.members, 1) if str(place) not in (first, second))
    clients = {who.login: Client(app, who) for who in (leaving, stays, centre, supervisor)}

    def text(who: Any, lang: str = "zh") -> str:
        said: str = clients[who.login].page(page, lang).get_data(as_text=True)
        return said

    assert "我不能继续评标" in text(leaving) and "更换成员" not in text(leaving)
    assert "由主持人登记更换" in text(centre) and "违反评标纪律" in text(centre)
    assert "由监督部门责令更换" in text(supervisor) and "违反评标纪律" not in text(supervisor)
    assert "Replace a member" in text(centre, "en") and "I cannot go on" in text(stays, "en")
    body = {"seat": second, "cause": "conduct", "reason": "擅自携带手机进入评标区"}
    assert clients[stays.login].sign(stays, room, f"{lot}/replacements", "room.replace", body, step_up=True).status_code == 403
    assert clients[centre.login].sign(centre, room, f"{lot}/departures", "room.leave", SAID, step_up=True).status_code == 403
    answer = clients[supervisor.login].sign(supervisor, room, f"{lot}/replacements", "room.replace", body, step_up=True)
    assert answer.status_code == 422  # the supervisor where a recusal was found later, and nothing else
    answer = clients[leaving.login].sign(leaving, room, f"{lot}/departures", "room.leave", SAID, step_up=True)
    assert answer.get_json() == {"state": "committee_formed"}
    again = clients[leaving.login].sign(leaving, room, f"{lot}/departures", "room.leave", SAID, step_up=True)
    assert again.status_code == 403
    assert clients[leaving.login].page(page).status_code == 404
    assert f"专家{first}的席位已经更换" in text(stays) and "突发疾病" not in text(stays) + text(centre)
    told = clients[centre.login].get(lot).get_json()
    assert told["state"] == "committee_formed" and [seat["signed_in"] for seat in told["seats"]].count(False) == 1
    answer = clients[centre.login].sign(centre, room, f"{lot}/replacements", "room.replace", body, step_up=True)
    assert answer.status_code == 200
    assert "、".join(f"专家{one}" for one in sorted((first, second))) in text(supervisor)


def test_outsiders_are_refused(room: Room, app: Any) -> None:
    path = f"/lots/{room.number}/evaluation/replacements"
    body = {"seat": "4", "cause": "conduct", "reason": "擅自携带手机进入评标区"}
    for who in (room.tender.agency, room.tender.bidders[0], room.tender.tenderer):
        assert Client(app, who).sign(who, room, path, "room.replace", body, step_up=True).status_code == 403
