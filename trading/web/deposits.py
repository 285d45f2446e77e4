"""The list of a lot's deposits after the opening: a page, and its part of the JSON API."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import as_workbook
from deposits.queries.treasuries import in_force
from deposits.web import texts_guarantees
from deposits.web.listed import COLUMNS, SHEET, row_of, totals
from deposits.web.shown import line_json
from deposits.web.texts import WORDS
from deposits.web.texts_holds import WORDS as ORDER_WORDS
from trading.queries.deposits import READERS, DepositList, deposit_list, deposit_page
from trading.services import deposit_acts
from trading.web.forms_opening import LotPath
from trading.web.guarantees import listed_json

api = APIBlueprint("trading_deposits", __name__, url_prefix="/api/v1")
blueprint = Blueprint("trading_deposit_pages", __name__)


def _list(number: str) -> DepositList:
    who = actor()
    return read(lambda session: deposit_list(session, number, who))


@api.get("/lots/<number>/deposits", summary="All deposits of a lot, after the opening")
@requires(*READERS)
@quiet
def deposits(path: LotPath) -> Response:
    """Who has paid, and what has gone back."""
    found = _list(path.number)
    asked = None if found.lot.deposit is None else found.lot.deposit.fen
    paid, guaranteed = [line_json(view) for view in found.deposits], [listed_json(view) for view in found.guarantees]
    return jsonify({"lot": path.number, "amount_fen": asked, "deposits": paid, "guarantees": guaranteed})


@blueprint.get("/lots/<number>/deposits")
@requires(*READERS)
@quiet
def page(number: str) -> str:
    """The same as a page."""
    found = _list(number)
    words = {**WORDS, **texts_guarantees.WORDS, "guarantees": found.guarantees}
    return render_template("deposits/list.html", lot=found.lot, deposits=found.deposits, totals=totals(found.deposits), **words)


@blueprint.get("/lots/<number>/deposits.xlsx")
@requires(*READERS)
@quiet
def sheet(number: str) -> Response:
    """The same as a workbook, without account numbers."""
    return as_workbook(SHEET, COLUMNS, [row for view in _list(number).deposits for row in row_of(view)], f"{number}-deposits.xlsx")


@blueprint.get("/lots/<number>/deposits/<uuid:deposit>")
@requires(*READERS)
@quiet
def one(number: str, deposit: UUID) -> str:
    """One deposit: what was ordered about it, and the forms of those who may order something."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: deposit_page(session, number, deposit, who, clock(session)))
    return render_template("deposits/orders.html", view=view, treasury=read(in_force), **WORDS, **ORDER_WORDS)


Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


def _act(path: LotPath, body: ActForm, service: Service) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, request)))


@api.post("/lots/<number>/deposits/holds")
@requires(Role.SUPERVISOR, Role.FINANCE, Role.TENDERER)
@quiet
def place_hold(path: LotPath, body: ActForm) -> Response:
    """`hold.place` {deposit, kind, reason, document, until}, step-up: a deposit waits until the end of a day."""
    return _act(path, body, deposit_acts.place_hold)


@api.post("/lots/<number>/deposits/holds/lift")
@requires(Role.SUPERVISOR, Role.FINANCE, Role.TENDERER)
@quiet
def lift_hold(path: LotPath, body: ActForm) -> Response:
    """`hold.lift` {hold_sha256, reason}, step-up: by the office that orders such holds."""
    return _act(path, body, deposit_acts.lift_hold)


@api.post("/lots/<number>/deposits/forfeitures")
@requires(Role.TENDERER)
@quiet
def decide(path: LotPath, body: ActForm) -> Response:
    """`forfeit.decide` {deposit, amount_fen, ground, clause, document_sha256, reason, payee_name, payee_account, payee_bank}, step-up."""
    return _act(path, body, deposit_acts.decide)


@api.post("/lots/<number>/deposits/forfeitures/note")
@requires(Role.SUPERVISOR)
@quiet
def note(path: LotPath, body: ActForm) -> Response:
    """`forfeit.note` {decision_sha256, agrees, text}, step-up: the supervisor speaks to a decision."""
    return _act(path, body, deposit_acts.note)


@api.post("/lots/<number>/deposits/forfeitures/waive")
@requires(Role.TENDERER)
@quiet
def waive(path: LotPath, body: ActForm) -> Response:
    """`forfeit.waive` {deposit, reason}, step-up: a deposit that waited for a decision goes back."""
    return _act(path, body, deposit_acts.waive)
