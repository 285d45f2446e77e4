"""The list of a lot's deposits after the opening: outcomes and sums on the page and in the workbook, and no account number in either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of
from tests.builders.bids import Hall, hall
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.trading import tender
from tests.builders.trading_web import application, browser


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    return hall(tender(door, clock_file), tmp_path)


@pytest.fixture
def world(room: Hall, door: Door, clock_file: Path, tmp_path: Path) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.number, made.lot, made.crowd = room.number, room.tender.lot_id, room.tender.crowd
        made.firms = room.tender.join_bidders(4)
        for firm in made.firms:
            made.register(firm)
        yield made


def test_the_list_says_what_came_of_each_payment_once_the_bidders_are_public(
    room: Hall, world: World, settings: Settings, door: Door
) -> None:
    app = application(settings, door)
    address = f"/lots/{world.number}/deposits"
    tenderer = browser(app, room.tender.tenderer)
    world.paid(*world.firms[:3])
    world.pay(world.firms[0], "5.00")
    world.request(world.firms[3])
    world.read_notices()
    for firm in world.firms[:3]:
        room.seal(firm)
    for sealed in (address, f"{address}.xlsx"):
        assert tenderer.get(sealed).status_code == 403
    room.close()
    room.grow()
    room.start()
    shown = tenderer.page(address)
    for said in ("重复缴纳，原路退回", "¥ 2,400,000.00", "没有到账", "尚未安排"):
        assert said in shown
    rows = cells_of(tenderer.get(f"{address}.xlsx").data)
    assert len(rows) == 1 + 3 + 1 + 1 + 1  # heads, three that fit, one that came twice with its refund, one of which nothing came
    assert {row[6] for row in rows[1:]} == {"符合，已缴足", "重复缴纳，原路退回", ""}
    accounts = [world.account_of(firm) for firm in world.firms]
    assert not [number for number in accounts if number in shown or any(number in cell for row in rows for cell in row)]
    english = tenderer.page(f"{address}?lang=en").split("<main")[1].split("</main")[0]
    assert "Paid twice" in english or "twice" in english
    assert re.search(r"<th[^>]*>[^<]*[\u4e00-\u9fff]", english) is None
    assert browser(app, world.firms[0]).get(address).status_code == 403
