"""Pages of the catalogue of sites: the list, one site, the form with rooms by lines or by sheet, and the page at a new workstation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import XLSX, attachment, cells_of, defused, letter, workbook
from core.web.texts import sentence
from core.web.threads import natively
from evaluation.domain.site import RoomKind, SiteAction, SiteProfile
from evaluation.domain.site_sheet import COLUMNS, Sheet, read_sheet, rooms_of, written
from evaluation.queries import agreements, venues
from evaluation.queries import sites as queries
from evaluation.queries.sites import SiteView
from evaluation.services import stations
from evaluation.web import texts_sites as words
from evaluation.web.forms_sites import SitePath, StationPath

blueprint = Blueprint("evaluation_site_pages", __name__)
READERS = (Role.CENTRE, Role.SUPERVISOR, Role.SITE)
WORDS: dict[str, Any] = {name: getattr(words, name) for name in words.TABLES} | {"A": SiteAction}
FIELDS = ("name", "city", "address", "operator", "agreement")


def page(name: str, **facts: Any) -> str:
    """One of the sites' templates with the names of kinds and states at hand."""
    return render_template(f"evaluation/{name}.html", **WORDS, **facts)


@blueprint.get("/sites")
@requires(*READERS)
def listed() -> str:
    """The catalogue that the cities share; a partner's staff see their own sites."""
    who, clock = actor(), platform().door.clock
    found = read(lambda session: queries.all_of(session, clock(session), who))
    sees_drills = bool(who.roles & {Role.CENTRE, Role.SUPERVISOR})
    return page("sites", sites=found, is_keeper=Role.CENTRE in who.roles, sees_drills=sees_drills, has_package=Role.SUPERVISOR in who.roles)


@blueprint.get("/sites.xlsx")
@requires(*READERS)
def as_sheet() -> Response:
    """The catalogue as a workbook, one row a workstation."""
    who, clock = actor(), platform().door.clock
    heads = [str(head) for head in (*words.SITE_COLUMNS, *words.SHEET_COLUMNS.values())]
    kinds = {value: str(name) for value, name in words.ROOM_KINDS.items()}

    def rows_of(session: Any) -> list[list[str]]:
        now = clock(session)
        views = [queries.by_number(session, one.number, now, who) for one in queries.all_of(session, now, who)]
        return [[*_place(view), *row] for view in views for row in _rows(view, kinds)]

    rows = [[defused(cell) for cell in row] for row in read(rows_of)]
    return attachment(natively(lambda: workbook(str(words.SHEET_NAME), heads, rows)), XLSX, "sites.xlsx")


def _place(view: SiteView) -> tuple[str, ...]:
    return view.line.number, view.line.name, view.line.city, view.line.address


def _rows(view: SiteView, kinds: Mapping[str, str]) -> list[list[str]]:
    return written(SiteProfile.read(view.profile()).rooms, kinds) if view.rooms else []


@blueprint.get("/sites/template.xlsx")
@requires(Role.CENTRE)
def template() -> Response:
    """An empty sheet with the columns that the form reads."""
    heads = [str(head) for head in words.SHEET_COLUMNS.values()]
    return attachment(natively(lambda: workbook(str(words.SHEET_NAME), heads, [])), XLSX, "rooms-template.xlsx")


@blueprint.route("/sites/new", methods=["GET", "POST"])
@requires(Role.CENTRE)
def new() -> ResponseReturnValue:
    """The form of a new site; posted, what is to be signed."""
    return _form(None)


@blueprint.get("/sites/<site>")
@requires(*READERS)
def one(site: str) -> str:
    """One site with rooms, workstations and what is booked there."""
    return _one(SitePath(site=site).site)


@blueprint.route("/sites/<site>/change", methods=["GET", "POST"])
@requires(Role.CENTRE)
def change(site: str) -> ResponseReturnValue:
    """The form of a change; posted, what is to be signed."""
    return _form(_view(SitePath(site=site).site))


@blueprint.post("/sites/<site>/stations/<station>/code")
@requires(Role.CENTRE, Role.SITE)
def code(site: str, station: str) -> ResponseReturnValue:
    """Makes an activation code and shows it this once."""
    path = StationPath(site=site, station=station)
    try:
        made = perform(lambda work: stations.make_code(work, path.site, path.station))
    except Refusal as refusal:
        return _one(path.site, errors=[("", sentence(refusal, platform().sentences))]), status_of(refusal)
    return _one(path.site, code=(path.station, made))


@blueprint.get("/station/activate")
@public
def activate() -> str:
    """At the workstation: the device makes its key and offers it under a code. Tells nothing of any site."""
    return page("station_activate")


def _one(site: str, errors: Sequence[tuple[str, str]] = (), code: tuple[str, str] = ("", "")) -> str:
    return page("site", view=_view(site), errors=errors, code=code)


def _view(site: str) -> SiteView:
    who, clock = actor(), platform().door.clock
    return read(lambda session: queries.by_number(session, site, clock(session), who))


def _form(view: SiteView | None) -> ResponseReturnValue:
    if request.method == "GET":
        return _shown(view, [], {})
    try:
        said = _posted(view)
        read_again = SiteProfile.read(said)
    except Refusal as refusal:
        member = str(refusal.facts.get("member", "")).partition(".")[0]
        return _shown(view, [(member, sentence(refusal, platform().sentences))], request.form), status_of(refusal)
    except SheetFaults as found:
        return _shown(view, found.said, request.form), 422
    return page("site_confirm", said=read_again.to_json(), view=view)


def _shown(view: SiteView | None, errors: list[tuple[str, str]], values: Mapping[str, Any]) -> str:
    clock = platform().door.clock
    known = read(lambda session: agreements.all_of(session, clock(session)))
    lines = "\n".join(_line(room) for room in SiteProfile.read(view.profile()).rooms) if view and view.rooms else ""
    return page("site_form", view=view, errors=errors, values=values, agreements=known, lines=lines)


def _line(room: Any) -> str:
    """A room as a line of the form."""
    kind = str(words.ROOM_KINDS[room.kind.value])
    if room.kind is RoomKind.OPENING:
        return f"{room.room}|{kind}|{room.seats}"
    first = room.stations[0]
    return f"{room.room}|{kind}|{'、'.join(one.station for one in room.stations)}|{first.network}|{first.cameras}"


class SheetFaults(Exception):
    """What is wrong in an uploaded sheet, as the form says it."""

    def __init__(self, said: list[tuple[str, str]]) -> None:
        super().__init__("sheet")
        self.said = said


def _posted(view: SiteView | None) -> dict[str, JSON]:
    """The body of a `site.keep` out of the posted form; what cannot be stays as it was typed, for the reader to refuse."""
    form = request.form
    said: dict[str, JSON] = {name: form.get(name, "").strip() for name in FIELDS}
    buffer = form.get("buffer", "0").strip()
    given = request.files.get("sheet")
    rooms = _from_sheet(given.stream.read()) if given is not None and given.filename else _from_lines(form.get("rooms", ""))
    said |= {"is_host": form.get("is_host") == "1", "buffer": int(buffer) if buffer.isascii() and buffer.isdigit() else buffer}
    return said | {"rooms": rooms, "site": view.line.number if view else _next(), "replaces": view.profile_sha256 if view else ""}


def _next() -> str:
    clock = platform().door.clock
    number: str = read(lambda session: venues.next_site(session, legal_day(clock(session)).year))
    return number


def _from_lines(text: str) -> list[JSON]:
    kinds = _kinds()
    rooms: list[JSON] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        bits = [bit.strip() for bit in re.split(r"[|｜]", line)]
        kind = kinds.get(bits[1], bits[1]) if len(bits) > 1 else ""
        if kind == RoomKind.OPENING.value and len(bits) == 3 and bits[2].isascii() and bits[2].isdigit():
            rooms.append({"room": bits[0], "kind": kind, "seats": int(bits[2]), "stations": []})
            continue
        cameras = bits[4] if len(bits) == 5 else ""
        if len(bits) != 5 or not (cameras.isascii() and cameras.isdigit()):
            raise RuleBroken("site.room_line")
        labels = [label for label in re.split(r"[、，,\s]+", bits[2]) if label]
        stations_: list[JSON] = [{"station": label, "network": bits[3], "cameras": int(cameras)} for label in labels]
        rooms.append({"room": bits[0], "kind": kind, "seats": 0, "stations": stations_})
    return rooms


def _from_sheet(content: bytes) -> list[JSON]:
    headings = []
    for language in ("zh", "en"):
        with force_locale(language):
            headings.append([str(head) for head in words.SHEET_COLUMNS.values()])
    kinds = _kinds()

    def work_through() -> Sheet:
        cells = cells_of(content)
        heads = next((one for one in headings if cells and cells[0][:1] == one[:1]), headings[0])
        return read_sheet(cells, heads, kinds)

    sheet = natively(work_through)
    if sheet.faults:
        sentences = platform().sentences
        columns = [column.value for column in COLUMNS]
        said = []
        for fault in sheet.faults:
            column = fault.column.value if fault.column else ""
            what = sentence(RuleBroken(fault.code, "", **fault.facts), sentences)
            place = f"{letter(columns, column)} {words.SHEET_COLUMNS[column]}" if column else ""
            said.append(("sheet", str(words.ROW_FAULT) % {"row": fault.row, "column": place, "said": what}))
        raise SheetFaults(said)
    return [room.to_json() for room in rooms_of(sheet.rows)]


def _kinds() -> dict[str, str]:
    """What people call a kind of room, in both languages → its value."""
    found: dict[str, str] = {}
    for language in ("zh", "en"):
        with force_locale(language):
            found |= {str(name): value for value, name in words.ROOM_KINDS.items()}
    return found
