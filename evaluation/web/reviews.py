"""Review and votes: the pages, and the API of what members sign there."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from evaluation.queries import vote_page as queries
from evaluation.services import votes
from evaluation.web import texts_reviews as texts
from evaluation.web.desks import key_of
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.pages import page, stages

api = APIBlueprint("evaluation_votes", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_vote_pages", __name__)


@blueprint.get("/lots/<number>/evaluation/votes")
@requires(Role.EXPERT, Role.SUPERVISOR)
def show(number: str) -> str:
    """What was failed and by whom, the ballot, and how each member voted once it is decided."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: queries.vote_page(session, who, path.number))
    return page("votes", view=found.room, votes=found, stages=stages(found.room), COMPETITIONS=texts.COMPETITIONS, key=key_of(found.room))


@api.post("/lots/<number>/evaluation/rejection-votes")
@requires(Role.EXPERT)
def vote_rejection(path: LotPath, body: ActForm) -> Response:
    """A member votes on every bid that somebody failed (`rejection.vote`)."""
    return act_on(body, votes.vote_rejection, path.number)


@api.post("/lots/<number>/evaluation/competition-votes")
@requires(Role.EXPERT)
def vote_competition(path: LotPath, body: ActForm) -> Response:
    """A member votes whether competition is clearly lacking (`competition.vote`)."""
    return act_on(body, votes.vote_competition, path.number)
