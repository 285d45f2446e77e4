"""Bookings of sites: the search for what is free, the lists of host and of a partner's staff, their acts, and the count of sessions."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on, read_act
from core.kernel import clock
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from evaluation.domain.booking import booking_number, need_json
from evaluation.queries import venues as queries
from evaluation.services import venue_seals, venues
from evaluation.web.forms_sites import BookForm, NeedQuery, PeriodQuery
from evaluation.web.pages_sites import page

api = APIBlueprint("evaluation_venues", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_venue_pages", __name__)


@blueprint.get("/venues")
@requires(Role.CENTRE, Role.SITE)
def listed() -> str:
    """The centre's bookings with the sessions held, or a partner's staff's own."""
    who, door = actor(), platform().door
    is_host = Role.CENTRE in who.roles
    found = read(lambda session: queries.for_host(session, door.clock(session)) if is_host else queries.for_staff(session, who.org))
    now = read(door.clock)
    period = PeriodQuery.model_validate({name: request.args.get(name, "") for name in ("since", "until")})
    window = period.window(now)
    held = read(lambda session: queries.held_sessions(session, window.since, window.until)) if is_host else None
    last = window.until - timedelta(days=1)
    return page("venues", bookings=found, is_host=is_host, now=now, now_text=clock.text(now), sessions=held, window=window, last=last)


@blueprint.get("/venues/search")
@requires(Role.CENTRE)
def search() -> ResponseReturnValue:
    """Which site has so many seats from when to when."""
    query = NeedQuery.model_validate(request.args.to_dict())
    try:
        need = query.need()
        if need is not None and (refusal := need.refuse(read(platform().door.clock))) is not None:
            raise refusal
    except RuleBroken as refusal:
        return _search(query, [("since", sentence(refusal, platform().sentences))]), status_of(refusal)
    return _search(query, [])


def _search(query: NeedQuery, errors: list[tuple[str, str]]) -> str:
    need = None if errors else query.need()
    clock_of = platform().door.clock
    found = read(lambda session: queries.capacity(session, need, clock_of(session))) if need else ()
    drawable = sum(one.fits and not one.is_own for one in found)
    asked = need_json(need) | {"booking": booking_number()} if need else {}
    return page("venue_search", query=query, errors=errors, found=found, asked=asked, drawable=drawable)


@blueprint.post("/venues/draws")
@requires(Role.CENTRE)
def prepare() -> ResponseReturnValue:
    """Draws up what the centre signs to have a partner's site drawn."""
    query = NeedQuery.model_validate({name: value for name, value in request.form.items() if name != "csrf_token"})
    need = query.need()
    try:
        if need is None:
            raise RuleBroken("venue.window")
        body = perform(lambda work: venues.prepare_draw(work, need, query.lot or ""))
    except Refusal as refusal:
        return _search(query, [("since", sentence(refusal, platform().sentences))]), status_of(refusal)
    return page("venue_draw", body=body, query=query)


@api.get("/venues/capacity")
@requires(Role.CENTRE)
def capacity(query: NeedQuery) -> Response:
    """Which site has how many seats in a window. Times are Beijing's unless they name an offset."""
    need = query.need()
    if need is None:
        raise RuleBroken("venue.window")
    clock_of = platform().door.clock
    found = read(lambda session: queries.capacity(session, need, clock_of(session)))
    rows: list[JSON] = [
        {"site": one.number, "name": one.name, "city": one.city, "has": one.has, "fits": one.fits, "bar": one.refusal} for one in found
    ]
    return jsonify({"sites": rows})


@api.get("/venues/bookings")
@requires(Role.CENTRE, Role.SITE)
def bookings() -> Response:
    """The same list as on the page; what the caller may not know yet is left out."""
    who, door = actor(), platform().door
    is_host = Role.CENTRE in who.roles
    found = read(lambda session: queries.for_host(session, door.clock(session)) if is_host else queries.for_staff(session, who.org))
    return jsonify({"bookings": [queries.as_json(one) for one in found]})


@api.get("/venues/sessions")
@requires(Role.CENTRE, Role.SUPERVISOR)
def sessions(query: PeriodQuery) -> Response:
    """Sessions as centres report them: openings and evaluations booked and held, one each however long."""
    window = query.window(read(platform().door.clock))
    held = read(lambda session: queries.held_sessions(session, window.since, window.until))
    counted = {"openings": held.openings, "evaluations": held.evaluations, "total": held.total, "days": held.days, "seats": held.seats}
    return jsonify(counted)


@api.post("/venues/bookings")
@requires(Role.CENTRE)
def book(body: BookForm) -> tuple[Response, int]:
    """`venue.book`."""
    signed = read_act(body)
    return jsonify(perform(lambda work: venues.book(work, signed, body.lot or ""))), 201


@api.post("/venues/draws")
@requires(Role.CENTRE)
def draw(body: ActForm) -> Response:
    """`venue.draw`."""
    return act_on(body, venues.draw)


@api.post("/venues/answers")
@requires(Role.SITE)
def answer(body: ActForm) -> Response:
    """`venue.answer`."""
    return act_on(body, venues.answer)


@api.post("/venues/cancellations")
@requires(Role.CENTRE)
def cancel(body: ActForm) -> Response:
    """`venue.cancel`."""
    return act_on(body, venues.cancel)


@api.post("/venues/closings")
@requires(Role.CENTRE, Role.SITE)
def close(body: ActForm) -> Response:
    """`venue.close`."""
    return act_on(body, venues.close)


@api.post("/venues/hand-overs")
@requires(Role.SITE)
def hand_over(body: ActForm) -> Response:
    """`venue.hand_over`."""
    return act_on(body, venues.hand_over)


@api.post("/venues/receipts")
@requires(Role.CENTRE)
def receive(body: ActForm) -> Response:
    """`venue.receive`."""
    return act_on(body, venues.receive)


@api.post("/venues/unsealings")
@requires(Role.CENTRE, Role.SITE)
def unseal(body: ActForm) -> Response:
    """`venue.unseal`."""
    return act_on(body, venue_seals.unseal)
