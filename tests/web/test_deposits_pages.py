"""Deposits over HTTP: a bidder pays and sees it, nobody else sees anything before the opening, finance and the parties after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading_web import Browser, application, browser

API = "/api/v1/lots/T2026-000001-1/deposit"
PAGE = "/lots/T2026-000001-1/deposit"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.firms = [made.crowd.join(Role.BIDDER, f"第{n}建筑工程有限公司", keys=False) for n in (1, 2)]
        yield made


@pytest.fixture
def bidder(app: Application, world: World) -> Browser:
    return browser(app, world.firms[0])


@pytest.fixture
def clerk(app: Application, world: World) -> Browser:
    return browser(app, world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", keys=False))


def account(world: World, firm: int = 0) -> dict[str, str]:
    return {"name": world.firms[firm].org_name, "account": world.account_of(world.firms[firm]), "bank": "建设银行临江支行"}


def test_a_bidder_registers_its_account_asks_pays_and_sees_it(world: World, bidder: Browser) -> None:
    assert bidder.get(API).json["state"] == ""  # type: ignore[index]
    assert bidder.client.get("/api/v1/me/basic-account").status_code == 404
    refused = bidder.post(API, {})
    assert (refused.status_code, refused.json["code"], refused.json["article"]) == (  # type: ignore[index]
        422,
        "deposit.basic_account_missing",
        "招标投标法实施条例第二十六条",
    )
    assert bidder.client.put("/api/v1/me/basic-account", json=account(world)).json == account(world)
    asked = bidder.post(API, {}).json
    assert asked == bidder.post(API, {}).json
    assert (asked["state"], asked["amount"], asked["amount_fen"]) == ("requested", "800000.00", 80_000_000)  # type: ignore[index]
    world.pay(world.firms[0])
    world.read_notices()
    seen = bidder.get(API).json
    assert (seen["state"], seen["paid_fen"], seen["payments"][0]["outcome"]) == ("matched", 80_000_000, "matched")  # type: ignore[index]


def test_a_bidders_page_leads_from_the_account_to_the_refund(world: World, bidder: Browser) -> None:
    assert "还没有登记基本账户" in bidder.page(PAGE)
    wrong = bidder.post(f"{PAGE}/account", data=account(world) | {"name": "别的公司"})
    assert wrong.status_code == 422
    assert "户名应与单位名称一致" in wrong.text
    assert bidder.post(f"{PAGE}/account", data=account(world)).status_code == 303
    assert "申请收款账号" in bidder.page(PAGE)
    assert bidder.post(PAGE).status_code == 303
    assert world.view(world.firms[0]).sub_account in bidder.page(PAGE)
    world.pay(world.firms[0])
    world.read_notices()
    assert "保证金已经缴足" in bidder.page(PAGE)
    world.close(world.firms[0])
    world.schedule(world.firms[0])
    world.send()
    world.read_notices()
    shown = bidder.page(PAGE)
    assert "已退还" in shown
    assert "合同已签订" in shown
    english = bidder.page(f"{PAGE}?lang=en")
    assert "Refunded" in english
    names = "第1建筑工程有限公司|临江市公共资源交易中心|临江市商业银行营业部|建设银行临江支行"
    main = re.sub(names, "", english.split("<main")[1].split("</main")[0])
    assert re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main) == []


def test_another_bidder_sees_only_its_own(world: World, app: Application, bidder: Browser) -> None:
    bidder.client.put("/api/v1/me/basic-account", json=account(world))
    bidder.post(API, {})
    world.pay(world.firms[0])
    world.read_notices()
    other = browser(app, world.firms[1])
    assert other.get(API).json["payments"] == []  # type: ignore[index]
    assert world.firms[0].org_name not in other.page(PAGE)


def test_a_lot_without_a_deposit_says_so(bidder: Browser) -> None:
    answer = bidder.get("/api/v1/lots/T2026-000009-1/deposit")
    assert (answer.status_code, answer.json["code"]) == (404, "deposit.not_asked")  # type: ignore[index]
    assert bidder.get("/lots/T2026-000009-1/deposit").status_code == 404


@pytest.mark.parametrize("paid", [0, 1, 2])
def test_before_the_opening_finance_sees_the_same_whoever_has_paid(world: World, clerk: Browser, app: Application, paid: int) -> None:
    for number in range(paid):
        firm = browser(app, world.firms[number])
        firm.client.put("/api/v1/me/basic-account", json=account(world, number))
        firm.post(API, {})
        world.pay(world.firms[number])
    world.read_notices()
    assert clerk.get("/api/v1/finance/reconciliation").json == {
        "agrees": None,
        "checked_at": None,
        "ledger_fen": None,
        "bank_fen": None,
        "overdue": 0,
        "in_doubt": 0,
        "rejected": 0,
        "deposits": [],
        "unknown": [],
    }
    shown = clerk.page("/finance")
    assert "还没有可以显示的保证金" in shown
    assert "建筑工程有限公司" not in shown


def test_after_the_opening_finance_sees_deposits_refunds_and_both_balances(world: World, clerk: Browser) -> None:
    from deposits import jobs

    for firm in world.firms:
        world.register(firm)
    world.paid(*world.firms)
    world.sandbox.books.close_account(world.account_of(world.firms[0]))
    world.close(*world.firms)
    world.schedule(*world.firms)
    world.send()
    world.read_notices()
    jobs.reconcile(world.door, world.bank)
    seen = clerk.get("/api/v1/finance/reconciliation").json
    assert (seen["agrees"], seen["ledger_fen"], seen["bank_fen"], seen["rejected"]) == (True, 80_000_000, 80_000_000, 1)  # type: ignore[index]
    shown = clerk.page("/finance")
    assert "平台账与银行账一致" in shown
    assert "AC04" in shown
    failed = seen["deposits"][0]["refunds"][0]["id"]  # type: ignore[index]
    assert clerk.post(f"/finance/refunds/{failed}/retry").status_code == 303
    assert clerk.post(f"/api/v1/finance/refunds/{failed}/retry", {}).status_code == 404


def test_others_may_not_come_in(world: World, app: Application, bidder: Browser, clerk: Browser) -> None:
    assert bidder.get("/finance").status_code == 403
    assert clerk.get(PAGE).status_code == 403
    assert browser(app).get(API).status_code in (401, 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "x", "account": 12345678, "bank": "xx"},
        {"name": "x", "account": "1" * 61, "bank": "xx"},
        {"extra": 1},
        [],
        "x",
    ],
)
def test_a_malformed_account_is_refused(world: World, bidder: Browser, body: object) -> None:
    assert bidder.client.put("/api/v1/me/basic-account", json=body).status_code == 422
    assert bidder.post(API, {"extra": 1}).status_code == 422


def test_a_bidder_alone_catches_up_with_its_deposit(world: World, app: Application, bidder: Browser, clerk: Browser) -> None:
    world.register(world.firms[0])
    world.paid(world.firms[0])
    stream = "/cases/D-T2026-000001-1/events?since=0"
    told = bidder.get(stream).json
    assert [(entry["seq"], entry["kind"]) for entry in told["entries"]] == [  # type: ignore[index]
        (1, "deposit.request"),
        (2, "payment.notice"),
        (3, "deposit.match"),
    ]
    assert browser(app, world.firms[1]).get(stream).json["entries"] == []  # type: ignore[index]
    assert clerk.get(stream).status_code == 403
    assert browser(app).get(stream).status_code in (401, 403)


def test_every_route_of_a_bidder_is_quiet(app: Application) -> None:
    routes = [rule for rule in app.url_map.iter_rules() if "deposit" in rule.rule or "basic-account" in rule.rule or "finance" in rule.rule]
    assert len(routes) >= 10
    assert not [str(rule) for rule in routes if not getattr(app.view_functions[rule.endpoint], "__quiet__", False)]
