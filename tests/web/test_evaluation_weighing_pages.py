"""The page of weighed prices: who proposes and votes there, in both languages; and two worlds that differ in it look alike to others."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.beginnings import Beginnings
from tests.builders.evaluation import Room
from tests.builders.weighing import SHOWN
from tests.builders.weighing_rooms import WEIGHABLE
from tests.web.evaluation_world import Client
from tests.web.test_evaluation_worlds import DAY, World, running

OUTSIDE = ("host", "tenderer", "agency", "bidder", "award", "public")


def codes_of(room: Room) -> list[str]:
    """Code names in the order of the prices."""
    by_org = {room.org_of(code): code for code in room.codes}
    return [by_org[org] for org in room.opened.asked]


def at_its_prices(app: Any, past: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    room: Room = past.copied(app.extensions["gongheng"].door, folder / "clock").told(monkeypatch)
    return room


def of_past(beginnings: Beginnings, folder: Path) -> Any:
    """The past, with its files in this folder."""
    folder.mkdir()
    past = beginnings.of("sqlite", WEIGHABLE)
    shutil.copy(past.template, folder / "gongheng.db")
    past.set_clock(folder / "clock")
    return past


def test_members_propose_and_vote_on_the_page_and_nobody_else_sees_it(
    beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = of_past(beginnings, tmp_path / "one")
    with running(tmp_path / "one") as app:
        room = at_its_prices(app, past, tmp_path / "one", monkeypatch)
        first, second, *_ = codes_of(room)
        who, other, *others = room.members
        here = f"/lots/{room.number}/evaluation"

        def text(person: Any, path: str = "/weighings", lang: str = "zh", code: int = 200) -> str:
            answer = Client(app, person).page(here + path, lang)
            assert answer.status_code == code, (path, answer.status_code)
            return str(answer.get_data(as_text=True))

        assert "评标价与价格扣除" in text(who, "") and "还没有提出任何一项" in text(who)
        form = text(who, f"/weighings?bid={first}")
        assert "工期每延误一周 +0.5%/周" in form and "由委员会认定（元）" in form and "签名并提交表决" in form
        claim = text(who, f"/weighings?bid={first}&rule=preference.small", "en")
        assert "The tender document fixes 10%" in claim and "第 12 页" in claim
        assert "签名并提交表决" not in text(room.tender.supervisor, f"/weighings?bid={first}")
        body: dict[str, Any] = {"bid": first, "rule": "late", "figure": "0", "file": SHOWN, "page": 12, "reason": "承诺工期晚两周"}
        client = Client(app, who)
        wrong = client.sign(who, room, f"{here}/weighings", "weighing.propose", body, step_up=True)
        assert (wrong.status_code, wrong.get_json()["code"]) == (422, "weighing.figure")
        made = client.sign(who, room, f"{here}/weighings", "weighing.propose", body | {"figure": "2"}, step_up=True)
        assert made.status_code == 200, made.get_data(as_text=True)
        proposal = made.get_json()["proposal"]
        assert "就评标价事项表决" in text(other, "") and "赞成，按此折算" in text(other)
        vote = {"proposal": proposal, "agrees": True, "reason": "投标函附录确认"}
        answer = Client(app, other).sign(other, room, f"{here}/weighing-votes", "weighing.vote", vote, step_up=True)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert "投标函附录确认" not in text(who) and "表决中" in text(other)
        for person in (who, *others):
            room.vote_weighing(person, proposal)
        assert "投标函附录确认" in text(room.tender.supervisor) and "Adopted" in text(who, lang="en")
        for person in (room.tender.centre, room.tender.tenderer, room.tender.bidders[0]):
            text(person, code=403)
        for code in (first, second):
            room.weighed(code, "preference.small")
        assert "核对报价" in text(room.members[0])


WORLDS: tuple[Mapping[int, tuple[str, str]], ...] = ({0: ("late", "2")}, {1: ("preference.small", ""), 2: ("missing", "180000.00")})


@pytest.mark.timeout(240)
def test_what_is_weighed_shows_nobody_outside(beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[tuple[str, str], str]] = []
    for name, how in zip(("one", "other"), WORLDS, strict=True):
        past = of_past(beginnings, tmp_path / name)
        with running(tmp_path / name) as app:
            room = at_its_prices(app, past, tmp_path / name, monkeypatch)
            world = World(app, room, tmp_path / name / "clock")
            world.at(timedelta(0))
            for place, (rule, figure) in how.items():
                room.weighed(codes_of(room)[place], rule, figure)
            world.at(DAY)
            seen.append(world.shown())
    one, other = ({key: text for key, text in shown.items() if key[0] in OUTSIDE} for shown in seen)
    assert one.keys() == other.keys() and len(one) > 100
    assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}
    assert any(path.endswith("evaluation/weighings") for _, path in one)
    page = "supervisor", f"/lots/{room.number}/evaluation/weighings"
    assert seen[0][page] != seen[1][page]
