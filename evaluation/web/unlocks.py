"""The API of reopened sheets and of members who do not sign the report."""

from __future__ import annotations

from flask import Response
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.guard import requires
from evaluation.services import report_refusals, unlocks
from evaluation.web.forms import ActForm, LotPath

api = APIBlueprint("evaluation_unlocks", __name__, url_prefix="/api/v1")


@api.post("/lots/<number>/evaluation/unlocks")
@requires(Role.EXPERT)
def ask(path: LotPath, body: ActForm) -> Response:
    """A member asks to write a signed sheet again (`sheet.unlock.ask`)."""
    return act_on(body, unlocks.ask, path.number)


@api.post("/lots/<number>/evaluation/unlock-decisions")
@requires(Role.EXPERT, Role.CENTRE)
def decide(path: LotPath, body: ActForm) -> Response:
    """The host, the chair, or who stands in for the chair, decides on a request (`sheet.unlock.decide`)."""
    return act_on(body, unlocks.decide, path.number)


@api.post("/lots/<number>/evaluation/report/deadline")
@requires(Role.EXPERT)
def set_deadline(path: LotPath, body: ActForm) -> Response:
    """The chair says until when the report is to be signed (`report.deadline`)."""
    return act_on(body, report_refusals.set_deadline, path.number)


@api.post("/lots/<number>/evaluation/report/refusals")
@requires(Role.CENTRE)
def note(path: LotPath, body: ActForm) -> Response:
    """The host notes after the deadline that a member did not sign (`report.refusal`)."""
    return act_on(body, report_refusals.note, path.number)
