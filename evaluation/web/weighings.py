"""Prices that are weighed: the committee's page, and the API of what its members sign there."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from evaluation.queries import weighing_page as queries
from evaluation.services import weighings
from evaluation.web import texts_weighings as texts
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.pages import page, stages

api = APIBlueprint("evaluation_weighings", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_weighing_pages", __name__)


@blueprint.get("/lots/<number>/evaluation/weighings")
@requires(Role.EXPERT, Role.SUPERVISOR)
def show(number: str) -> str:
    """Prices with what may be weighed, the form for the bid that is chosen, the ballot, and what was decided with each member's vote."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: queries.page(session, who, path.number))
    chosen = next((one for one in found.bids if one.code == request.args.get("bid")), None)
    wanted = request.args.get("rule")
    preference = next((one for one in chosen.claimed if one.id == wanted), None) if chosen else None
    facts = {"chosen": chosen, "preference": preference, **texts.WORDS}
    return page("weighings", view=found.room, found=found, stages=stages(found.room), **facts)


@api.post("/lots/<number>/evaluation/weighings")
@requires(Role.EXPERT)
def propose(path: LotPath, body: ActForm) -> Response:
    """A member would have a deviation weighed or a preference confirmed (`weighing.propose`)."""
    return act_on(body, weighings.propose, path.number)


@api.post("/lots/<number>/evaluation/weighing-votes")
@requires(Role.EXPERT)
def vote(path: LotPath, body: ActForm) -> Response:
    """A member votes on a proposal; the last vote decides by majority (`weighing.vote`)."""
    return act_on(body, weighings.vote, path.number)
