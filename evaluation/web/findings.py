"""The API of what members answer to findings of the consistency checks."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.guard import requires
from evaluation.services import findings
from evaluation.web.forms import ActForm, LotPath

api = APIBlueprint("evaluation_findings", __name__, url_prefix="/api/v1")


@api.post("/lots/<number>/evaluation/finding-answers")
@requires(Role.EXPERT)
def answer(path: LotPath, body: ActForm) -> Response:
    """A member scores an objective item that differs again, or says why the difference stands (`finding.answer`)."""
    return act_on(body, findings.answer, path.number)
