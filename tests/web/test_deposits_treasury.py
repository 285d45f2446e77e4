"""The treasury account over HTTP and in the services: the newest that another person approved is the one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from deposits.domain.treasury import CHAIN
from deposits.queries import treasuries as queries
from tests.builders.people import people
from tests.builders.trading_web import application, browser
from tests.builders.treasury import TREASURY, approve, propose
from tests.web.test_deposits_held import chinese

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_it_is_proposed_approved_and_replaced(settings: Settings, door: Door, clock_file: Path) -> None:
    app, crowd = application(settings, door), people(door)
    first, second = (crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2))
    one, other = browser(app, first), browser(app, second)
    assert "还没有国库账户" in one.page("/finance/treasury") and door.read(queries.in_force) is None
    body = {"name": TREASURY.name, "account": TREASURY.number, "bank": TREASURY.bank, "source": "临江市财政局通知"}
    told = one.act("/api/v1/finance/treasury", first.act("treasury.propose", CHAIN, body=body, step_up=True))
    assert told.status_code == 200, told.text
    assert "由另一名财务人员批准" in one.page("/finance/treasury") and door.read(queries.in_force) is None
    with pytest.raises(NotAllowed, match=r"treasury_account\.same_person"):
        approve(first, told.json)
    signed = second.act("treasury.approve", CHAIN, body=told.json, step_up=True)
    assert other.act("/api/v1/finance/treasury/approval", signed).status_code == 200
    assert door.read(queries.in_force) == TREASURY
    with pytest.raises(WrongState):
        approve(second, told.json)
    with pytest.raises(NotFound):
        approve(second, {"proposal_sha256": "f" * 64})
    newer = replace(TREASURY, number="621000199902")
    approve(first, propose(second, newer))
    assert door.read(queries.in_force) == newer
    assert [line.holds for line in door.read(lambda session: queries.listed(session, None))] == [True, False]
    written = (TREASURY.name, TREASURY.bank, "临江市财政局通知", first.name, second.name)
    assert chinese(one.page("/finance/treasury?lang=en"), *written) == []
    assert one.get("/finance/treasury.xlsx").data[:2] == b"PK"
    stranger = browser(app, crowd.join(Role.BIDDER, "第一建筑工程有限公司", keys=False))
    assert [stranger.get(address).status_code for address in ("/finance/treasury", "/finance/treasury.xlsx")] == [403, 403]
