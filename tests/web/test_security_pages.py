"""Performance security over HTTP: asked for in the document's form, given from the winner's pages, given back from the tenderer's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.calendar import legal_day
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.securities import Secured, secured
from tests.builders.trading_web import application, browser
from tests.web.test_claims_pages import chinese


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[Secured]:
    with secured(door, clock_file, tmp_path) as found:
        yield found


def test_a_security_is_given_from_the_winners_page_and_given_back_from_the_tenderers(made: Secured, app: Application) -> None:
    tender, number = made.tender, made.tender.number
    address = f"/lots/{number}/security"
    winner, tenderer, loser = (browser(app, who) for who in (made.winner, tender.tenderer, tender.bidders[1]))
    shown = winner.page(address)
    assert "未提交" in shown and f"/lots/{number}-P/deposit" in shown and f"/lots/{number}-P/guarantee" in shown
    assert loser.get(address).status_code == 403 and f"{number}-P/deposit" not in tenderer.page(address)
    assert browser(app).get(address).status_code in (302, 303, 401, 403)
    assert "提交后才能签署合同" in tenderer.page(f"/lots/{number}/contract")
    assert loser.post(f"/lots/{number}-P/deposit").status_code == 403
    assert winner.get(f"/api/v1/lots/{number}-P/guarantee").json["guarantees"] == []  # type: ignore[index]
    made.world.register(made.winner)
    paying = winner.page(f"/lots/{number}-P/deposit")
    assert "履约保证金" in paying and "投标保证金" not in paying.split("<h1")[1].split("</h1>")[0]
    assert winner.post(f"/lots/{number}-P/deposit").status_code == 303
    made.world.pay(made.winner, "13000000.00")
    made.world.read_notices()
    assert "已提交" in winner.page(address) and "履约保函" in winner.page(f"/lots/{number}-P/guarantee")
    assert "签名并退还" not in tenderer.page(address)
    tender.sign_contract(tender.tenderer)
    tender.sign_contract(made.winner)
    assert "签名并退还" in tenderer.page(address)
    body = {"performed_on": legal_day(made.world.now).isoformat(), "note": "验收合格"}
    act = tender.tenderer.act("performance.return", made.case, body=body, step_up=True)
    assert tenderer.act(f"/api/v1/lots/{number}/security/return", act).json["returned"] is True  # type: ignore[index]
    names = [firm.org_name for firm in tender.bidders]
    assert [one for one in chinese(tenderer.page(f"{address}?lang=en"), *names) if "一标段" not in one] == []


def test_what_a_lot_asks_for_stands_on_its_page(made: Secured, app: Application) -> None:
    assert "合同价的 10.00%" in browser(app, made.winner).page(f"/lots/{made.tender.number}")
