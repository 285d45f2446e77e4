"""The API of sites and workstations: the catalogue, its signed changes, the devices of workstations."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, requires
from core.web.platform import platform
from evaluation.queries import sites as queries
from evaluation.services import sites, stations
from evaluation.web.forms_sites import OfferForm, SitePath, StationPath

api = APIBlueprint("evaluation_sites", __name__, url_prefix="/api/v1")
READERS = (Role.CENTRE, Role.SUPERVISOR, Role.SITE)
STAFF = (Role.CENTRE, Role.SITE)


@api.get("/sites")
@requires(*READERS)
def listed() -> Response:
    """The catalogue; a partner's staff see their own sites."""
    who, clock = actor(), platform().door.clock
    found = read(lambda session: queries.all_of(session, clock(session), who))
    rows: list[JSON] = [
        {
            "site": one.number,
            "name": one.name,
            "city": one.city,
            "is_host": one.is_host,
            "operator": one.operator,
            "agreement": one.agreement,
            "state": one.state.value,
            "stations": one.stations,
            "opening_rooms": one.opening_rooms,
            "bar": one.bar,
        }
        for one in found
    ]
    return jsonify({"sites": rows})


@api.get("/sites/<site>")
@requires(*READERS)
def one(path: SitePath) -> Response:
    """One site as its keeper last signed for it; `profile` is the body of a `site.keep` that would leave it so."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: queries.by_number(session, path.site, clock(session), who))
    stations_now: list[JSON] = [
        {"room": room.name, "station": each.label, "state": each.state.value, "key_id": each.key_id}
        for room in view.rooms
        for each in room.stations
    ]
    return jsonify({"profile": view.profile(), "stations": stations_now})


@api.post("/sites/profiles")
@requires(Role.CENTRE)
def keep(body: ActForm) -> Response:
    """`site.keep`: puts a site into the catalogue, or changes it."""
    return act_on(body, sites.keep)


@api.post("/sites/retirements")
@requires(Role.CENTRE)
def retire(body: ActForm) -> Response:
    """`site.retire`."""
    return act_on(body, sites.retire)


@api.post("/sites/<site>/stations/<station>/code")
@requires(*STAFF)
def code(path: StationPath) -> Response:
    """An activation code for the device at a workstation, good once and for a quarter of an hour."""
    return jsonify({"code": perform(lambda work: stations.make_code(work, path.site, path.station))})


@api.post("/stations/offers")
@public
def offer(body: OfferForm) -> Response:
    """The device at a workstation offers its key under a code; nothing is bound before the site's staff sign."""
    return jsonify(perform(lambda work: stations.offer_key(work, body.code, body.spki, body.proof)))


@api.post("/stations/bindings")
@requires(*STAFF)
def bind(body: ActForm) -> Response:
    """`station.bind`."""
    return act_on(body, stations.bind)


@api.post("/stations/releases")
@requires(*STAFF)
def release(body: ActForm) -> Response:
    """`station.release`."""
    return act_on(body, stations.release)


@api.post("/stations/faults")
@requires(*STAFF)
def fault(body: ActForm) -> Response:
    """`station.fault`."""
    return act_on(body, stations.note_fault)


@api.post("/stations/repairs")
@requires(*STAFF)
def repair(body: ActForm) -> Response:
    """`station.repair`."""
    return act_on(body, stations.note_repair)
