"""An order to evaluate again: the page on which it is given, and its API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from trading.queries import reevaluations as queries
from trading.services import reevaluations
from trading.web.forms import LotPath
from trading.web.pages_notices import page

blueprint = Blueprint("trading_reevaluation_pages", __name__)
api = APIBlueprint("trading_reevaluations", __name__, url_prefix="/api/v1")


@api.post("/lots/<number>/reevaluation")
@requires(Role.SUPERVISOR, Role.TENDERER)
def order(path: LotPath, body: ActForm) -> Response:
    """The original committee reviews items again (`reevaluation.order`)."""
    request = read_act(body)
    return jsonify(perform(lambda work: reevaluations.order(work, path.number, request)))


@blueprint.get("/lots/<number>/reevaluation")
@requires(Role.TENDERER, Role.CENTRE, Role.SUPERVISOR)
def order_page(number: str) -> str:
    """The orders of a lot, and for whoever may give one the form of it."""
    who, clock = actor(), platform().door.clock
    return page("reevaluation", view=read(lambda session: queries.order_page(session, number, who, clock(session))))
