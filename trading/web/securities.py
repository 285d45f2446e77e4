"""The winner's performance security: a page for the lot's parties and the winner, and the tenderer's word that gives it back."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from deposits.web.texts import WORDS
from deposits.web.texts_guarantees import WORDS as GUARANTEE_WORDS
from deposits.web.texts_performance import SECURITY_FORMS
from trading.queries.deposits import READERS, security_page
from trading.services import deposit_acts
from trading.web.forms_opening import LotPath

api = APIBlueprint("trading_securities", __name__, url_prefix="/api/v1")
blueprint = Blueprint("trading_security_pages", __name__)


@blueprint.get("/lots/<number>/security")
@requires(*READERS, Role.BIDDER)
@quiet
def security(number: str) -> str:
    """What the winner is asked for, whether it is there, and how it is given or given back."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: security_page(session, number, who, clock(session)))
    return render_template("deposits/security.html", view=view, **WORDS, **GUARANTEE_WORDS, SECURITY_FORMS=SECURITY_FORMS)


@api.post("/lots/<number>/security/return")
@requires(Role.TENDERER)
@quiet
def give_back(path: LotPath, body: ActForm) -> Response:
    """`performance.return` {performed_on, note}, step-up: the contract was performed, and the security goes back."""
    request = read_act(body)
    return jsonify(perform(lambda work: deposit_acts.return_security(work, path.number, request)))
