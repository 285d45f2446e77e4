"""The API of a member's replacement: their own word, or the note of the centre or the supervisor."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.guard import requires
from evaluation.services import leaving
from evaluation.web.forms import ActForm, LotPath

api = APIBlueprint("evaluation_leaving", __name__, url_prefix="/api/v1")


@api.post("/lots/<number>/evaluation/departures")
@requires(Role.EXPERT)
def leave(path: LotPath, body: ActForm) -> Response:
    """A member leaves and is replaced (`room.leave`)."""
    return act_on(body, leaving.leave, path.number)


@api.post("/lots/<number>/evaluation/replacements")
@requires(Role.CENTRE, Role.SUPERVISOR)
def replace(path: LotPath, body: ActForm) -> Response:
    """The centre notes why a member is replaced, the supervisor where a recusal was found later (`room.replace`)."""
    return act_on(body, leaving.replace, path.number)
