"""An evaluation stands still: a fault, its repair, the tenderer's decision, the night; and its chain as the verifier reads it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from app.verify.entries import Entry
from app.verify.replay.story import Story
from core.kernel import chain, clock
from core.kernel.evidence import Placement
from core.kernel.signing import read_statement
from evaluation.queries import contingencies as queries
from evaluation.queries import venues
from evaluation.services import contingencies, venue_seals
from tests.builders.evaluation import Room
from tests.builders.people import Person
from trading.queries import lots


def fault(room: Room, who: Person | None = None, **changes: Any) -> str:
    """The host reports a fault; returns the digest by which it is named."""
    body = {"phase": "during", "site": "", "what": "评标专网中断"} | changes
    return str(room.signed(who or room.tender.centre, "halt.fault", body, contingencies.report, step_up=True)["halt_sha256"])


def repair(room: Room, halt: str, who: Person | None = None) -> Any:
    body = {"halt_sha256": halt, "text": "线路已恢复"}
    return room.signed(who or room.tender.centre, "halt.repair", body, contingencies.repair, step_up=True)


def decide(room: Room, halt: str, go_on: bool, who: Person | None = None) -> Any:
    body = {"halt_sha256": halt, "go_on": go_on, "text": "按规则处理"}
    return room.signed(who or room.tender.tenderer, "halt.decide", body, contingencies.decide, step_up=True)


def night(room: Room, hours: float = 12, **changes: Any) -> str:
    """Sealed for the night; returns the digest by which it is named."""
    tender = room.tender
    found = tender.door.read(lambda session: queries.of_lot(session, room.number, tender.centre.actor, tender.door.clock(session)))
    until = clock.text(tender.now + timedelta(hours=hours))
    body = {"until": until, "lodging": "专家1至7：三号楼，逐席登记", "material_sha256": found.material_sha256} | changes
    return str(room.signed(tender.centre, "halt.night", body, contingencies.seal_for_the_night, step_up=True)["halt_sha256"])


def unseal(room: Room) -> list[str]:
    """Whoever keeps the sites opens the rooms that were sealed with the lot; returns the bookings."""
    tender, opened = room.tender, []
    for number, _ in tender.door.read(lambda session: venues.sealed_of(session, lots.by_number(session, room.number).id)):
        request = tender.centre.act("venue.unseal", "SITES", body={"booking": number, "text": "封条完好"}, step_up=True)
        opened.append(str(room.perform(tender.centre, lambda work, one=request: venue_seals.unseal(work, one))["booking"]))
    return opened


def open_up(room: Room, halt: str) -> Any:
    unseal(room)
    body = {"halt_sha256": halt, "text": "封条完好"}
    return room.signed(room.tender.centre, "halt.open", body, contingencies.open_in_the_morning, step_up=True)


def stand_still(room: Room) -> None:
    """A fault that is repaired, and a night."""
    repair(room, fault(room))
    open_up(room, night(room))


def story_of(room: Room) -> Story:
    """The lot's chain as the verifier has it once keys and log hold."""
    entries = []
    for event in room.tender.door.read(lambda session: chain.events(session, room.case)):
        said = read_statement(event.envelope.payload)
        logged = SimpleNamespace(received_at=event.at, case_seq=event.case_seq, envelope=event.envelope)
        if said.lot in ("", room.tender.no):
            entries.append(Entry(f"events/{event.case_seq:06d}.json", cast(Any, logged), said, Placement(b"", 0, 0, ())))
    return Story(cast(Any, None), room.case, room.tender.no, entries, cast(Any, None), cast(Any, None))
