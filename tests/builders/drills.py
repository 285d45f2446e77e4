"""A drill: the room of an invented tender, played by experts of the pool; faults injected and lifted, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.identity.queries import people
from core.kernel.calendar import legal_day
from core.kernel.encoding import sha256
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from evaluation.models.experts import Expert
from evaluation.queries import drills as queries
from evaluation.services import drills
from tests.builders.evaluation import HOST, NORTH, Room
from tests.builders.people import Person
from trading.queries.drills import next_case


@dataclass
class DrillRoom(Room):
    """The room of a drill; its verbs are those of a real one."""

    drill: str = ""
    injected: list[str] = field(default_factory=list)  # digests, in order

    @property
    def number(self) -> str:
        return f"{self.drill}-1"

    @property
    def case(self) -> str:
        return self.drill

    def inject(self, fault: str, seat: str = "", site: str = "", who: Person | None = None) -> str:
        """Returns the digest by which it is lifted."""
        body = {"fault": fault, "seat": seat, "site": site}
        made = self.signed(who or self.tender.centre, "drill.inject", body, drills.inject, step_up=True)
        self.injected.append(str(made["fault_sha256"]))
        return self.injected[-1]

    def lift(self, digest: str, who: Person | None = None) -> Any:
        return self.signed(who or self.tender.centre, "drill.lift", {"fault_sha256": digest}, drills.lift, step_up=True)

    def end(self, who: Person | None = None) -> Any:
        return self.signed(who or self.tender.centre, "drill.end", {"text": "处置及时"}, drills.end, step_up=True)

    def report(self, who: Person | None = None) -> queries.DrillView:
        actor = (who or self.tender.centre).actor
        return self.tender.door.read(lambda session: queries.of_lot(session, self.number, actor))

    def all_here(self) -> DrillRoom:
        for who in self.members:
            self.sign_in(who)
        return self


def numbers(room: Room) -> list[str]:
    """The numbers of the pool's entries, in the order of the experts."""
    found = room.tender.door.read(lambda session: dict(session.execute(select(Expert.person_id, Expert.number)).all()))
    return [found[one.person] for one in room.experts]


def body(room: Room, seats: Sequence[tuple[str, int]] = ((HOST, 2), (NORTH, 1)), reserves: int = 3, **changes: Any) -> dict[str, JSON]:
    """A body of `drill.begin`; the room's tenderer plays the tenderer."""
    org = room.tender.tenderer.org
    uscc = room.tender.door.read(lambda session: people.organisation(session, org)).uscc
    sites: list[JSON] = [{"site": site, "seats": count} for site, count in seats]
    return {"title": "三地应急演练", "tenderer": uscc, "sites": sites, "reserves": reserves} | changes


def begin(room: Room, who: Person | None = None, experts: Sequence[str] | None = None, drill: str = "", **changes: Any) -> DrillRoom:
    """The centre begins a drill beside whatever is going on."""
    keeper, door = who or room.tender.centre, room.tender.door
    case = drill or door.read(lambda session: next_case(session, legal_day(door.clock(session)).year))
    said = body(room, **changes)
    count = sum(one["seats"] for one in said["sites"]) + int(said["reserves"])  # type: ignore[union-attr,index,call-overload,misc,arg-type]
    request = keeper.act("drill.begin", case, body=said, step_up=True)
    chosen = numbers(room)[:count] if experts is None else experts
    made = door.perform(keeper.actor, lambda work: drills.begin(work, CaseId(case), chosen, request))
    assert made["lot"] == f"{case}-1" and len(sha256(request.envelope.payload).hex()) == 64
    return DrillRoom(room.tender, room.opened, room.experts, room.award_members, drill=case)
