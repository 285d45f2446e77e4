"""Calls: the expert's page and answer, and the door through which the telephone's keys come in; none of it names a project."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on, me
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.guard import public, requires
from evaluation.domain.calling import OWN_CAUSES, KeypadAnswer
from evaluation.queries import calls as queries
from evaluation.queries import draws as draw_queries
from evaluation.queries.calls import OwnCall
from evaluation.services import calls as services
from evaluation.web.forms import ActForm, CallPath, KeypadForm
from evaluation.web.pages import page
from evaluation.web.texts_calls import CAUSES

api = APIBlueprint("evaluation_calls", __name__, url_prefix="/api/v1")
keys = APIBlueprint("evaluation_keys", __name__, url_prefix="/api/v1")  # posted by the gateway, which has no session and no form's token
blueprint = Blueprint("evaluation_call_pages", __name__)


@blueprint.get("/me/calls")
@requires(Role.EXPERT)
def own() -> str:
    """The calls of this expert: when, where, and the answer."""
    person = me()
    found = read(lambda session: queries.own_calls(session, person))
    return page("own_calls", calls=found, causes=[(cause.value, CAUSES[cause.value]) for cause in OWN_CAUSES])


@api.get("/me/calls")
@requires(Role.EXPERT)
def own_calls() -> Response:
    """The calls of this expert; nothing of the project."""
    person = me()
    return jsonify({"calls": [_as_json(one) for one in read(lambda session: queries.own_calls(session, person))]})


@api.get("/me/seats")
@requires(Role.EXPERT)
def own_seats() -> Response:
    """The seats that this expert holds in formed committees."""
    person = me()
    found = read(lambda session: draw_queries.calls(session, person))
    names = ("number", "case", "lot", "draw", "id", "seat", "site", "state")
    return jsonify({"seats": [{name: getattr(seat, name) for name in names} for seat in found]})


@api.post("/calls/<call>/answers")
@requires(Role.EXPERT)
def answer(path: CallPath, body: ActForm) -> Response:
    """The expert will come, or cannot (`call.answer`, signed for the call's own number)."""
    return act_on(body, services.answer, path.call)


@keys.post("/calls/<call>/keys")
@public
def keypad(path: CallPath, body: KeypadForm) -> Response:
    """A key pressed on the telephone, signed by the voice gateway: 1 comes, 2 cannot. Sent again it changes nothing."""
    said = KeypadAnswer.read(body.model_dump())
    if said.call != path.call:
        raise RuleBroken("draw.call.other")
    return jsonify(perform(lambda work: services.keypad(work, said)))


def _as_json(call: OwnCall) -> dict[str, JSON]:
    return {
        "call": call.number,
        "at": clock.text(call.assemble_at),
        "site": call.site,
        "city": call.city,
        "reply_until": None if call.reply_until is None else clock.text(call.reply_until),
        "state": call.state.value,
        "is_open": call.is_open,
    }
