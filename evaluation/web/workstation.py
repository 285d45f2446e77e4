"""The pages of one member's own work: the workstation with document, sheet and discussion, the sheet as it is signed, the discussion."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.headers import needs_wasm
from evaluation.domain.sheet import rules_of
from evaluation.queries import desks, discussions, host_calls, tender_papers
from evaluation.queries import rooms as room_queries
from evaluation.queries.rooms import RoomView, SheetView
from evaluation.web.desks import buffer_key, key_of
from evaluation.web.forms import BidPath, LotPath
from evaluation.web.pages import newest, page, stages
from evaluation.web.questions import WORDS as QUESTION_WORDS
from evaluation.web.rooms import file_address
from trading.web.texts_hall import ODDITIES

blueprint = Blueprint("evaluation_workstation", __name__)


@blueprint.get("/lots/<number>/evaluation/bids/<code>")
@requires(Role.EXPERT)
def workstation(number: str, code: str) -> ResponseReturnValue:
    """The expert's workstation: the document beside the score sheet of one bid, and the discussion."""
    path, who = BidPath(number=number, code=code), actor()
    sheet = read(lambda session: room_queries.own_sheet_or_none(session, who, path.number))
    if sheet.room.is_paused:
        return redirect(f"/lots/{path.number}/evaluation", 303)
    files = read(lambda session: room_queries.files(session, who, path.number, path.code))
    desk = read(lambda session: desks.desk(session, who, path.number))
    talked = read(lambda session: discussions.view(session, who, path.number))
    row = next((one for one in sheet.rows if one.code == path.code), None)
    if row is None:  # never another's sheet beside these documents
        raise NotFound("evaluation.bid_not_found")
    shown = next((one for one in files if one.sha256 == request.args.get("file")), files[0] if files else None)
    view = sheet.room
    facts = _beside(view) | {"sheet": sheet, "row": row, "files": files, "shown": shown, "ODDITIES": ODDITIES, "talked": talked}
    facts["address"] = file_address(path.number, path.code, shown.sha256) if shown else ""
    needs_wasm()
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
    facts = {"talked": talked, "titles": titles(view), "buffer_key": key_of(view)}
    return page("discussion", view=view, stages=stages(view), seq=newest(view.lot.case), **facts)


def titles(view: RoomView) -> dict[str, str]:
    """The words of each criterion of the method by its id."""
    method = view.lot.method
    every = [rules_of(method, view.lot.score_rules, (), part) for part in dict.fromkeys(row["part"] for row in method.get("criteria", ()))]
    return {one.id: one.title for rules in every for one in rules.criteria}


def _beside(view: RoomView) -> dict[str, object]:
    """What stands beside the bids: the tender's papers, the one of them that is open, the page that is asked for, calls for the host."""
    who = actor()
    papers = read(lambda session: tender_papers.of_room(session, who, view))
    host = read(lambda session: host_calls.of_room(session, view))
    opened = {"paper": papers.find(request.args.get("doc", "")), "place": _place(request.args.get("page", ""))}
    return {"papers": papers, "host": host, **opened, **QUESTION_WORDS}


def _place(said: str) -> int:
    """The page of a document that is asked for, the first where none is."""
    return int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 6 else 1


def _open_elsewhere(sheet: SheetView, code: str) -> dict[str, object]:
    """How many items are open on the sheets of the other bids, and where the next of them stands."""
    wanted = len(sheet.criteria)
    others = [row for row in sheet.rows if row.code != code]
    after = [row for row in others if row.code > code] + [row for row in others if row.code < code]
    next_open = next((row.code for row in after if row.filled() < wanted), "")
    address = f"/lots/{sheet.room.lot.number}/evaluation/bids/{next_open}" if next_open else ""
    return {"open_elsewhere": sum(wanted - row.filled() for row in others), "next_open": address}
