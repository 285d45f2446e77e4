"""What people subscribe to: notices as an Atom feed (RFC 4287), dates of lots as a calendar (RFC 5545). In Chinese for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from flask_babel import force_locale

from core.web.door import read
from core.web.guard import public, quiet
from core.web.i18n import LANGUAGES, text
from core.web.platform import platform
from core.web.sheets import fresh
from trading.queries import calendar as calendar_queries
from trading.queries import notices as queries
from trading.queries.calendar import LotDates
from trading.queries.lot_page import Milestone
from trading.web.forms import NoticeSearch
from trading.web.forms_public import CalendarQuery
from trading.web.notices import wanted
from trading.web.texts import MILESTONES, WORDS
from trading.web.texts_notices import NOTICES
from trading.web.texts_public import CALENDAR_NAME, CALENDAR_NOTE, CALENDAR_STATES, FEED_NAME, PLACE

blueprint = Blueprint("trading_feeds", __name__, url_prefix="/feeds")
ENTRIES = 50
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # the age of a feed without entries
SHANGHAI = ZoneInfo("Asia/Shanghai")


@blueprint.get("/notices.atom")
@public
@quiet
def notices() -> Response:
    """The 50 youngest notices; the filters of the list of notices count here too."""
    query = NoticeSearch.model_validate(request.args.to_dict())
    found = read(lambda session: queries.newest(session, wanted(query), ENTRIES))
    site = platform().settings.origin
    kept = urlencode(query.model_dump(mode="json", exclude_defaults=True))
    with force_locale(LANGUAGES["zh"]):
        body = render_template(
            "trading/notices.atom.xml",
            **WORDS,
            notices=[(view, NOTICES[view.line.kind].tells(view)) for view in found],
            name=text(FEED_NAME),
            address=f"{site}/feeds/notices.atom" + (f"?{kept}" if kept else ""),
            site=site,
            updated=max((view.line.published_at for view in found), default=NEVER),
        )
    return fresh(Response(body.lstrip(), content_type="application/atom+xml; charset=utf-8"), shared=True)


@blueprint.get("/openings.ics")
@public
@quiet
def openings() -> Response:
    """Release, last day for objections, deadline and opening of each public lot; `lot` asks for one alone."""
    query = CalendarQuery.model_validate(request.args.to_dict())
    clock = platform().door.clock
    found = read(lambda session: calendar_queries.dates(session, wanted(query), query.lot, clock(session)))
    with force_locale(LANGUAGES["zh"]):
        content = _calendar(found)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="openings.ics"'
    return fresh(answer, shared=True)


def _calendar(lots: tuple[LotDates, ...]) -> bytes:
    from icalendar import Calendar  # half a second of imports that few processes need at their start

    made = Calendar()
    made.add("prodid", "-//Gongheng//openings//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", text(CALENDAR_NAME))
    made.add("x-wr-timezone", SHANGHAI.key)
    for lot in lots:
        for milestone, at in lot.moments:
            made.add_component(_event(lot, milestone, at))
    made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def _event(dates: LotDates, milestone: Milestone, at: datetime) -> Any:
    from icalendar import Event

    lot, site = dates.lot, platform().settings.origin
    is_opening = milestone is Milestone.DEADLINE
    status, marked = CALENDAR_STATES.get(lot.state, ("CONFIRMED", None))
    event = Event()
    event.add("uid", f"{lot.number}-{milestone.value}@{urlsplit(site).hostname}")
    event.add("sequence", dates.sequence)
    event.add("dtstamp", dates.changed_at)
    event.add("last-modified", dates.changed_at)
    event.add("dtstart", at.astimezone(SHANGHAI))
    event.add("summary", f"{f'【{text(marked)}】' if marked else ''}{text(MILESTONES[milestone])}：{lot.project_title} {lot.title}")
    event.add("description", text(CALENDAR_NOTE, {"number": lot.number, "tenderer": lot.tenderer_name, "region": lot.region}))
    event.add("url", f"{site}/lots/{lot.number}" + ("/opening" if is_opening else ""))
    event.add("status", status)
    event.add("transp", "TRANSPARENT")
    if is_opening:
        event.add("location", text(PLACE))
    return event
