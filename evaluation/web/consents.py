"""The API of an expert's own entry: what is declared, agreed to and withdrawn, and what is still asked for."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on, me
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.web.door import read
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.expert import Purpose, bar_to
from evaluation.domain.expert_said import CONSENT_VERSION, kept_until
from evaluation.queries import experts
from evaluation.services import consents

api = APIBlueprint("evaluation_consents", __name__, url_prefix="/api/v1")


@api.get("/me/expert")
@requires(Role.EXPERT)
def own() -> Response:
    """The caller's own entry: its number, whether it may be drawn today, and what `expert.consent` says when it is signed today."""
    person, clock = me(), platform().door.clock
    day = legal_day(read(clock))
    facts = read(lambda session: experts.by_person(session, person, day))
    if facts is None:
        raise NotFound("expert.not_found")
    bar = bar_to(facts, day)
    asked = [
        {"purpose": one.value, "version": CONSENT_VERSION, "until": kept_until(one, day).isoformat(), "given": one in facts.consents}
        for one in Purpose
    ]
    return jsonify({"expert": facts.number, "state": facts.state.value, "bar": bar.value if bar else "", "consents": asked})


@api.post("/me/expert/declaration")
@requires(Role.EXPERT)
def declare(body: ActForm) -> Response:
    """`expert.declare`."""
    return act_on(body, consents.declare)


@api.post("/me/expert/consents")
@requires(Role.EXPERT)
def consent(body: ActForm) -> Response:
    """`expert.consent`."""
    return act_on(body, consents.consent)


@api.post("/me/expert/withdrawals")
@requires(Role.EXPERT)
def withdraw(body: ActForm) -> Response:
    """`expert.withdraw`."""
    return act_on(body, consents.withdraw)
