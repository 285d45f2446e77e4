"""Tender plans on their pages, as a feed, as sheets and as open data."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import plans as made
from tests.builders.trading import tender
from tests.builders.trading_web import application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def test_a_plan_is_drafted_on_its_page_and_read_by_everybody_once_signed(door: Door, clock_file: Path, app: Application) -> None:
    world = tender(door, clock_file)
    public, tenderer = browser(app), browser(app, world.tenderer)
    form = {**made.entry(), "amount_fen": "150,000,000.00"}
    assert "还没有计划" in tenderer.page("/plans/mine")
    assert tenderer.client.post("/plans/new", data=form | {"month": "soon"}).status_code == 422
    answer = tenderer.client.post("/plans/new", data=form)
    assert answer.status_code == 303
    number = answer.headers["Location"].split("/")[2]
    assert "plan.publish" in tenderer.page(f"/plans/{number}/draft") and number in tenderer.page("/plans/mine")
    for place in (f"/plans/{number}", f"/api/v1/plans/{number}"):
        assert public.get(place).status_code == 404
    made.publish(world, number)
    assert form["title"] in public.page("/plans") and form["content"] in public.page(f"/plans/{number}")
    assert "没有找到计划" in public.page("/plans?q=桥梁")
    changed = tenderer.client.post(f"/plans/{number}/draft", data=form | {"month": "2099-02", "reason": "推迟"})
    assert changed.status_code == 303 and "plan.change" in tenderer.page(f"/plans/{number}/draft")
    assert "plan.cancel" in tenderer.page(f"/plans/{number}") and "plan.cancel" not in public.page(f"/plans/{number}")
    assert public.get(f"/plans/{number}?lang=en").status_code == 200


def test_plans_go_out_as_feed_sheets_and_open_data(door: Door, clock_file: Path, app: Application) -> None:
    world = tender(door, clock_file)
    number = made.published(world, title="=1+1")
    public = browser(app)
    feed = ElementTree.fromstring(public.get("/feeds/plans.atom").data)
    assert [entry.findtext("{*}title") for entry in feed.findall("{*}entry")] == ["=1+1"]
    sheet = public.get("/plans.csv").data.decode("utf-8-sig")
    assert number in sheet and "'=1+1" in sheet
    assert public.get("/plans.xlsx").data[:2] == b"PK"
    assert [plan["number"] for plan in public.get("/api/v1/plans?region=临江市").get_json()["plans"]] == [number]
    shown = public.get(f"/api/v1/plans/{number}").get_json()
    assert shown["amount_fen"] == 15_000_000_000 and [version["kind"] for version in shown["versions"]] == ["plan.publish"]
    release = public.get("/api/v1/ocds/releases").get_json()["releases"][0]
    assert release["tag"] == ["planning"] and release["planning"]["budget"]["amount"]["amount"] == 150_000_000
