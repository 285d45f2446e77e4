"""Who may look at a lot and bid in it: the gate before every address of a lot, and the invitation letter with its answer."""

from __future__ import annotations

import re

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from trading.queries import invitations as queries
from trading.services import invitations
from trading.web.forms import LotPath
from trading.web.pages_lots import PARTIES
from trading.web.pages_notices import page
from trading.web.texts_entry import INVITEE_STATES

api = APIBlueprint("trading_entry", __name__, url_prefix="/api/v1")
blueprint = Blueprint("trading_entry_pages", __name__)

_LOT, _NOTICE = re.compile(r"T[0-9]{4}-[0-9]{6}-[0-9]{1,3}"), re.compile(r"T[0-9]{4}-[0-9]{6}-[0-9]{1,3}-N[0-9]{1,4}")


@blueprint.before_app_request
def admit() -> None:
    """Every address of a lot by invitation is closed to who is not invited, whatever it leads to: one place, so that none is forgotten."""
    number, who = str((request.view_args or {}).get("number", "")), actor()
    if _LOT.fullmatch(number):
        read(lambda session: queries.admit(session, number, who))
    elif _NOTICE.fullmatch(number):
        read(lambda session: queries.admit_to_notice(session, number, who))


@blueprint.get("/lots/<number>/invitation")
@requires(*PARTIES, Role.BIDDER)
@quiet
def letter(number: str) -> ResponseReturnValue:
    """The invitation letter: for an invitee with its own answer, for who invites with the invitees."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: queries.letter(session, number, who, clock(session)))
    return page("invitation", view=view, STATES=INVITEE_STATES)


@api.post("/lots/<number>/invitation/answer")
@requires(Role.BIDDER)
@quiet
def answer(path: LotPath, body: ActForm) -> Response:
    """`invitation.answer`."""
    asked = read_act(body)
    return jsonify(perform(lambda work: invitations.answer(work, path.number, asked)))
