"""Whoever supervises says for what purpose before anything of a session is shown, and each page and document that is opened is noted."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import wants_json
from core.web.platform import platform
from evaluation.queries import rooms, viewing
from evaluation.queries.stage import is_over
from evaluation.services import viewing as service
from trading.queries import lots

FREE = frozenset({"supervision/purpose", "supervision/acts", "supervision/views", "drill", "drill.xlsx"})
"""What needs no purpose: where it is asked for, one's own correspondence, the list of views, and the report of a drill."""


def note() -> ResponseReturnValue | None:
    """Asked before every page and answer about a lot's evaluation that a supervisor reads; what is public anyway, and lots without a room,
    need none. Raises NotAllowed for programs that have no view."""
    number = (request.view_args or {}).get("number")
    view = current_app.view_functions.get(request.endpoint or "")
    who = actor()
    if request.method != "GET" or not number or Role.SUPERVISOR not in who.roles or getattr(view, "__gate__", "public") == "public":
        return None
    what = _named(str(number))
    if what in FREE:
        return None
    moment = platform().door.clock
    try:
        lot = read(lambda session: lots.by_number(session, number))
    except NotFound:
        return None
    if is_over(lot) or read(lambda session: rooms.evaluation_id(session, lot.id)) is None:
        return None
    known = read(lambda session: viewing.has_looked(session, who, lot, what, moment(session)))
    if known is None:
        return _ask(str(number))
    if not known:
        perform(lambda work: service.look(work, number, what))
    return None


def _named(number: str) -> str:
    """What is opened, by its place under the lot; of a stream and a recording the seat or the tape, without the view's own id."""
    said, what = request.view_args or {}, request.path.partition(f"/lots/{number}/")[2]
    if "view" not in said:
        return what
    return "evaluation/video" + next((f"/{name}s/{said[name]}" for name in ("seat", "tape") if name in said), "")


def _ask(number: str) -> ResponseReturnValue:
    if wants_json():
        raise NotAllowed("view.purpose_needed")
    asked = f"/lots/{number}/supervision/purpose?" + urlencode({"next": request.full_path.removesuffix("?")})
    if request.headers.get("HX-Request"):  # a part of a page whose view is over: the whole page goes there
        return Response(status=204, headers={"HX-Redirect": asked})
    return redirect(asked, 303)
