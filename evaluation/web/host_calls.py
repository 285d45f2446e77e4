"""Calls for the host: the API, and the host's button, which needs no script."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

from flask import Blueprint, Response, jsonify, redirect
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.kernel import clock
from core.kernel.errors import WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from evaluation.queries import host_calls as queries
from evaluation.queries import rooms as room_queries
from evaluation.services import host_calls
from evaluation.web.forms import LotPath, NothingForm

api = APIBlueprint("evaluation_host_calls", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_host_call_pages", __name__)


class HostCallPath(LotPath):
    """A call for the host by its number in the room."""

    no: Annotated[int, Field(ge=1, le=100_000)]


@api.get("/lots/<number>/evaluation/host-calls")
@requires(Role.EXPERT, Role.CENTRE, Role.SUPERVISOR)
def calls(path: LotPath) -> Response:
    """The calls for the host: a member's own, for host and supervisor all."""
    who = actor()
    view = read(lambda session: room_queries.view(session, who, path.number))
    found = read(lambda session: queries.of_room(session, view))
    rows: list[JSON] = [
        {"no": one.no, "seat": one.seat, "at": clock.text(one.at), "answered_at": clock.text(one.answered_at) if one.answered_at else None}
        for one in found.rows
    ]
    return jsonify({"calls": rows})


@api.post("/lots/<number>/evaluation/host-calls")
@requires(Role.EXPERT)
def call(path: LotPath, body: NothingForm) -> Response:
    """A member calls the host to their seat (`host.call`)."""
    return jsonify(perform(lambda work: host_calls.call(work, path.number)))


@api.post("/lots/<number>/evaluation/host-calls/<no>/answer")
@requires(Role.CENTRE)
def answer(path: HostCallPath, body: NothingForm) -> Response:
    """The host saw to a call (`host.answer`)."""
    return jsonify(perform(lambda work: host_calls.answer(work, path.number, path.no)))


@blueprint.post("/lots/<number>/evaluation/host-calls/<int:no>")
@requires(Role.CENTRE)
def answer_on_page(number: str, no: int) -> ResponseReturnValue:
    """The same from the room's page; a call that somebody else saw to meanwhile is no fault."""
    path = HostCallPath(number=number, no=no)
    with suppress(WrongState):
        perform(lambda work: host_calls.answer(work, path.number, path.no))
    return redirect(f"/lots/{path.number}/evaluation", 303)
