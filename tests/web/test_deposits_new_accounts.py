"""Another account for a refund over HTTP: the firm asks, two of finance approve, and nobody else sees anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.new_accounts import OTHER, Refused, refused
from tests.builders.trading_web import application, browser
from tests.web.test_deposits_held import chinese

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[Refused]:
    with build(door, clock_file, tmp_path) as world:
        world.ask()
        world.join(2, keys=True)
        yield refused(world)


def names(world: World, *more: str) -> tuple[str, ...]:
    return (*(firm.org_name for firm in world.firms), "原账户已销户。", "建设银行临江支行", "建设银行", "开户证明.pdf", *more)


def test_a_firm_asks_and_two_of_finance_approve(made: Refused, app: Application) -> None:
    world, number = made.world, made.world.number
    firm, stranger = browser(app, made.firm), browser(app, world.firms[1])
    first, second = (browser(app, who) for who in made.clerks)
    own = f"/lots/{number}/deposit/accounts/{made.refund}"
    assert f'href="{own}"' in firm.page(f"/lots/{number}/deposit")
    page = firm.page(own)
    assert "账户已销户" in page and "签名并申请" in page
    assert "没有变更申请" in first.page("/finance/accounts")
    request = made.firm.act("account.ask", made.case, body=made.body(), step_up=True)
    asked = firm.act(f"/api/v1/lots/{number}/deposit/accounts", request)
    assert asked.status_code == 200, asked.text
    assert "正在审核" in firm.page(own) and "签名并申请" not in firm.page(own)
    listed = first.page("/finance/accounts?standing=1")
    assert OTHER in listed and "开户证明.pdf" in listed and "核对无误，签名同意" in listed
    body = {"request_sha256": asked.json["request_sha256"], "account": OTHER}  # type: ignore[index]
    for who, client in zip(made.clerks, (first, second), strict=True):
        signed = who.act("account.approve", made.case, body=body, step_up=True)
        answer = client.act(f"/api/v1/lots/{number}/deposits/accounts/approval", signed)
        assert answer.status_code == 200, answer.text
        assert ("您已同意，等待另一名财务人员复核" in first.page("/finance/accounts")) is (client is first)
    world.send()
    world.read_notices()
    assert "已经同意，款项退到新账户" in firm.page(own)
    assert "没有变更申请" in first.page("/finance/accounts?standing=1")
    people = tuple(who.name for who in made.clerks)
    assert chinese(first.page(f"/finance/accounts?q={OTHER}&lang=en"), *names(world, *people)) == []
    assert chinese(firm.page(f"{own}?lang=en"), *names(world, *people)) == []
    assert first.get("/finance/accounts.xlsx").data[:2] == b"PK"
    assert stranger.get(own).status_code == 404
    assert [stranger.get(address).status_code for address in ("/finance/accounts", "/finance/accounts.xlsx")] == [403, 403]


def test_a_refusal_is_read_and_proofs_are_for_their_firm_and_finance(made: Refused, app: Application) -> None:
    number, clerk = made.world.number, made.clerks[0]
    request = made.ask()
    signed = clerk.act("account.refuse", made.case, body={"request_sha256": request, "reason": "证明不清晰。"}, step_up=True)
    assert browser(app, clerk).act(f"/api/v1/lots/{number}/deposits/accounts/refusal", signed).status_code == 200
    own = browser(app, made.firm).page(f"/lots/{number}/deposit/accounts/{made.refund}")
    assert "证明不清晰。" in own and "签名并申请" in own
    content = b"%PDF-1.7 opened"
    app.extensions["gongheng"].files.put(content)
    address = f"/api/v1/lots/{number}/deposits/accounts/proofs/{made.proof(content=content)['sha256']}"
    assert [browser(app, who).get(address).status_code for who in (clerk, made.firm, made.world.firms[1])] == [200, 200, 404]
    assert browser(app, clerk).get(address).data == content
