"""Who may look at a lot and bid in it: the gate before every address of a lot, the invitation letter with its answer, and consortia."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.errors import Refusal
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from trading.queries import consortium_page
from trading.queries import invitations as queries
from trading.services import consortia, invitations
from trading.web.forms import LotPath
from trading.web.pages_lots import PARTIES
from trading.web.pages_notices import page
from trading.web.posted_drafts import consortium as posted_consortium
from trading.web.texts_entry import CONSORTIUM_STATES, INVITEE_STATES

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


@blueprint.route("/lots/<number>/consortium", methods=["GET", "POST"])
@requires(Role.BIDDER)
@quiet
def consortium(number: str) -> ResponseReturnValue:
    """A firm's own page of consortia; posted, it saves the agreement that is then signed."""
    who, clock = actor(), platform().door.clock
    errors: list[tuple[str, str]] = []
    status = 200
    if request.method == "POST":
        try:
            content = posted_consortium()
            perform(lambda work: consortia.save(work, number, content))
            return redirect(f"{request.path}#sign", 303)
        except Refusal as refusal:
            errors, status = [("", sentence(refusal, platform().sentences))], status_of(refusal)
    view = read(lambda session: consortium_page.page(session, number, who, clock(session)))
    return page("consortium", view=view, errors=errors, values=request.form, STATES=CONSORTIUM_STATES), status


def _formed(service: Callable[[Work, str, SignedRequest], dict[str, JSON]], path: LotPath, body: ActForm) -> Response:
    asked = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, asked)))


@api.post("/lots/<number>/consortium")
@requires(Role.BIDDER)
@quiet
def register(path: LotPath, body: ActForm) -> Response:
    """`consortium.register`."""
    return _formed(consortia.register, path, body)


@api.post("/lots/<number>/consortium/signatures")
@requires(Role.BIDDER)
@quiet
def sign(path: LotPath, body: ActForm) -> Response:
    """`consortium.sign`."""
    return _formed(consortia.sign, path, body)


@api.post("/lots/<number>/consortium/dissolution")
@requires(Role.BIDDER)
@quiet
def dissolve(path: LotPath, body: ActForm) -> Response:
    """`consortium.dissolve`."""
    return _formed(consortia.dissolve, path, body)
