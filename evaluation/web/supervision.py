"""Supervision: every room under way, one room as the supervisor sees it, the supervisor's acts and the answers to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.supervision import Action as MeasureAction
from evaluation.queries import calls as call_queries
from evaluation.queries import host_calls
from evaluation.queries import pages as page_queries
from evaluation.queries import supervision as queries
from evaluation.queries import unlocks as unlock_queries
from evaluation.queries.supervision import Measures, MeasureView
from evaluation.services import supervision
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.pages import newest, page, room_of, stages
from evaluation.web.rooms import act

api = APIBlueprint("evaluation_supervision", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_supervision_pages", __name__)
WORDS: dict[str, Any] = {"MeasureAction": MeasureAction}


@blueprint.get("/supervision")
@requires(Role.SUPERVISOR)
def index() -> str:
    """Every room under way."""
    who = actor()
    rows = read(lambda session: page_queries.all_rooms(session, who))
    alarms = read(lambda session: call_queries.alarms(session, who))
    return page("supervision_index", rows=rows, alarms=alarms, evidence=read(page_queries.evidence))


@blueprint.get("/lots/<number>/supervision")
@requires(Role.SUPERVISOR)
def watch(number: str) -> str:
    """One room as the supervisor sees it: steps and seats, no score before the lock."""
    view, who = room_of(number), actor()
    alarms = read(lambda session: call_queries.alarms(session, who, view.lot.id))
    facts = {"evidence": read(page_queries.evidence), "seq": newest(view.lot.case), "alarms": alarms, "measures": measures_of(number)}
    asked = read(lambda session: unlock_queries.of_room(session, view))
    called = read(lambda session: host_calls.of_room(session, view))
    return page("supervision", view=view, stages=stages(view), asked=asked, host=called, **facts, **dues(), **WORDS)


@blueprint.get("/lots/<number>/supervision/acts")
@requires(Role.SUPERVISOR, Role.CENTRE, Role.AGENCY, Role.EXPERT)
def acts(number: str) -> str:
    """The supervisor's acts in a room for who sees them, each with the form of what may be done with it now."""
    found = measures_of(number)
    return page("measures_page", measures=found, lot=found.lot, seq=newest(found.lot.case), **dues(), **WORDS)


def dues() -> dict[str, object]:
    """The due times that forms propose: half an hour for an answer, two hours in the signed text of a pause at one press."""
    now = read(platform().door.clock)
    return {"soon": now + timedelta(minutes=30), "later": clock.text(now + timedelta(hours=2))}


def measures_of(number: str) -> Measures:
    """The acts of a lot's room for the caller."""
    path, who, moment = LotPath(number=number), actor(), platform().door.clock
    return read(lambda session: queries.of_room(session, who, path.number, moment(session)))


# The API


@api.get("/lots/<number>/supervision/acts")
@requires(Role.SUPERVISOR, Role.CENTRE, Role.AGENCY, Role.EXPERT)
def listed(path: LotPath) -> Response:
    """The supervisor's acts in a room: for supervisors all, for the host that they are, for others their own."""
    found = measures_of(path.number)
    return jsonify({"paused": found.is_paused, "acts": [_measure(one) for one in found.rows]})


@api.post("/lots/<number>/supervision/acts")
@requires(Role.SUPERVISOR)
def issue(path: LotPath, body: ActForm) -> Response:
    """A supervisor asks, warns, pauses the room, or has a recusal looked into (`supervision.act`)."""
    return act(path, body, supervision.issue)


@api.post("/lots/<number>/supervision/answers")
@requires(Role.CENTRE, Role.AGENCY, Role.EXPERT)
def answer(path: LotPath, body: ActForm) -> Response:
    """Who was addressed answers (`supervision.answer`)."""
    return act(path, body, supervision.answer)


@api.post("/lots/<number>/supervision/urgings")
@requires(Role.SUPERVISOR)
def urge(path: LotPath, body: ActForm) -> Response:
    """The supervisor urges, or asks again, with a new due time (`supervision.urge`)."""
    return act(path, body, supervision.urge)


@api.post("/lots/<number>/supervision/resumptions")
@requires(Role.SUPERVISOR)
def resume(path: LotPath, body: ActForm) -> Response:
    """The paused room goes on (`supervision.resume`)."""
    return act(path, body, supervision.resume)


@api.post("/lots/<number>/supervision/closings")
@requires(Role.SUPERVISOR)
def close(path: LotPath, body: ActForm) -> Response:
    """The supervisor is satisfied with an answer (`supervision.close`)."""
    return act(path, body, supervision.close)


def _measure(one: MeasureView) -> JSON:
    words: list[JSON] = [{"what": word.what, "by": word.by, "at": clock.text(word.at), "text": word.text} for word in one.words]
    return {
        "no": one.no,
        "measure": one.measure.value,
        "to": one.to,
        "act_sha256": one.sha256,
        "at": clock.text(one.at),
        "due": clock.text(one.due),
        "state": one.state.value,
        "late": one.is_late,
        "reason": one.reason,
        "words": words,
    }
