"""Recalls over HTTP: finance proposes, another approves, both see the bank's resolution; nobody else comes in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from deposits import jobs_recalls
from deposits.queries import recalls as queries
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.trading_web import Browser, application, browser

PAGE = "/finance/recalls"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(1)
        made.paid(*made.firms)
        made.close(*made.firms)
        made.schedule(*made.firms)
        made.sandbox._faults({"pend_orders": 1, "pend_ms": 600_000})
        made.send()
        yield made


def clerk_of(world: World, name: str) -> Person:
    return world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", name)


def sign(world: World, who: Browser, step: str, path: str, body: dict[str, Any]) -> Any:
    assert who.person is not None
    act = who.person.act(f"recall.{step}", f"D-{world.number}", body=body, step_up=True)
    return who.post(f"/api/v1/lots/{world.number}/recalls/{path}", {"envelope": act.envelope.to_json()})


def chinese(page: str, *names: str) -> list[str]:
    main = page.split("<main")[1].split("</main", maxsplit=1)[0]
    for name in names:
        main = main.replace(name, "")
    return re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main)


def test_two_persons_recall_a_refund_and_see_what_the_bank_said(world: World, app: Application) -> None:
    clerk, chief = browser(app, clerk_of(world, "钱会计")), browser(app, clerk_of(world, "沈科长"))
    names = (world.firms[0].org_name, "钱会计", "沈科长", "收款账号有疑问")
    assert "签名并提出撤回" in clerk.page(PAGE)
    assert chinese(clerk.page(f"{PAGE}?lang=en"), *names) == []
    (one,) = world.door.read(queries.underway)
    said = {"refund": str(one.refund), "total_fen": one.total.fen, "reason": "收款账号有疑问"}
    answer = sign(world, clerk, "propose", "proposal", said)
    assert answer.status_code == 200, answer.text
    proposal = {"proposal_sha256": answer.get_json()["proposal_sha256"], "reason": ""}
    assert "等待另一位财务人员批准" in clerk.page(f"{PAGE}?lang=zh")
    assert chinese(clerk.page(f"{PAGE}?lang=en"), *names) == []
    assert "签名并批准" in chief.page(PAGE)
    refused = sign(world, clerk, "approve", "approval", proposal)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "recall.same_person")
    assert sign(world, chief, "approve", "approval", proposal).status_code == 200
    assert "正在等待银行答复" in chief.page(PAGE)
    jobs_recalls.ask(world.door, world.bank)
    assert "银行已停止付款" in chief.page(PAGE)
    assert chinese(chief.page(f"{PAGE}?lang=en"), *names) == []
    assert "DS02" in chief.page("/finance")
    firm = browser(app, world.firms[0])
    mine = firm.page(f"/lots/{world.number}/deposit?lang=zh")
    assert "银行没有付款" in mine and "退款已撤回" in mine and "没有办成" not in mine and "退还失败" not in mine
    assert "The centre has recalled this refund" in firm.page(f"/lots/{world.number}/deposit?lang=en")
    rows = cells_of(chief.get(f"{PAGE}.xlsx").data)
    assert len(rows) == 2
    assert "沈科长" in rows[1]


def test_nobody_else_comes_in(world: World, app: Application) -> None:
    bidder = browser(app, world.firms[0])
    for address in (PAGE, f"{PAGE}.xlsx"):
        assert bidder.get(address).status_code == 403
        assert browser(app).get(address).status_code in (302, 303, 401)
    for step in ("proposal", "approval", "drop"):
        assert bidder.post(f"/api/v1/lots/{world.number}/recalls/{step}", {"envelope": {}}).status_code == 403
