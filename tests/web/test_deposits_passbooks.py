"""Statement pages: finance's say nothing of sealed lots, by no total and no gap; a firm's own say all of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest

from app.factory import Application
from core.kernel.calendar import legal_day
from core.kernel.ids import LotId
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading_web import Browser, application, browser

OTHER = LotId(UUID("01900000-0000-7000-8000-000000000002"))


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(3)
        yield made


@pytest.fixture
def clerk(app: Application, world: World) -> Browser:
    return browser(app, world.crowd.join(Role.FINANCE, "临江市公共资源交易中心", keys=False))


def beside(world: World) -> World:
    """The same world seen from its second lot, which is sealed for long yet."""
    other = replace(world, number="T2026-000002-1", lot=OTHER)
    other.ask(days=60)
    return other


def opened(world: World) -> None:
    """Two have paid and one of them has its money back."""
    world.paid(*world.firms[:2])
    world.close(*world.firms[:2])
    world.schedule(world.firms[0], reason="lot_failed")
    world.send()
    world.read_notices()


def rows(clerk: Browser, address: str) -> list[list[str]]:
    """The workbook at an address, without its head."""
    answer = clerk.get(address)
    assert answer.status_code == 200
    return cells_of(BytesIO(answer.data).getvalue())[1:]


@pytest.mark.parametrize("paid", [0, 1, 2])
def test_a_sealed_lot_leaves_no_trace_in_any_statement_whoever_has_paid(world: World, clerk: Browser, paid: int) -> None:
    opened(world)
    sealed = beside(world)
    sealed.paid(*world.firms[:paid])
    shown = rows(clerk, "/finance/passbook.xlsx")
    assert [(row[1], row[2], row[3], row[4], row[5], row[6], row[7]) for row in shown] == [
        ("银行到账", world.number, world.firms[0].org_name, "", "800000.00", "", "800000.00"),
        ("银行到账", world.number, world.firms[1].org_name, "", "800000.00", "", "1600000.00"),
        ("退还已付", world.number, world.firms[0].org_name, "", "", "800000.00", "800000.00"),
    ]
    page = clerk.page("/finance/passbook")
    assert "有标段还没有开标" in page and sealed.number not in page and "BK" not in page.split("<main")[1]
    for account in ("held", "suspense", "in_transit"):
        answer = clerk.get(f"/finance/passbook?account={account}&lot={sealed.number}")
        unknown = clerk.get(f"/finance/passbook?account={account}&lot=T2026-000009-1")
        assert (answer.status_code, unknown.status_code) == (404, 404)
    assert clerk.page(f"/finance/passbook?lot={sealed.number}").count("<td") == 0


def test_every_account_of_an_opened_lot_is_shown_with_its_balance_and_found_by_filter(world: World, clerk: Browser) -> None:
    opened(world)
    lot = f"lot={world.number}"
    held = rows(clerk, f"/finance/passbook.xlsx?account=held&{lot}")
    assert [(row[1], row[7]) for row in held] == [("银行到账", "800000.00"), ("银行到账", "1600000.00"), ("办理退还", "800000.00")]
    assert rows(clerk, f"/finance/passbook.xlsx?account=suspense&{lot}") == []  # all of it was taken at once
    assert [row[1] for row in rows(clerk, f"/finance/passbook.xlsx?account=in_transit&{lot}")] == ["办理退还", "办理退还", "退还已付"]
    assert len(rows(clerk, f"/finance/passbook.xlsx?q={world.firms[1].org_name}")) == 1
    world.pay(world.firms[1], "5.00")
    world.read_notices()
    world.send()
    late = rows(clerk, f"/finance/passbook.xlsx?account=suspense&{lot}")
    assert [(row[1], row[3], row[7]) for row in late] == [
        ("银行到账", world.firms[1].org_name, "5.00"),
        ("办理退还", world.firms[1].org_name, "0.00"),
    ]
    bank = clerk.page("/finance/passbook")
    assert "BK" in bank and "有标段还没有开标" not in bank  # nothing is sealed
    day = legal_day(world.now + timedelta(days=1))
    assert "没有账目" in clerk.page(f"/finance/passbook?since={day}")
    assert clerk.get(f"/finance/passbook?since={day}&until=2020-01-01").status_code == 422
    assert clerk.get("/finance/passbook?account=interest_earned").status_code in (400, 422)


def test_a_firm_sees_all_of_its_own_sealed_lots_too_and_nobody_elses(world: World, app: Application) -> None:
    opened(world)
    sealed = beside(world)
    sealed.paid(world.firms[0])
    own, other = browser(app, world.firms[0]), browser(app, world.firms[2])
    shown = own.page("/me/deposits")
    assert sealed.number in shown and world.number in shown and world.firms[1].org_name not in shown and "已退还" in shown
    assert [row[2] for row in rows(own, "/me/deposits.xlsx")] == [world.number, world.number, sealed.number]
    assert [row[2] for row in rows(own, f"/me/deposits.xlsx?lot={sealed.number}")] == [sealed.number]
    nothing = other.page("/me/deposits")
    assert "还没有保证金" in nothing and world.number not in nothing
    english = own.page("/me/deposits?lang=en")
    assert re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", english.split("<main")[1].split("</main")[0]) == []


def test_only_finance_sees_finances_and_only_bidders_have_their_own(world: World, app: Application, clerk: Browser) -> None:
    bidder = browser(app, world.firms[0])
    for address in ("/finance/passbook", "/finance/passbook.xlsx"):
        assert bidder.get(address).status_code == 403
    for address in ("/me/deposits", "/me/deposits.xlsx"):
        assert clerk.get(address).status_code == 403
