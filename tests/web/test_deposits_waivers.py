"""A waiver on its bidder's page, over the API, and in the list of deposits after the opening."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from tests.builders.bids import Hall, hall
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading import tender
from tests.builders.trading_web import application, browser
from tests.builders.waivers import SOURCE, waive
from tests.web.test_deposits_held import chinese

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    return hall(tender(door, clock_file), tmp_path)


@pytest.fixture
def world(room: Hall, door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.number, made.lot, made.crowd = room.number, room.tender.lot_id, room.tender.crowd
        made.firms = room.tender.join_bidders(3)
        for firm in made.firms:
            made.register(firm)
        yield made


def test_a_bidder_sees_and_uses_its_waiver_and_the_tenderer_after_the_opening(
    room: Hall, world: World, settings: Settings, door: Door
) -> None:
    app = application(settings, door)
    whole, part, third = world.firms
    supervisor = room.tender.crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局")
    reliefs = {firm.org: waive(room.tender.centre, supervisor, firm, percent) for firm, percent in ((whole, 100), (part, 60))}
    address = f"/lots/{world.number}/deposit"
    assert "信用减免" not in browser(app, third).page(address)
    for firm, said, left in ((whole, "无需缴纳保证金", 0), (part, "应缴金额已减少", 32_000_000)):
        client = browser(app, firm)
        assert reliefs[firm.org] in client.page(address)
        body = {"relief_sha256": reliefs[firm.org], "bidder": str(firm.org)}
        assert (
            browser(app, third).act(f"/api/v1{address}/waiver", third.act("waiver.use", f"D-{world.number}", body=body)).status_code == 403
        )
        answer = client.act(f"/api/v1{address}/waiver", firm.act("waiver.use", f"D-{world.number}", body=body))
        assert (answer.status_code, answer.json) == (200, {"asked_fen": left})
        assert said in client.page(address)
        told: Any = client.get(f"/api/v1{address}").json
        assert (told["amount_fen"], told["waiver"]["percent"]) == (left, 100 if firm is whole else 60)
        mine, bid = client.page("/me/deposits"), client.page(f"/lots/{world.number}/bid")
        assert ("信用减免，免缴" in mine, "投标保证金已免缴" in bid) == (firm is whole, firm is whole) and "已到账" not in bid
        assert chinese(client.page(f"{address}?lang=en"), firm.org_name, SOURCE, "建设银行", "临江市公共资源交易中心") == []
    world.request(part)
    world.pay(part, "320000.00")
    world.paid(third)
    for firm in world.firms:
        room.seal(firm)
    tenderer = browser(app, room.tender.tenderer)
    assert tenderer.get(f"/lots/{world.number}/deposits").status_code == 403
    room.close()
    room.grow()
    room.start()
    shown = tenderer.page(f"/lots/{world.number}/deposits")
    assert shown.count("信用减免 100%") == shown.count("信用减免 60%") == 1 and "信用减免，免缴" in shown
    rows = cells_of(tenderer.get(f"/lots/{world.number}/deposits.xlsx").data)
    assert sorted(row[-1] for row in rows[1:]) == ["", f"100% {SOURCE}", f"60% {SOURCE}"]
    listed: Any = tenderer.get(f"/api/v1/lots/{world.number}/deposits").json
    assert sorted(one["state"] for one in listed["deposits"]) == ["locked", "locked", "waived"]
