"""Faults, seals and nights over HTTP: the page of host, supervisor and tenderer, and the acts on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.contingency import Action
from evaluation.queries import contingencies as queries
from evaluation.services import contingencies
from evaluation.web import texts_contingency as words
from evaluation.web.forms import LotPath

api = APIBlueprint("evaluation_contingencies", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_contingency_pages", __name__)
WATCHING = (Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)
WORDS: dict[str, Any] = {name: getattr(words, name) for name in ("PHASES", "HALT_STATES", "HALT_TONES", "HALT_WORDS")} | {"H": Action}


def _found(number: str) -> queries.Halts:
    who, moment = actor(), platform().door.clock
    return read(lambda session: queries.of_lot(session, number, who, moment(session)))


@blueprint.get("/lots/<number>/evaluation/halts")
@requires(*WATCHING)
def listed(number: str) -> str:
    """Every time the evaluation stood still, with what may be done now."""
    return render_template("evaluation/halts.html", halts=_found(LotPath(number=number).number), **WORDS)


@api.get("/lots/<number>/evaluation/halts")
@requires(*WATCHING)
def halts(path: LotPath) -> Response:
    """The same list."""
    found = _found(path.number)
    rows: list[JSON] = [
        {
            "halt_sha256": one.payload_sha256,
            "phase": one.phase.value,
            "state": one.state.value,
            "site": one.site,
            "at": clock.text(one.at),
            "due": clock.text(one.due) if one.due else None,
            "ended_at": clock.text(one.ended_at) if one.ended_at else None,
        }
        for one in found.rows
    ]
    return jsonify({"halts": rows})


@api.post("/lots/<number>/evaluation/halts/faults")
@requires(Role.CENTRE)
def fault(path: LotPath, body: ActForm) -> Response:
    """`halt.fault`."""
    return act_on(body, contingencies.report, path.number)


@api.post("/lots/<number>/evaluation/halts/nights")
@requires(Role.CENTRE)
def night(path: LotPath, body: ActForm) -> Response:
    """`halt.night`."""
    return act_on(body, contingencies.seal_for_the_night, path.number)


@api.post("/lots/<number>/evaluation/halts/vacancies")
@requires(Role.CENTRE)
def vacancy(path: LotPath, body: ActForm) -> Response:
    """`halt.vacancy`."""
    return act_on(body, contingencies.seal_for_vacancy, path.number)


@api.post("/lots/<number>/evaluation/halts/repairs")
@requires(Role.CENTRE)
def repair(path: LotPath, body: ActForm) -> Response:
    """`halt.repair`."""
    return act_on(body, contingencies.repair, path.number)


@api.post("/lots/<number>/evaluation/halts/decisions")
@requires(Role.TENDERER)
def decide(path: LotPath, body: ActForm) -> Response:
    """`halt.decide`."""
    return act_on(body, contingencies.decide, path.number)


@api.post("/lots/<number>/evaluation/halts/openings")
@requires(Role.CENTRE)
def open_(path: LotPath, body: ActForm) -> Response:
    """`halt.open`."""
    return act_on(body, contingencies.open_in_the_morning, path.number)
