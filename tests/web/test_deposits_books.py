"""The books of a day over HTTP: for finance alone, in two languages, closed by signature, and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel import clock
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from deposits import jobs
from deposits.domain.messages import PaymentOrder
from deposits.domain.reconciliation import CHAIN, DifferenceKind
from deposits.queries import books as queries
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading_web import application, browser
from tests.web.test_deposits_held import chinese


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        yield made


def test_a_difference_is_shown_when_its_lot_is_opened_and_closed_by_signature(world: World, app: Application) -> None:
    firm, clerk = world.firms[0], world.crowd.join(Role.FINANCE, "临江市公共资源交易中心")
    client = browser(app, clerk)
    assert "还没有对账" in client.page("/finance/books")
    world.paid(firm)
    theft = PaymentOrder("f" * 32, world.now, "x", world.view(firm).sub_account, firm.org_name, world.account_of(firm), Money(100), "x")
    world.sandbox.books.execute(theft, clock.moment(clock.text(world.now)))
    world.jump(timedelta(days=1))
    jobs.compare_days(world.door, world.bank)
    sealed = client.page("/finance/books")
    assert cells_of(client.get("/finance/books/days.xlsx").data)[1][2:4] == ["", ""]
    assert "没有差异" in sealed and "有标段未开标，暂不显示" in sealed and world.number not in sealed
    world.close(firm)
    page = client.page("/finance/books?standing=1")
    assert "银行付出，平台没有指令" in page and "-¥ 1.00" in page and "签名并了结" in page
    found = world.door.read(lambda session: queries.page(session, open_only=True)).differences
    (one,) = [line for line in found if line.kind is DifferenceKind.UNEXPLAINED]
    body = {"difference": str(one.id), "day": one.day.isoformat(), "kind": one.kind.value, "cause": "bank", "reason": "银行已冲正。"}
    request = clerk.act("difference.close", CHAIN, body=body, step_up=True)
    assert browser(app, firm).act("/api/v1/finance/books/closings", request).status_code == 403
    assert client.act("/api/v1/finance/books/closings", request).status_code == 200
    assert "银行差错，银行已更正：银行已冲正。" in client.page("/finance/books")
    assert one.ref not in client.page("/finance/books?standing=1")
    names = firm.org_name, clerk.name, "银行已冲正。"
    assert chinese(client.page("/finance/books?lang=en"), *names) == []
    sheet = client.get("/finance/books.xlsx?q=" + one.ref)
    assert (sheet.status_code, sheet.data[:2]) == (200, b"PK")
    assert cells_of(client.get("/finance/books/days.xlsx").data)[1][2] == "2"
    pages = ("/finance/books", "/finance/books.xlsx", "/finance/books/days.xlsx")
    assert [browser(app, firm).get(address).status_code for address in pages] == [403, 403, 403]
