"""Drills over HTTP: the list with the form of a new one, one drill with its faults, its report on paper and as a workbook, and the acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on, read_act
from core.kernel import clock
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import as_workbook
from core.web.texts import sentence
from core.web.threads import natively
from evaluation import gateway
from evaluation.domain.drill import Finding
from evaluation.domain.drill_bids import PAPERS
from evaluation.queries import drills as queries
from evaluation.queries import sites
from evaluation.services import drills
from evaluation.web import texts_drill as words
from evaluation.web.forms import LotPath
from evaluation.web.forms_drills import BeginForm, begun, players
from evaluation.web.texts_happened import HAPPENED
from trading.queries.drills import next_case

api = APIBlueprint("evaluation_drills", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_drill_pages", __name__)
READERS = (Role.CENTRE, Role.SUPERVISOR)
WORDS: dict[str, Any] = {name: getattr(words, name) for name in words.TABLES} | {"HAPPENED": HAPPENED}


@blueprint.get("/drills")
@requires(*READERS)
def listed() -> str:
    """Every drill; for the centre the form of a new one."""
    return _list()


@blueprint.post("/drills")
@requires(Role.CENTRE)
def ready() -> ResponseReturnValue:
    """The same with what is to be signed, or with what is wrong."""
    try:
        body = begun(request.form).to_json()
    except Refusal as refusal:
        return _list([("title", sentence(refusal, platform().sentences))]), status_of(refusal)
    now = read(platform().door.clock)
    case = read(lambda session: next_case(session, legal_day(now).year))
    return render_template("evaluation/drill_begin.html", body=body, case=case, experts=players(request.form), **WORDS)


def _list(errors: Sequence[tuple[str, str]] = ()) -> str:
    who, door = actor(), platform().door
    found = read(lambda session: queries.all_of(session, who))
    may_begin = Role.CENTRE in who.roles
    places = read(lambda session: sites.all_of(session, door.clock(session), who)) if may_begin else ()
    return render_template(
        "evaluation/drills.html", drills=found, sites=places, may_begin=may_begin, errors=errors, given=request.form, **WORDS
    )


@blueprint.get("/lots/<number>/drill")
@requires(*READERS)
def one(number: str) -> str:
    """A drill: its faults, what was done about each and when, and whether the rule was met."""
    return render_template("evaluation/drill.html", drill=_found(LotPath(number=number).number), **WORDS)


@blueprint.get("/lots/<number>/drill.xlsx")
@requires(*READERS)
def as_sheet(number: str) -> Response:
    """The report as a workbook, one row a fault."""
    found = _found(LotPath(number=number).number)
    rows = [_row(one) for one in found.findings]
    return as_workbook(words.SHEET_NAME, words.COLUMNS, rows, f"{found.lot.number}.xlsx")


def _found(number: str) -> queries.DrillView:
    who = actor()
    return read(lambda session: queries.of_lot(session, number, who))


def _row(one: Finding) -> list[str]:
    fault, seconds = one.injected.fault.value, (one.alarm_at, one.dispatched_at, one.closed_at)
    steps = "；".join(f"{HAPPENED.get(said.kind, said.kind)} {beijing(said.at)}" for said in one.steps)
    place = one.injected.seat or one.injected.site
    head = [str(one.injected.no), str(words.FAULTS[fault]), place, beijing(one.injected.at), str(words.EXPECTED[fault])]
    return [*head, *(_seconds(one.after(at)) for at in seconds), steps, str(words.VERDICTS[one.verdict.value])]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _milliseconds(value: float | None) -> int | None:
    return None if value is None else round(value * 1000)


@api.get("/lots/<number>/drill")
@requires(*READERS)
def told(path: LotPath) -> Response:
    """The same report."""
    found = _found(path.number)
    rows: list[JSON] = [
        {
            "no": one.injected.no,
            "fault": one.injected.fault.value,
            "seat": one.injected.seat,
            "site": one.injected.site,
            "at": clock.text(one.injected.at),
            "lifted_at": clock.text(one.injected.lifted_at) if one.injected.lifted_at else None,
            "alarm_after_ms": _milliseconds(one.after(one.alarm_at)),
            "dispatched_after_ms": _milliseconds(one.after(one.dispatched_at)),
            "closed_after_ms": _milliseconds(one.after(one.closed_at)),
            "steps": [{"kind": said.kind, "at": clock.text(said.at), "by": said.role} for said in one.steps],
            "verdict": one.verdict.value,
        }
        for one in found.findings
    ]
    course: list[JSON] = [{"kind": said.kind, "at": clock.text(said.at)} for said in found.course]
    ranking: list[JSON] = [asdict(one) for one in found.ranking]
    told: dict[str, JSON] = {"drill": True, "lot": found.lot.number, "state": found.state.value, "faults": rows}
    return jsonify(told | {"course": course, "ranking": ranking})


@api.post("/drills")
@requires(Role.CENTRE)
def begin(body: BeginForm) -> tuple[Response, int]:
    """`drill.begin`."""
    signed = read_act(body)
    files = platform().files
    papers = natively(lambda: [files.put(gateway.render_drill_bid(one)) for one in PAPERS])
    return jsonify(perform(lambda work: drills.begin(work, CaseId(body.drill), body.experts, papers, signed))), 201


@api.post("/lots/<number>/drill/faults")
@requires(Role.CENTRE)
def inject(path: LotPath, body: ActForm) -> Response:
    """`drill.inject`."""
    return act_on(body, drills.inject, path.number)


@api.post("/lots/<number>/drill/lifts")
@requires(Role.CENTRE)
def lift(path: LotPath, body: ActForm) -> Response:
    """`drill.lift`."""
    return act_on(body, drills.lift, path.number)


@api.post("/lots/<number>/drill/end")
@requires(Role.CENTRE)
def end(path: LotPath, body: ActForm) -> Response:
    """`drill.end`."""
    return act_on(body, drills.end, path.number)
