"""The list of a lot's deposits after the opening: a page, and its part of the JSON API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask_openapi3.blueprint import APIBlueprint

from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import quiet, requires
from deposits.web.shown import line_json
from deposits.web.texts import WORDS
from trading.queries.deposits import DepositList, deposit_list
from trading.web.forms_opening import LotPath

api = APIBlueprint("trading_deposits", __name__, url_prefix="/api/v1")
blueprint = Blueprint("trading_deposit_pages", __name__)
READERS = (Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR, Role.FINANCE)


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
    return jsonify({"lot": path.number, "amount_fen": asked, "deposits": [line_json(view) for view in found.deposits]})


@blueprint.get("/lots/<number>/deposits")
@requires(*READERS)
@quiet
def page(number: str) -> str:
    """The same as a page."""
    found = _list(number)
    return render_template("deposits/list.html", lot=found.lot, deposits=found.deposits, **WORDS)
