"""Batches and the table of rates over HTTP: for finance alone, in two languages, signed, and as workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from deposits import jobs
from deposits.domain.batch import CHAIN, Release
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


def test_a_batch_is_listed_looked_at_released_by_two_and_exported(world: World, app: Application) -> None:
    people = [world.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]
    first, second = (browser(app, who) for who in people)
    assert "还没有退款批次" in first.page("/finance/batches")
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(*world.firms)
    jobs.send_due(world.door, Release.TWO_PERSONS)
    shown = first.page("/finance/batches")
    number = shown.split("/finance/batches/")[1].split('"')[0]
    assert "有 1 个批次等待放行" in shown and "0 / 2" in shown
    page = first.page(f"/finance/batches/{number}")
    assert "核对无误，签名放行" in page and world.firms[0].org_name in page
    from deposits.queries import batches as queries

    body = dict(world.door.read(lambda session: queries.page(session, number, None)).body)
    for who, client in zip(people, (first, second), strict=True):
        request = who.act("batch.release", CHAIN, body=body, step_up=True)
        answer = client.post(f"/api/v1/finance/batches/{number}/release", {"envelope": request.envelope.to_json()})
        assert answer.status_code == 200, answer.text
    assert 'hx-trigger="every 2s"' in first.page(f"/finance/batches/{number}") and 'hx-trigger="every 3s"' in first.page("/finance/batches")
    world.send()
    world.read_notices()
    assert "every 2s" not in first.page(f"/finance/batches/{number}")  # all is said
    assert "2 / 2" in first.page(f"/finance/batches?q={number}")
    assert "还没有退款批次" in first.page("/finance/batches?standing=1")
    names = (*(firm.org_name for firm in world.firms), *(who.name for who in people))
    assert chinese(first.page("/finance/batches?lang=en"), *names) == []
    assert chinese(first.page(f"/finance/batches/{number}?lang=en"), *names) == []
    assert [first.get(f"/finance/{name}.xlsx").status_code for name in ("batches", f"batches/{number}", "rates")] == [200] * 3
    assert first.get("/finance/batches/TK20260901-999").status_code == 404
    assert browser(app, world.firms[0]).get("/finance/batches").status_code == 403


def test_a_rate_is_proposed_and_approved(world: World, app: Application) -> None:
    people = [world.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]
    first, second = (browser(app, who) for who in people)
    assert "平台初始数据" in first.page("/finance/rates")
    body = {"since": "2099-01-01", "yearly": "0.0004", "source": "临江市商业银行公告"}
    request = people[0].act("rate.propose", "D-RATES", body=body, step_up=True)
    told = first.post("/api/v1/finance/rates", {"envelope": request.envelope.to_json()}).json
    assert "由另一名财务人员批准" in first.page("/finance/rates")
    request = people[1].act("rate.approve", "D-RATES", body=told, step_up=True)
    assert second.post("/api/v1/finance/rates/approval", {"envelope": request.envelope.to_json()}).status_code == 200
    assert chinese(first.page("/finance/rates?lang=en"), "临江市商业银行公告", *(who.name for who in people)) == []
