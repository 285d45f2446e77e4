"""Doubted scores: the page, and the API of what is signed there."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from evaluation.queries import doubt_page
from evaluation.services import doubts
from evaluation.web import texts_doubts as texts
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.pages import page, stages

api = APIBlueprint("evaluation_doubts", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_doubt_pages", __name__)


@blueprint.get("/lots/<number>/evaluation/doubts")
@requires(Role.EXPERT, Role.SUPERVISOR)
def show(number: str) -> str:
    """Which scores are doubted, what the viewer has to do about it, and how each member voted once all have."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: doubt_page.doubt_page(session, who, path.number))
    return page("doubts", view=found.room, found=found, stages=stages(found.room), **texts.WORDS)


@api.post("/lots/<number>/evaluation/doubts")
@requires(Role.EXPERT)
def doubt(path: LotPath, body: ActForm) -> Response:
    """A member says that scores of another are too high or too low (`doubt.raise`)."""
    return act_on(body, doubts.doubt, path.number)


@api.post("/lots/<number>/evaluation/doubt-votes")
@requires(Role.EXPERT)
def vote(path: LotPath, body: ActForm) -> Response:
    """A member votes whether a score is abnormal, or whether its explanation holds (`doubt.vote`)."""
    return act_on(body, doubts.vote, path.number)


@api.post("/lots/<number>/evaluation/doubt-answers")
@requires(Role.EXPERT)
def answer(path: LotPath, body: ActForm) -> Response:
    """Whose score was found abnormal explains it, in procurement scores again, or refuses to (`doubt.answer`)."""
    return act_on(body, doubts.answer, path.number)


@api.post("/lots/<number>/evaluation/doubt-silences")
@requires(Role.CENTRE)
def note_silence(path: LotPath, body: ActForm) -> Response:
    """The host notes that no answer came in time (`doubt.silence`)."""
    return act_on(body, doubts.note_silence, path.number)


@api.post("/lots/<number>/evaluation/doubt-replacements")
@requires(Role.EXPERT)
def replace(path: LotPath, body: ActForm) -> Response:
    """The chair notes by which means the scores are replaced (`doubt.replace`)."""
    return act_on(body, doubts.replace, path.number)
