"""Pages of sites and bookings: the centre keeps and books, a partner's staff answer and see no project, others see nothing."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import people
from tests.builders.sites import PARTNERS, Device, Sites, sites_of
from tests.builders.trading_web import application, browser

LINES = "301|评标室|301-1、301-2|评标专网|2\n第一开标室|开标室|40"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def made(door: Door) -> Sites:
    return sites_of(door, people(door))


def fields(**changes: str) -> dict[str, str]:
    said = {"name": "主场 临江市", "city": "临江市", "address": "三层", "buffer": "30", "is_host": "1", "operator": "", "agreement": ""}
    return said | {"rooms": LINES} | changes


def window(made: Sites) -> str:
    since = (made.now + timedelta(days=1, hours=8)).strftime("%Y-%m-%dT%H:%M")
    until = (made.now + timedelta(days=1, hours=16)).strftime("%Y-%m-%dT%H:%M")
    return f"since={quote(since)}&until={quote(until)}"


def sheet_of(rows: list[list[str]]) -> BytesIO:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell)
    out.seek(0)
    return out


def test_a_site_is_filled_in_by_lines_or_by_a_sheet_and_shown_before_it_is_signed(app: Application, made: Sites) -> None:
    centre = browser(app, made.keeper)
    assert "还没有登记场地" in centre.page("/sites") and "登记场地" in centre.page("/sites/new")
    asked = centre.client.post("/sites/new", data=fields())
    assert asked.status_code == 200 and "site.keep" in asked.text and "301-2" in asked.text
    for wrong in ({"rooms": "301|评标室"}, {"rooms": ""}, {"buffer": "很长"}, {"name": ""}, {"rooms": "301|会议室|A|x|1"}):
        assert centre.client.post("/sites/new", data=fields(**wrong)).status_code == 422
    heads = CalamineWorkbook.from_filelike(BytesIO(centre.get("/sites/template.xlsx").data)).get_sheet_by_index(0).to_python()[0]
    good = [[str(one) for one in heads], ["401", "评标室", "401-1", "专网", "1", ""]]
    data = fields() | {"sheet": (sheet_of(good), "rooms.xlsx")}
    told = centre.client.post("/sites/new", data=data, content_type="multipart/form-data")
    assert told.status_code == 200 and "401-1" in told.text and "301-1" not in told.text
    bad = [*good, ["402", "会议室", "402-1", "", "", ""]]
    data = fields() | {"sheet": (sheet_of(bad), "rooms.xlsx")}
    told = centre.client.post("/sites/new", data=data, content_type="multipart/form-data")
    assert told.status_code == 422 and "第 3 行 B 类型" in told.text


def test_a_kept_site_is_listed_changed_exported_and_its_device_bound(app: Application, made: Sites) -> None:
    number, centre = made.keep(), browser(app, made.keeper)
    assert "主场 临江市" in centre.page("/sites") and "301-3" in centre.page(f"/sites/{number}")
    assert "301-1、301-2、301-3" in centre.page(f"/sites/{number}/change")
    cells = CalamineWorkbook.from_filelike(BytesIO(centre.get("/sites.xlsx").data)).get_sheet_by_index(0).to_python()
    assert len(cells) == 8 and "301-1" in cells[1]
    shown = centre.client.post(f"/sites/{number}/stations/301-1/code")
    code = shown.text.split('class="mono s24">')[1].split("<")[0]
    nobody, device = browser(app), Device()
    assert "激活工位" in nobody.page("/station/activate")
    answer = nobody.client.post("/api/v1/stations/offers", json=device.offer(code))
    assert answer.status_code == 200 and answer.get_json()["key_id"] == device.key_id
    assert "station.bind" in centre.page(f"/sites/{number}") and device.key_id[:8] in centre.page(f"/sites/{number}")
    assert centre.client.post(f"/sites/{number}/stations/X9/code").status_code == 404
    told = centre.get(f"/api/v1/sites/{number}").get_json()
    assert told["profile"]["site"] == number and len(told["stations"]) == 5
    assert centre.get("/sites?lang=en").status_code == 200 and "Evaluation sites" in centre.page("/sites?lang=en")


def test_the_search_finds_who_has_room_and_a_draw_is_prepared(app: Application, made: Sites) -> None:
    own = made.keep()
    for org in PARTNERS[:2]:
        made.partner(org)
    centre = browser(app, made.keeper)
    assert "需要什么" in centre.page("/venues/search")
    found = centre.page(f"/venues/search?{window(made)}&seats=5")
    assert found.count("venue.book") == 3 and "准备抽取（2 个候选）" in found and own in found
    assert "不够" in centre.page(f"/venues/search?{window(made)}&seats=6")
    assert centre.client.get("/venues/search?since=2020-01-01T09:00&until=2020-01-01T10:00").status_code == 422
    asked = centre.get(f"/api/v1/venues/capacity?{window(made)}&seats=3&apart=true").get_json()
    assert [one["fits"] for one in asked["sites"]] == [True, True, True] and asked["sites"][0]["has"] == 3
    assert centre.get("/api/v1/venues/capacity").status_code == 422
    data = dict(one.split("=") for one in window(made).replace("%3A", ":").split("&")) | {"seats": "2"}
    ready = centre.client.post("/venues/draws", data=data)
    assert ready.status_code == 200 and "venue.draw" in ready.text and "VD" in ready.text
    assert centre.client.post("/venues/draws", data=data | {"seats": "60"}).status_code == 422
    assert centre.client.post("/venues/draws", data={"seats": "2"}).status_code == 422


def test_a_partners_staff_see_bookings_without_a_project_and_the_host_no_drawn_site(app: Application, made: Sites) -> None:
    lent = made.partner(PARTNERS[0])
    made.partner(PARTNERS[1])
    staff, centre = browser(app, made.staff[PARTNERS[0]]), browser(app, made.keeper)
    booked = made.book(lent, seats=2)["booking"]
    shown = staff.page("/venues")
    assert booked in shown and "venue.answer" in shown and "venue.cancel" not in shown and "场次" not in shown
    drawn = made.draw(seats=2)
    hosts = centre.page("/venues")
    row = next(one for one in hosts.split("</tr>") if drawn in one)
    assert "开始时启封" in row and "云川" not in row and "宁溪" not in row
    told = centre.get("/api/v1/venues/bookings").get_json()["bookings"]
    hidden = next(one for one in told if one["booking"] == drawn)
    assert hidden["hidden"] and hidden["places"] == [] and hidden["site"] == f"副场 {drawn}"
    made.answer(made.staff[PARTNERS[0]], booked)
    assert "已确认" in staff.page("/venues") and booked in staff.page(f"/sites/{lent}")
    assert booked not in centre.page(f"/sites/{lent}")  # a list by site would tell which one was drawn
    assert centre.get("/api/v1/venues/sessions").get_json()["total"] == 0
    assert centre.get("/venues?since=2026-13-40").status_code == 422


@pytest.mark.parametrize("role", [Role.EXPERT, Role.BIDDER, Role.TENDERER, Role.AGENCY])
def test_sites_are_closed_to_others(app: Application, made: Sites, role: Role) -> None:
    number = made.keep()
    other = browser(app, made.crowd.join(role, "东湖设计院"))
    for path in ("/sites", f"/sites/{number}", "/sites.xlsx", "/venues", "/venues/search", "/api/v1/sites", "/api/v1/venues/bookings"):
        assert other.get(path).status_code == 403
    supervisor = browser(app, made.crowd.join(Role.SUPERVISOR, "住建局"))
    assert supervisor.get("/sites").status_code == 200 and supervisor.get("/venues").status_code == 403
