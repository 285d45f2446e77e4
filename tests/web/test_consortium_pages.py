"""The page of consortia: drafted in a form, signed by the lead and the members, closed to everybody else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.bids import Hall, hall
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.builders.trading_web import application, browser


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    one = hall(tender(door, clock_file), tmp_path, consortium_members=3)
    one.tender.join_bidders(3)
    return one


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def form(firms: list[Person], *shares: str) -> dict[str, Any]:
    codes = [firm.uscc.lower() for firm in firms]
    return {"member_uscc": [*codes, ""], "member_share": [*shares, ""], "member_duty": ["土建"] * len(firms) + [""]}


def body_of(page: str, kind: str) -> Any:
    [found] = re.findall(rf'data-act="{kind}"[^>]*data-act-body="([^"]*)"', page)[:1]
    return json.loads(found.replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&"))


def test_a_consortium_is_drafted_registered_signed_and_dissolved(app: Application, room: Hall) -> None:
    world, address = room.tender, f"/lots/{room.number}/consortium"
    a, b, c = world.bidders
    lead, member, other = (browser(app, firm) for firm in (a, b, c))
    assert "联合体" in lead.page(f"/lots/{room.number}") and "接受，成员不超过 3 家" in browser(app).page(f"/lots/{room.number}")
    posted = lead.client.post(address, data=form([a, b], "60", "40.00%"))
    assert (posted.status_code, posted.headers["Location"]) == (303, f"{address}#sign"), posted.text
    body = body_of(lead.page(address), "consortium.register")
    assert [one["share"] for one in body["members"]] == ["60.00", "40.00"]
    assert a.org_name not in member.page(address)  # a draft is its lead's alone
    request = a.act("consortium.register", world.case, "1", body=body, step_up=True)
    answer = lead.act(f"/api/v1{address}", request)
    assert answer.status_code == 200, answer.text
    assert lead.act(f"/api/v1{address}", request).get_json() == answer.get_json()
    shown = member.page(address)
    assert a.org_name in shown and "等待成员签署" in shown
    said = body_of(shown, "consortium.sign")
    assert member.act(f"/api/v1{address}/signatures", b.act("consortium.sign", world.case, "1", body=said, step_up=True)).status_code == 200
    assert "全体成员已签署" in lead.page(address)
    assert "由牵头人递交" in member.page(f"/lots/{room.number}/bid") and "共 2 家成员" in lead.page(f"/lots/{room.number}/bid")
    assert lead.get(f"/api/v1/lots/{room.number}/bid").get_json()["consortium"] == [str(a.org), str(b.org)]
    assert "consortium" not in other.get(f"/api/v1/lots/{room.number}/bid").get_json()
    assert a.org_name not in other.page(address) and browser(app, world.agency).get(address).status_code == 403
    stolen = c.act("consortium.dissolve", world.case, "1", body=said | {"org": str(c.org)}, step_up=True)
    assert other.act(f"/api/v1{address}/dissolution", stolen).status_code == 404
    left = b.act("consortium.dissolve", world.case, "1", body=said, step_up=True)
    assert member.act(f"/api/v1{address}/dissolution", left).status_code == 200
    assert "LH-" not in lead.page(address)


@pytest.mark.parametrize(("shares", "words"), [(("60", "30"), "合计为 100%"), (("x", "40"), "share"), (("100", "0"), "大于零")])
def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Application, room: Hall, shares: tuple[str, str], words: str) -> None:
    a, b, _ = room.tender.bidders
    answer = browser(app, a).client.post(f"/lots/{room.number}/consortium", data=form([a, b], *shares))
    assert answer.status_code == 422 and words in answer.text and "土建" in answer.text
