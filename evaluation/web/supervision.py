"""Supervision: every room under way, one room as the supervisor sees it, the supervisor's acts and the answers to them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel import clock
from core.kernel.errors import NotFound, Refusal
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.texts import sentence
from evaluation.domain.recording import chain_of
from evaluation.domain.supervision import Action as MeasureAction
from evaluation.domain.timeline import asked_moment
from evaluation.queries import alarms as alarm_queries
from evaluation.queries import host_calls
from evaluation.queries import pages as page_queries
from evaluation.queries import recordings as recording_queries
from evaluation.queries import supervision as queries
from evaluation.queries import timeline as timeline_queries
from evaluation.queries import unlocks as unlock_queries
from evaluation.queries import viewing as viewing_queries
from evaluation.queries import wall as wall_queries
from evaluation.queries.supervision import Measures, MeasureView
from evaluation.queries.viewing import ViewLine
from evaluation.services import supervision, viewing
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.pages import newest, page, room_of, stages
from evaluation.web.texts_happened import HAPPENED
from evaluation.web.texts_recordings import FORMS, LINES
from evaluation.web.texts_supervision import expert
from trading.queries import lots

api = APIBlueprint("evaluation_supervision", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_supervision_pages", __name__)
blueprint.add_app_template_filter(expert)
WORDS: dict[str, Any] = {
    "MeasureAction": MeasureAction,
    "HAPPENED": HAPPENED,
    "VIDEO_LINES": LINES,
    "VIDEO_FORMS": FORMS,
    "recorded": chain_of,
}


@blueprint.get("/supervision")
@requires(Role.SUPERVISOR)
def index() -> str:
    """The wall: every room in session."""
    who, moment = actor(), platform().door.clock
    now = read(moment)
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    found = read(lambda session: wall_queries.wall(session, who, now, number))
    cases = {case for one in found.sessions for case in (one.case, chain_of(one.case))}
    seqs = {case: newest(case) for case in cases}
    return page("supervision_index", wall=found, seqs=seqs, now=now, **WORDS)


@blueprint.get("/lots/<number>/supervision")
@requires(Role.SUPERVISOR)
def watch(number: str) -> ResponseReturnValue:
    """One room as the supervisor sees it: pictures, steps and seats, no score before the lock. Before there is a room, the alarms of its
    draw."""
    if not measures_of(number).has_room:
        return redirect(f"/lots/{LotPath(number=number).number}/supervision/acts", 303)
    view, who = room_of(number), actor()
    shown = read(lambda session: recording_queries.lines(session, who, view.lot.number))
    video = {"lines": {line.seat: line for line in shown.rows}, "form": shown.form, "video_seq": newest(chain_of(view.lot.case))}
    alarms = read(lambda session: alarm_queries.of_lot(session, view.lot))
    facts = {"evidence": read(page_queries.evidence), "seq": newest(view.lot.case), "alarms": alarms, "measures": measures_of(number)}
    asked = read(lambda session: unlock_queries.of_room(session, view))
    called = read(lambda session: host_calls.of_room(session, view))
    return page("supervision", view=view, stages=stages(view), asked=asked, host=called, **facts, **video, **dues(), **WORDS)


@blueprint.get("/lots/<number>/supervision/acts")
@requires(Role.SUPERVISOR, Role.CENTRE, Role.AGENCY, Role.EXPERT)
def acts(number: str) -> str:
    """The supervisor's acts in a room for who sees them, each with the form of what may be done with it now."""
    found = measures_of(number)
    alarms = () if found.has_room or not found.may_issue else read(lambda session: alarm_queries.of_lot(session, found.lot))
    return page("measures_page", measures=found, lot=found.lot, alarms=alarms, seq=newest(found.lot.case), **dues(), **WORDS)


def dues() -> dict[str, object]:
    """The due times that forms propose: half an hour for an answer, two hours in the signed text of a pause at one press."""
    now = read(platform().door.clock)
    return {"soon": now + timedelta(minutes=30), "later": clock.text(now + timedelta(hours=2))}


def measures_of(number: str) -> Measures:
    """The acts of a lot's room for the caller."""
    path, who, moment = LotPath(number=number), actor(), platform().door.clock
    return read(lambda session: queries.of_room(session, who, path.number, moment(session)))


@blueprint.get("/lots/<number>/supervision/purpose")
@requires(Role.SUPERVISOR)
def purpose(number: str) -> str:
    """For what purpose the supervisor looks, before anything of the session is shown."""
    path = LotPath(number=number)
    lot = read(lambda session: lots.by_number(session, path.number))
    onward = request.args.get("next", "")
    here = f"/lots/{path.number}/"
    fits = onward == "/supervision" or onward.startswith(here)
    return page("purpose", lot=lot, next=onward if fits else f"{here}supervision", **WORDS)


@blueprint.get("/lots/<number>/supervision/views")
@requires(Role.SUPERVISOR, Role.CENTRE, Role.TENDERER)
def views(number: str) -> str:
    """Every view of the session with its purpose; for the tenderer and its auditor once the report is in."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: viewing_queries.of_room(session, who, path.number))
    return page("views", views=found, may_end=Role.SUPERVISOR in who.roles, **dues(), **WORDS)


@blueprint.post("/lots/<number>/supervision/views/leave")
@requires(Role.SUPERVISOR)
def leave(number: str) -> ResponseReturnValue:
    """The supervisor's own view is over; one that was over meanwhile is no fault."""
    path = LotPath(number=number)
    with suppress(NotFound):
        perform(lambda work: viewing.leave(work, path.number))
    return redirect("/supervision", 303)


@blueprint.get("/lots/<number>/supervision/timeline")
@requires(Role.SUPERVISOR)
def timeline(number: str) -> ResponseReturnValue:
    """The session on one time line, or what happened around `?day=2026-11-24&clock=11:47`, Beijing's time."""
    path = LotPath(number=number)
    day, clock_ = request.args.get("day", ""), request.args.get("clock", "")
    moment, fault = None, ""
    if clock_ or day:
        try:
            moment = asked_moment(day, clock_)
        except Refusal as refusal:
            fault = sentence(refusal, platform().sentences)
    line = read(lambda session: timeline_queries.of_room(session, path.number, moment, clock_))
    day = day or (line.days[-1].isoformat() if line.days else "")
    return page("timeline", line=line, day=day, clock=clock_, fault=fault, **WORDS), 422 if fault else 200


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
    return act_on(body, supervision.issue, path.number)


@api.post("/lots/<number>/supervision/answers")
@requires(Role.CENTRE, Role.AGENCY, Role.EXPERT, Role.SUPERVISOR)
def answer(path: LotPath, body: ActForm) -> Response:
    """Who was addressed answers (`supervision.answer`), a supervisor whose view another's word has ended among them."""
    return act_on(body, supervision.answer, path.number)


@api.post("/lots/<number>/supervision/urgings")
@requires(Role.SUPERVISOR)
def urge(path: LotPath, body: ActForm) -> Response:
    """The supervisor urges, or asks again, with a new due time (`supervision.urge`)."""
    return act_on(body, supervision.urge, path.number)


@api.post("/lots/<number>/supervision/resumptions")
@requires(Role.SUPERVISOR)
def resume(path: LotPath, body: ActForm) -> Response:
    """The paused room goes on (`supervision.resume`)."""
    return act_on(body, supervision.resume, path.number)


@api.post("/lots/<number>/supervision/closings")
@requires(Role.SUPERVISOR)
def close(path: LotPath, body: ActForm) -> Response:
    """The supervisor is satisfied with an answer (`supervision.close`)."""
    return act_on(body, supervision.close, path.number)


@api.post("/lots/<number>/supervision/views")
@requires(Role.SUPERVISOR)
def begin_view(path: LotPath, body: ActForm) -> Response:
    """A supervisor says for what purpose they look (`supervision.view`)."""
    return act_on(body, viewing.begin, path.number)


@api.get("/lots/<number>/supervision/views")
@requires(Role.SUPERVISOR, Role.CENTRE, Role.TENDERER)
def list_views(path: LotPath) -> Response:
    """Every view of the session with its purpose; for the tenderer once the report is in."""
    who = actor()
    found = read(lambda session: viewing_queries.of_room(session, who, path.number))
    return jsonify({"views": [_view(one) for one in found.rows]})


def _view(one: ViewLine) -> JSON:
    looked: list[JSON] = [{"what": look.what, "at": clock.text(look.at)} for look in one.looked]
    return {
        "no": one.no,
        "view_sha256": one.sha256,
        "who": one.who,
        "purpose": one.purpose.value,
        "note": one.note,
        "at": clock.text(one.at),
        "ended_at": None if one.ended_at is None else clock.text(one.ended_at),
        "state": one.state.value,
        "looked": looked,
    }


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
