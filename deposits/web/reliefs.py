"""Reliefs from deposits: their page for the centre, the supervisor and firms, and the acts that are signed there."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import read_act
from core.identity.web.posted import posted
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm, Query
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import as_workbook
from deposits.domain.relief import FREE, MOVES, WAIVE, Freed, Waiver
from deposits.queries import reliefs as queries
from deposits.queries.reliefs import ReliefView
from deposits.services import reliefs as services
from deposits.web import texts_reliefs as words
from deposits.web.forms import NothingForm, Uuid

api = APIBlueprint("deposit_reliefs", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_relief_pages", __name__)
DECIDING = (Role.CENTRE, Role.SUPERVISOR)


class ReliefPath(Query):
    """A relief."""

    relief: Uuid


class FirmQuery(Query):
    """A firm by its unified social credit code, to be waived."""

    firm: Annotated[str, Field(max_length=18)] = ""


def _seen() -> tuple[ReliefView, ...]:
    who, clock = actor(), platform().door.clock
    if who.roles & frozenset(DECIDING):
        return queries.sought(read(queries.listed), _sought(), _standing())
    return read(lambda session: queries.standing(session, who.org, clock(session)))


def _sought() -> str:
    return request.args.get("q", "").strip()[:60]


def _standing() -> bool:
    return request.args.get("standing", "") == "1"


@blueprint.get("/deposits/reliefs")
@requires(*DECIDING, Role.BIDDER)
@quiet
def reliefs() -> ResponseReturnValue:
    """All reliefs for those who decide about them; for a firm those that hold, of waivers its own."""
    return _page([], 200)


def _page(errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    roles, found, asked = actor().roles, _seen(), FirmQuery.model_validate(request.args.to_dict()).firm
    may = {view.id: [action.value for action in MOVES.available(view.state, roles, None)] for view in found}
    firm = read(lambda session: queries.firm(session, asked)) if asked and Role.CENTRE in roles else None
    parts = {"kinds": [view for view in found if isinstance(view.said, Freed)], "waived": [v for v in found if isinstance(v.said, Waiver)]}
    facts = parts | {"may": may, "asked": asked, "firm": firm, "errors": errors, "roles": {role.value for role in roles}}
    asked_for = {"sought": _sought(), "standing": _standing()}
    return render_template("deposits/reliefs.html", **facts, **asked_for, **words.WORDS), status


@blueprint.get("/deposits/reliefs.xlsx")
@requires(*DECIDING)
@quiet
def reliefs_sheet() -> Response:
    """The same as a workbook, as far as it is sought."""
    return as_workbook(words.SHEET, words.COLUMNS, [words.row_of(view) for view in _seen()], "reliefs.xlsx")


@blueprint.post("/deposits/reliefs/<uuid:relief>/set-aside")
@requires(*DECIDING)
@quiet
def set_aside_here(relief: UUID) -> ResponseReturnValue:
    """What waits for a second signature waits no more, and back to the page."""
    done = posted(NothingForm, lambda form: perform(lambda work: services.set_aside(work, relief)))
    if done.errors:
        return _page(done.errors, done.status)
    flash(str(words.SET_ASIDE), "ok")
    return redirect("/deposits/reliefs", 303)


def _propose(kind: str, body: ActForm) -> tuple[Response, int]:
    signed = read_act(body)
    return jsonify(perform(lambda work: services.propose(work, kind, signed))), 201


@api.post("/deposits/reliefs/freed", summary="Propose that a kind of project asks for no deposit")
@requires(Role.CENTRE)
@quiet
def free(body: ActForm) -> tuple[Response, int]:
    """`deposit.free` {regime, category, region, since, until?, source}, step-up: the first of two signatures."""
    return _propose(FREE, body)


@api.post("/deposits/reliefs/waivers", summary="Propose that a firm is let off a part of its deposits, or all")
@requires(Role.CENTRE)
@quiet
def waive(body: ActForm) -> tuple[Response, int]:
    """`deposit.waive` {org, name, percent, since, until?, source}, step-up: the first of two signatures."""
    return _propose(WAIVE, body)


@api.post("/deposits/reliefs/<relief>/agreement", summary="Agree to a relief that was proposed")
@requires(Role.SUPERVISOR)
@quiet
def agree(path: ReliefPath, body: ActForm) -> Response:
    """The second signature over the same bytes: it holds from now on, within its days."""
    signed = read_act(body)
    return jsonify(perform(lambda work: services.agree(work, UUID(path.relief), signed)))


@api.post("/deposits/reliefs/end", summary="Propose the end of a relief")
@requires(Role.CENTRE)
@quiet
def propose_end(body: ActForm) -> Response:
    """`deposit.relief_end` {relief_sha256, reason}, step-up: the first of two signatures."""
    signed = read_act(body)
    return jsonify(perform(lambda work: services.propose_end(work, signed)))


@api.post("/deposits/reliefs/<relief>/end", summary="Agree to the end of a relief")
@requires(Role.SUPERVISOR)
@quiet
def end(path: ReliefPath, body: ActForm) -> Response:
    """The second signature: it holds for nothing new."""
    signed = read_act(body)
    return jsonify(perform(lambda work: services.end(work, UUID(path.relief), signed)))


@api.post("/deposits/reliefs/<relief>/set-aside", summary="Withdraw what waits for a second signature")
@requires(*DECIDING)
@quiet
def set_aside(path: ReliefPath, body: NothingForm) -> Response:
    """A proposal is dropped; a relief about to be ended stays."""
    return jsonify(perform(lambda work: services.set_aside(work, UUID(path.relief))))
