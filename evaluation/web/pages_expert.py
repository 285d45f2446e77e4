"""An expert's own page: what the pool knows of them, what they declare, agree to and withdraw, and their numbers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from core.identity.web.acts import me
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from evaluation.domain.expert import Purpose
from evaluation.domain.expert_said import CONSENT_VERSION, kept_until
from evaluation.queries import expert_pages as queries
from evaluation.services import consents
from evaluation.web import texts_pool as words
from evaluation.web.pages_pool import opened, page, sealed_numbers

blueprint = Blueprint("evaluation_expert_pages", __name__)


@blueprint.get("/me/expert")
@requires(Role.EXPERT)
def own() -> ResponseReturnValue:
    """Declaration and consent (声明与授权)."""
    return _own([])


@blueprint.post("/me/expert/contact")
@requires(Role.EXPERT)
def contact() -> ResponseReturnValue:
    """Takes one's own numbers under seal."""
    try:
        number = perform(consents.own_number)
        sealed = sealed_numbers(number)
        perform(lambda work: consents.keep(work, number, sealed))
    except Refusal as refusal:
        return _own([("", sentence(refusal, platform().sentences))]), status_of(refusal)
    flash(str(words.DONE), "ok")
    return redirect("/me/expert", 303)


def _own(errors: list[tuple[str, str]]) -> str:
    person, roles, clock = me(), actor().roles, platform().door.clock
    view = read(lambda session: queries.own(session, person, roles, clock(session)))
    day = legal_day(read(clock))
    asked = {one: {"purpose": one.value, "version": CONSENT_VERSION, "until": kept_until(one, day).isoformat()} for one in Purpose}
    told = opened(view.line.number) if view else {}
    return page("expert_own", view=view, errors=errors, asked=asked, secrets=told)
