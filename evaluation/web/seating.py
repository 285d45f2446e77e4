"""Workstations of a committee over HTTP: the draw, sitting down, what the workstations signal, and the view of their health."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, render_template
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import act_on
from core.kernel import clock
from core.kernel.drills import is_drill
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.forms import ActForm, Form
from core.web.guard import idle, requires
from core.web.platform import platform
from evaluation.domain.drill import heard_of
from evaluation.domain.seat_health import Device, Present, Screen, Signals
from evaluation.jobs_seats import registry, tell
from evaluation.queries import drills
from evaluation.queries import seating as queries
from evaluation.queries.rooms import SeatView
from evaluation.services import seating
from evaluation.web import texts_seating as words
from evaluation.web.forms import LotPath, NothingForm
from evaluation.web.pages import page as room_page
from evaluation.web.pages import room_of
from trading.queries.lots import LotView

api = APIBlueprint("evaluation_seating", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_seating_pages", __name__)
WATCHING = (Role.CENTRE, Role.SUPERVISOR)
WORDS: dict[str, Any] = {name: getattr(words, name) for name in ("HEALTH_WHY", "HEALTH_LEVELS", "HEALTH_TONES")}


class SignalsForm(Form):
    """What a workstation says of itself every second or two."""

    camera: Annotated[Device, Field(strict=False)]
    microphone: Annotated[Device, Field(strict=False)]
    screen: Annotated[Screen, Field(strict=False)]
    present: Annotated[Present, Field(strict=False)]
    latency: Annotated[int, Field(ge=0, le=600_000)]


@api.get("/lots/<number>/evaluation/seating")
@requires(Role.EXPERT, *WATCHING)
def seats(path: LotPath) -> Response:
    """The newest draw of workstations: for host and supervisor all, for a member the own place."""
    view = room_of(path.number)
    found = read(lambda session: queries.of_room(session, view))
    rows: list[JSON] = [
        {
            "seat": one.seat,
            **one.spot.place(),
            "here": one.is_here,
            "left_since": clock.text(one.left_since) if one.left_since else None,
            "why": one.why,
        }
        for one in found.places
    ]
    return jsonify({"no": found.no, "seats": rows})


@api.post("/lots/<number>/evaluation/seating/preparation")
@requires(Role.CENTRE)
def prepare(path: LotPath, body: NothingForm) -> Response:
    """Fixes the platform's value for the next draw and returns the body of `seats.draw`."""
    return jsonify(perform(lambda work: seating.prepare(work, path.number)))


@api.post("/lots/<number>/evaluation/seating/draws")
@requires(Role.CENTRE)
def draw(path: LotPath, body: ActForm) -> Response:
    """`seats.draw`."""
    return act_on(body, seating.draw, path.number)


@api.post("/lots/<number>/evaluation/seating/check-ins")
@requires(Role.EXPERT)
def check_in(path: LotPath, body: ActForm) -> Response:
    """`seat.check_in`."""
    return act_on(body, seating.check_in, path.number)


@api.post("/lots/<number>/evaluation/seat-health")
@requires(Role.EXPERT)
@idle
def signal(path: LotPath, body: SignalsForm) -> Response:
    """What the caller's workstation signals; a desk that was left, or is taken again, becomes an event."""
    view = room_of(path.number)
    mine = view.me
    said = None if mine is None else _heard(view.lot, mine, Signals(**body.model_dump()))
    if mine is not None and said is not None:
        registry(platform()).hear(path.number, mine.code, said)
        tell(platform().door, registry(platform()))
    return jsonify({"now": clock.text(read(platform().door.clock))})


def _heard(lot: LotView, mine: SeatView, said: Signals) -> Signals | None:
    """What is taken in; of a seat at which a drill has injected a fault less, or nothing."""
    if not is_drill(lot.case):
        return said
    return heard_of(said, read(lambda session: drills.lasting_at(session, lot.id, mine.code, mine.site)))


@api.get("/lots/<number>/evaluation/seat-health")
@requires(*WATCHING)
@idle
def signals(path: LotPath) -> Response:
    """How every seat does now: what the wall shows. A seat from which nothing has come for three seconds is `bad` by `silent`."""
    return jsonify({"seats": _health(path.number)})


def _health(number: str) -> list[JSON]:
    view = room_of(number)
    seating_now = read(lambda session: queries.of_room(session, view))
    spots = {one.seat: one for one in seating_now.places}
    heard = {one.seat: one for one in registry(platform()).of_lot(number)}
    rows: list[JSON] = []
    for seat in view.seats:
        one, place = heard.get(seat.code), spots.get(seat.code)
        told: dict[str, JSON] = {"seat": seat.code, "name": seat.name, "site": seat.site, "level": "unknown", "why": []}
        if place is not None:
            told |= {"room": place.spot.room, "station": place.spot.station, "here": place.is_here}
        if one is not None:
            said = one.signals
            told |= {"level": one.health.level.value, "why": [why.value for why in one.health.why], "silent_for": int(one.ago)}
            told |= {"camera": said.camera.value, "microphone": said.microphone.value, "screen": said.screen.value}
            told |= {"present": said.present.value, "latency": said.latency}
        rows.append(told)
    return rows


@blueprint.get("/lots/<number>/evaluation/seat")
@requires(Role.EXPERT)
def own(number: str) -> str:
    """A member's own workstation: where it is, sitting down, and what it signals."""
    view = room_of(LotPath(number=number).number)
    found = read(lambda session: queries.of_room(session, view))
    return room_page("seat", view=view, seating=found)


@blueprint.get("/lots/<number>/evaluation/seating")
@requires(*WATCHING)
def all_of(number: str) -> str:
    """Host and supervisor: the draw, who sits where, and how every seat does."""
    lot = LotPath(number=number).number
    view = room_of(lot)
    found = read(lambda session: queries.of_room(session, view))
    return render_template("evaluation/seating.html", view=view, seating=found, health=_health(lot), body=None, **WORDS)


@blueprint.post("/lots/<number>/evaluation/seating")
@requires(Role.CENTRE)
def ready(number: str) -> str:
    """The same page with what is to be signed for the next draw."""
    lot = LotPath(number=number).number
    body = perform(lambda work: seating.prepare(work, lot))
    view = room_of(lot)
    found = read(lambda session: queries.of_room(session, view))
    return render_template("evaluation/seating.html", view=view, seating=found, health=_health(lot), body=body, **WORDS)
