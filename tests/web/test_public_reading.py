"""The public reading: search and filters, feeds and papers as foreign programs read them, exports that a spreadsheet does not run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import feedparser
import pytest
import vobject
from pypdfium2 import PdfDocument
from python_calamine import CalamineWorkbook

from app.factory import Application
from core.kernel.calendar import legal_day
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import defused
from tests.builders.trading import TENDERER, Tender, tender
from tests.builders.trading_web import Browser, application, browser
from trading.domain.notice import NoticeKind
from trading.gateway import render_notice
from trading.models.lot import Lot
from trading.models.project import Project
from trading.services.notices import Announcement, announce

DAY = timedelta(days=1)


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Any, app: Application) -> Tender:
    return tender(door, clock_file)


@pytest.fixture
def public(app: Application) -> Browser:
    return browser(app)


def suspend(world: Tender) -> None:
    """A notice that the lot is suspended, as its service will publish it."""

    def say(work: Any, lot_id: Any) -> None:
        lot = work.session.get_one(Lot, lot_id)
        held = (lot, work.session.get_one(Project, lot.project_id))
        announce(work, held, Announcement.about(NoticeKind.SUSPENSION, held, {"reason": "收到异议，暂停招标投标活动。"}))

    world.step(say)


def events(public: Browser, address: str = "/feeds/openings.ics") -> dict[str, Any]:
    """The calendar's events by uid, as vobject reads them."""
    answer = public.get(address)
    assert answer.mimetype == "text/calendar"
    calendar = vobject.readOne(answer.get_data(as_text=True))
    assert calendar.vtimezone.tzid.value == "Asia/Shanghai"
    return {event.uid.value: event for event in calendar.vevent_list}


def test_notices_are_found_by_kind_category_and_day_and_a_field_left_empty_is_left_open(world: Tender, public: Browser) -> None:
    world.noticed()
    today, found = legal_day(world.now), "临江市滨江路提升工程施工招标公告"
    assert found in public.page("/notices?q=&kind=&regime=&category=construction&region=&since=&until=")
    assert found in public.page(f"/notices?since={today}&until={today}&kind=tender")
    for query in ("category=goods", f"until={today - DAY}", f"since={today + DAY}", "kind=failure"):
        page = public.page(f"/notices?{query}")
        assert found not in page and "没有找到公告" in page and "清除条件" in page
    assert public.get("/notices?since=yesterday").status_code == 422
    shown = public.get("/api/v1/notices?category=construction").get_json()
    assert [line["category"] for line in shown["notices"]] == ["construction"]


def test_a_feed_reader_reads_the_notices_and_asks_again_for_nothing(world: Tender, public: Browser) -> None:
    world.evaluated()
    world.publish_candidates()
    answer = public.get("/feeds/notices.atom?region=临江市")
    feed = feedparser.parse(answer.get_data())
    assert not feed.bozo and feed.version == "atom10" and len(feed.entries) == 2
    newest = feed.entries[0]
    assert newest.link.endswith(f"/notices/{world.number}-N2") and newest.tags[0].term == "candidates"
    assert "中标候选人公示" in newest.title and "公示结束" in newest.summary
    assert public.get("/feeds/notices.atom?region=临江市", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert [entry.id for entry in feedparser.parse(public.get("/feeds/notices.atom?kind=tender").get_data()).entries] == [
        feed.entries[1].id
    ]
    empty = feedparser.parse(public.get("/feeds/notices.atom?kind=failure").get_data())
    assert not empty.bozo and empty.entries == []


def test_a_calendar_reads_the_opening_in_beijing_time_and_follows_what_changes(world: Tender, public: Browser) -> None:
    world.bidding()
    uid = f"{world.number}-deadline@localhost"
    before = events(public)
    assert {name.split("@")[0].rsplit("-", 1)[1] for name in before} == {"release", "objections", "deadline"}
    opening = before[uid]
    assert opening.dtstart.value == world.lot.deadline.replace(microsecond=0)  # type: ignore[union-attr]
    assert opening.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Asia/Shanghai"]
    assert opening.sequence.value == "0" and "开标" in opening.summary.value
    suspend(world)
    after = events(public, f"/feeds/openings.ics?lot={world.number}")
    assert after.keys() == before.keys() and after[uid].sequence.value == "1"
    assert "BEGIN:VEVENT" not in public.get("/feeds/openings.ics?lot=T2026-999999-1").text
    assert "收到异议" in public.page(f"/notices/{world.number}-N2")


def test_a_notice_is_a_paper_with_every_name_and_the_same_bytes_each_time(world: Tender, public: Browser) -> None:
    world.noticed()
    address = f"/notices/{world.number}-N1.pdf"
    first, again = public.get(address), public.get(address)
    assert first.mimetype == "application/pdf" and first.get_data() == again.get_data()
    text = PdfDocument(first.get_data())[0].get_textpage().get_text_bounded()
    assert TENDERER in text and world.number in text
    assert public.get(f"/notices/{world.number}-N9.pdf").status_code == 404


def test_rare_characters_of_names_are_in_the_paper() -> None:
    names = "喆堃镕䶮㛃 王喆 李堃 朱镕"
    data = {"title": names, "kind": "公告", "number": "N1", "author": names, "date": "2026-11-29", "facts": [], "table": None}
    data |= {"remarks": [names], "signer": names, "check": "", "digest": "", "address": ""}
    page = PdfDocument(render_notice(data, datetime(2026, 11, 29, 4, 0, tzinfo=UTC)))[0]
    shown = page.get_textpage().get_text_bounded()
    assert [letter for letter in names if letter.strip() and letter not in shown] == []


def test_the_list_is_exported_as_it_is_filtered(world: Tender, public: Browser) -> None:
    world.evaluated()
    world.publish_candidates()
    raw = public.get("/notices.csv?kind=tender").get_data()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[0].startswith("公告编号,公告类型") and f"{world.number}-N1" in lines[1]
    sheet = CalamineWorkbook.from_filelike(BytesIO(public.get("/notices.xlsx").get_data())).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet] == ["公告编号", f"{world.number}-N2", f"{world.number}-N1"]
    assert public.get("/notices.xlsx").get_data() == public.get("/notices.xlsx").get_data()


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert defused(cell) == "'" + cell
    assert defused("临江市") == "临江市"
