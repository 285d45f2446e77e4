"""Pages of applications: the desk where one is sealed, and the closed room where they are opened."""

from __future__ import annotations

from flask import Blueprint

from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.web.door import actor, read
from core.web.filters import beijing
from core.web.guard import quiet, requires
from core.web.headers import needs_wasm
from core.web.platform import platform
from trading.queries import applications_room
from trading.queries.bid_page import bid_page
from trading.web.forms_opening import FilePath, LotPath
from trading.web.pages_bids import page, shown
from trading.web.texts_applications import ROOM_WORDS, TITLE

blueprint = Blueprint("trading_application_pages", __name__)


@blueprint.get("/lots/<number>/application")
@requires(Role.BIDDER)
@quiet
def desk(number: str) -> str:
    """Where an application is sealed, replaced and withdrawn."""
    path, who, clock = LotPath(number=number), actor(), platform().door.clock
    view = read(lambda session: bid_page(session, who, path.number, clock(session), Purpose.APPLICATION))
    needs_wasm()
    envelopes = [shown(entry) | {"title": str(TITLE)} for entry in view.bid.call.envelopes]
    return page("application", view=view, envelopes=envelopes)


@blueprint.get("/lots/<number>/application/files/<sha256>")
@requires(Role.CENTRE, Role.SUPERVISOR, Role.TENDERER, Role.AGENCY, Role.EXPERT)
@quiet
def file(number: str, sha256: str) -> str:
    """A file of an opened application in the reader's watermarked viewer; an odd one is not opened here."""
    path, who, clock = FilePath(number=number, sha256=sha256), actor(), platform().door.clock
    view = read(lambda session: applications_room.opened_file(session, who, path.number, path.sha256))
    seen_at = read(lambda session: beijing(clock(session)))
    return page("application_file", view=view, watermark=f"{who.name} {seen_at}", **ROOM_WORDS)


@blueprint.get("/lots/<number>/applications")
@requires(Role.CENTRE, Role.SUPERVISOR, Role.TENDERER, Role.AGENCY)
def room(number: str) -> str:
    """The closed room: the host has the offices open the applications, the others watch."""
    path, who, clock = LotPath(number=number), actor(), platform().door.clock
    view = read(lambda session: applications_room.room(session, who, path.number, clock(session)))
    return page("applications", view=view, **ROOM_WORDS)
