"""Reliefs from deposits over HTTP: two persons of two duties, what firms and the parties see, in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from tests.builders.people import Person
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import application, browser
from tests.web.test_deposits_held import chinese
from trading.services import lots

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CHAIN = "D-RELIEF"
FREED = {"regime": "construction", "category": "construction", "region": "", "since": "2020-01-01", "source": "临建〔2020〕1号"}


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file)


@pytest.fixture
def supervisor(world: Tender) -> Person:
    return world.crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局")


def test_a_kind_is_freed_and_shown_to_the_parties_and_to_bidders(world: Tender, supervisor: Person, app: Application) -> None:
    centre, watcher = browser(app, world.centre), browser(app, supervisor)
    assert "没有免收的类别" in centre.page("/deposits/reliefs")
    first = world.centre.act("deposit.free", CHAIN, body=FREED, step_up=True)
    assert watcher.act("/api/v1/deposits/reliefs/freed", first).status_code == 403
    told = centre.act("/api/v1/deposits/reliefs/freed", first)
    assert told.status_code == 201
    relief: Any = told.json
    assert f"/api/v1/deposits/reliefs/{relief['relief']}/agreement" in watcher.page("/deposits/reliefs")
    answer = watcher.act(f"/api/v1/deposits/reliefs/{relief['relief']}/agreement", supervisor.cosign(first))
    assert (answer.status_code, answer.json) == (200, {"relief": relief["relief"], "state": "holds"})
    again = watcher.act(f"/api/v1/deposits/reliefs/{relief['relief']}/agreement", supervisor.cosign(first))
    assert (again.status_code, again.json) == (200, answer.json)
    assert centre.act(f"/api/v1/deposits/reliefs/{relief['relief']}/agreement", first).status_code == 403
    world.registered()
    world.fix_plan()
    agency = browser(app, world.agency)
    page = agency.page(f"/lots/{world.number}/document")
    assert "本类项目不收投标保证金，请填 0。" in page and "临建〔2020〕1号" in page
    world.publish_document(deposit_fen=0)
    assert "按当地规定免收投标保证金的项目没有收取" in agency.page(f"/lots/{world.number}")
    world.publish_notice()
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    world.step(lots.open_bidding)
    firm = browser(app, world.crowd.join(Role.BIDDER, "甲方建筑有限公司", keys=False))
    assert "不收取（依据：临建〔2020〕1号）" in firm.page(f"/lots/{world.number}")
    assert "临建〔2020〕1号" in firm.page("/deposits/reliefs")


def test_a_waiver_is_for_a_firm_that_exists_and_only_that_firm_sees_it(world: Tender, supervisor: Person, app: Application) -> None:
    centre, watcher = browser(app, world.centre), browser(app, supervisor)
    firm, other = (world.crowd.join(Role.BIDDER, name, keys=False) for name in ("甲方建筑有限公司", "乙方建筑有限公司"))
    assert "没有登记这个代码的单位" in centre.page("/deposits/reliefs?firm=x")
    assert str(firm.org) in centre.page(f"/deposits/reliefs?firm={firm.uscc}")
    body = {"org": str(firm.org), "name": "别的名称", "percent": 60, "since": "2020-01-01", "source": "信用评价 AAA"}
    refused: Any = centre.act("/api/v1/deposits/reliefs/waivers", world.centre.act("deposit.waive", CHAIN, body=body, step_up=True))
    assert refused.json["code"] == "relief.firm"
    first = world.centre.act("deposit.waive", CHAIN, body=body | {"name": firm.org_name}, step_up=True)
    told: Any = centre.act("/api/v1/deposits/reliefs/waivers", first).json
    assert firm.org_name not in browser(app, other).page("/deposits/reliefs")
    assert "没有信用减免" in browser(app, firm).page("/deposits/reliefs")  # until the second has signed
    watcher.act(f"/api/v1/deposits/reliefs/{told['relief']}/agreement", supervisor.cosign(first))
    assert "60%" in browser(app, firm).page("/deposits/reliefs")
    assert "60%" not in browser(app, other).page("/deposits/reliefs")
    assert centre.get("/deposits/reliefs.xlsx").status_code == 200
    assert browser(app, firm).get("/deposits/reliefs.xlsx").status_code == 403
    assert chinese(centre.page("/deposits/reliefs?lang=en"), firm.org_name, "信用评价 AAA", world.centre.name) == []


def test_an_end_is_proposed_kept_and_ended(world: Tender, supervisor: Person, app: Application) -> None:
    centre, watcher = browser(app, world.centre), browser(app, supervisor)
    first = world.centre.act("deposit.free", CHAIN, body=FREED, step_up=True)
    told: Any = centre.act("/api/v1/deposits/reliefs/freed", first).json
    assert centre.post(f"/deposits/reliefs/{told['relief']}/set-aside").status_code == 303
    assert centre.post(f"/deposits/reliefs/{told['relief']}/set-aside").status_code == 409
    again = world.centre.act("deposit.free", CHAIN, body=FREED, step_up=True)
    told = centre.act("/api/v1/deposits/reliefs/freed", again).json
    watcher.act(f"/api/v1/deposits/reliefs/{told['relief']}/agreement", supervisor.cosign(again))
    sha256 = centre.page("/deposits/reliefs").split("relief_sha256&#34;: &#34;")[1][:64]
    for _ in range(2):
        ending = world.centre.act("deposit.relief_end", CHAIN, body={"relief_sha256": sha256, "reason": "文件废止"}, step_up=True)
        assert centre.act("/api/v1/deposits/reliefs/end", ending).json == {**told, "state": "ending", "envelope": ending.envelope.to_json()}
        if _ == 0:
            assert watcher.post(f"/api/v1/deposits/reliefs/{told['relief']}/set-aside", {}).json == {**_id(told), "state": "holds"}
    answer = watcher.act(f"/api/v1/deposits/reliefs/{told['relief']}/end", supervisor.cosign(ending))
    assert answer.json == {**_id(told), "state": "ended"}
    assert "已终止" in centre.page("/deposits/reliefs")
    assert "已终止" not in centre.page("/deposits/reliefs?standing=1")
    assert "没有符合条件的减免" in watcher.page("/deposits/reliefs?q=nobody")
    rows = [len(cells_of(watcher.get(f"/deposits/reliefs.xlsx{query}").data)) for query in ("", "?standing=1", "?q=1号")]
    assert rows == [3, 1, 3]


def _id(told: dict[str, Any]) -> dict[str, Any]:
    return {"relief": told["relief"]}
