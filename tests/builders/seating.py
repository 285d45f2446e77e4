"""A committee sits down: rooms at the sites of the room, booked for the lot, devices bound, workstations drawn, members at them."""

from __future__ import annotations

from typing import Any

from evaluation.domain.seat_health import Why
from evaluation.domain.seating import CheckInBody
from evaluation.queries import seating as queries
from evaluation.queries import sites as site_queries
from evaluation.services import seating, sites
from tests.builders.evaluation import SITES as PLANS
from tests.builders.evaluation import Room
from tests.builders.halting import stand_still
from tests.builders.people import Person
from tests.builders.sites import Device, Sites, evaluation_room, sites_of


def furnish(room: Room, stations_each: int = 4, apart: bool = True) -> tuple[Sites, dict[str, Device]]:
    """The room's sites get pods with bound devices, and are booked for the lot from now on; returns the devices by workstation."""
    tender = room.tender
    made = sites_of(tender.door, tender.crowd, tender.centre)
    devices: dict[str, Device] = {}
    for order, plan in enumerate(PLANS, 1):
        lines = tender.door.read(lambda session: site_queries.all_of(session, tender.door.clock(session), tender.centre.actor))
        line = next(one for one in lines if one.name == plan.site)
        pods = [evaluation_room(f"舱{order}{n}", f"P{order}{n}") for n in range(stations_each)]
        changes: dict[str, Any] = {"site": line.number, "city": line.city, "is_host": line.is_host, "buffer": 0, "rooms": pods}
        made.sign(made.keeper, sites.keep, "site.keep", made.profile(plan.site, **changes), step_up=True)
        for pod in pods:
            label = pod["stations"][0]["station"]
            devices[label] = Device()
            made.bind(made.keeper, line.number, label, devices[label])
        made.book(line.number, lot=room.number, seats=stations_each, apart=apart, start=0)
    return made, devices


def draw_seats(room: Room, **changes: Any) -> dict[str, Any]:
    """The centre has the workstations drawn."""
    body = room.perform(room.tender.centre, lambda work: seating.prepare(work, room.number))
    return dict(room.signed(room.tender.centre, "seats.draw", body | changes, seating.draw, step_up=True))


def drawn(room: Room, who: Person) -> queries.Seating:
    """What somebody may see of it."""
    view = room.view(who)
    found: queries.Seating = room.tender.door.read(lambda session: queries.of_room(session, view))
    return found


def check_in_body(room: Room, who: Person, devices: dict[str, Device], **changes: Any) -> dict[str, Any]:
    """The body of a member's `seat.check_in` at the workstation drawn, whose device has signed too."""
    found = drawn(room, who)
    assert found.mine is not None
    spot, seat = found.mine.spot, found.mine.seat
    device = changes.pop("device", None) or devices[spot.station]
    said = CheckInBody(found.no, seat, spot.site, spot.station, device.key_id, room.tender.now, "")
    return said.to_json() | {"proof": device.sign(said.device_said(room.case, room.tender.no))} | changes


def sit_down(room: Room, who: Person, devices: dict[str, Device], **changes: Any) -> dict[str, Any]:
    """A member checks in at the workstation drawn, whose device signs too."""
    return dict(room.signed(who, "seat.check_in", check_in_body(room, who, devices, **changes), seating.check_in))


def take_places(room: Room) -> None:
    """All sit down where they were drawn to; after a break they are drawn again; one desk is left and taken again; a fault, a night."""
    _, room.devices = furnish(room)
    for _ in range(2):
        draw_seats(room)
        for who in room.members:
            sit_down(room, who, room.devices)
    room.perform_as_clock(lambda work: seating.note_left(work, room.number, "3", Why.AWAY))
    room.perform_as_clock(lambda work: seating.note_back(work, room.number, "3"))
    stand_still(room)
