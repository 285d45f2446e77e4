"""The pages of one member's own work: the workstation with document, sheet and discussion, the sheet as it is signed, the discussion."""

from __future__ import annotations

from flask import Blueprint, request

from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.headers import needs_wasm
from evaluation.domain.sheet import rules_of
from evaluation.queries import desks, discussions
from evaluation.queries import rooms as room_queries
from evaluation.queries.rooms import RoomView, SheetView
from evaluation.web.desks import buffer_key
from evaluation.web.forms import BidPath, LotPath
from evaluation.web.pages import newest, page, stages
from evaluation.web.rooms import file_address
from trading.web.texts_hall import ODDITIES

blueprint = Blueprint("evaluation_workstation", __name__)


@blueprint.get("/lots/<number>/evaluation/bids/<code>")
@requires(Role.EXPERT)
def workstation(number: str, code: str) -> str:
    """The expert's workstation: the document beside the score sheet of one bid, and the discussion."""
    path, who = BidPath(number=number, code=code), actor()
    sheet = read(lambda session: room_queries.own_sheet(session, who, path.number))
    files = read(lambda session: room_queries.files(session, who, path.number, path.code))
    desk = read(lambda session: desks.desk(session, who, path.number))
    talked = read(lambda session: discussions.view(session, who, path.number))
    row = next((one for one in sheet.rows if one.code == path.code), sheet.rows[0])
    shown = next((one for one in files if one.sha256 == request.args.get("file")), files[0] if files else None)
    address = file_address(path.number, path.code, shown.sha256) if shown else ""
    needs_wasm()
    view = sheet.room
    facts = {"sheet": sheet, "row": row, "files": files, "shown": shown, "address": address, "ODDITIES": ODDITIES, "talked": talked}
    facts |= {"draft_seq": desk.drafts.get(row.code, 0), "buffer_key": buffer_key(desk.seat), "titles": titles(view)}
    return page("workstation", view=view, stages=stages(view), seq=newest(view.lot.case), **facts, **_open_elsewhere(sheet, row.code))


@blueprint.get("/lots/<number>/evaluation/sheet")
@requires(Role.EXPERT)
def sheet(number: str) -> str:
    """The whole sheet as it will be signed."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: room_queries.own_sheet(session, who, path.number))
    return page("sheet", view=found.room, sheet=found, stages=stages(found.room))


@blueprint.get("/lots/<number>/evaluation/discussion")
@requires(Role.EXPERT, Role.SUPERVISOR)
def discussion(number: str) -> str:
    """The committee's discussion: for its members, and from the summary on for supervisors."""
    path, who = LotPath(number=number), actor()
    talked = read(lambda session: discussions.view(session, who, path.number))
    view = talked.room
    return page("discussion", view=view, stages=stages(view), seq=newest(view.lot.case), talked=talked, titles=titles(view))


def titles(view: RoomView) -> dict[str, str]:
    """The words of each criterion of the method by its id."""
    method = view.lot.method
    every = [rules_of(method, view.lot.score_rules, (), part) for part in dict.fromkeys(row["part"] for row in method.get("criteria", ()))]
    return {one.id: one.title for rules in every for one in rules.criteria}


def _open_elsewhere(sheet: SheetView, code: str) -> dict[str, object]:
    """How many items are open on the sheets of the other bids, and where the next of them stands."""
    wanted = len(sheet.criteria)
    others = [row for row in sheet.rows if row.code != code]
    after = [row for row in others if row.code > code] + [row for row in others if row.code < code]
    next_open = next((row.code for row in after if row.filled() < wanted), "")
    address = f"/lots/{sheet.room.lot.number}/evaluation/bids/{next_open}" if next_open else ""
    return {"open_elsewhere": sum(wanted - row.filled() for row in others), "next_open": address}
