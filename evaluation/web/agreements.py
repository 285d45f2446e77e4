"""Agreements with the pools of other cities: the page, and the acts on it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on, read_act
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from evaluation.queries import agreements as queries
from evaluation.services import agreements
from evaluation.web.pages_pool import page

api = APIBlueprint("evaluation_agreements", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_agreement_pages", __name__)


@blueprint.get("/experts/agreements")
@requires(Role.CENTRE, Role.SUPERVISOR)
def listed() -> str:
    """Every agreement; the keeper concludes and ends them here."""
    clock = platform().door.clock
    found = read(lambda session: queries.all_of(session, clock(session)))
    return page("agreements", agreements=found, is_keeper=Role.CENTRE in actor().roles)


@api.post("/pool/agreements")
@requires(Role.CENTRE)
def conclude(body: ActForm) -> tuple[Response, int]:
    """`pool.agreement`."""
    request = read_act(body)
    return jsonify(perform(lambda work: agreements.conclude(work, request))), 201


@api.post("/pool/agreements/ends")
@requires(Role.CENTRE)
def end(body: ActForm) -> Response:
    """`pool.agreement_end`."""
    return act_on(body, agreements.end)
