"""A drill: the room of an invented tender, played by experts of the pool; faults injected and lifted, and the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.identity.queries import people
from core.kernel.calendar import legal_day
from core.kernel.encoding import sha256
from core.kernel.files import FileStore, Stored
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from evaluation import gateway, jobs
from evaluation.domain import drill_bids
from evaluation.domain.drill_bids import METHOD
from evaluation.models.experts import Expert
from evaluation.queries import drills as queries
from evaluation.queries import rooms as room_queries
from evaluation.services import drills
from tests.builders.evaluation import HOST, NORTH, Room
from tests.builders.people import Person
from trading.queries import lots
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

    @property
    def criteria(self) -> dict[str, str]:
        return {str(one["id"]): str(one["max"]) for one in METHOD["criteria"]}  # type: ignore[index,union-attr,call-overload]  # of JSON

    def reviewing(self) -> DrillRoom:
        """All are here, have a chair and nothing to declare; the invented bids lie before them."""
        self.all_here()
        for who in self.members:
            self.vote_chair(who, "1")
        for who in self.members:
            self.declare(who)
        return self

    def scored(self) -> DrillRoom:
        """Everybody reviews and scores, and the two offices open the code names: all is added up."""
        self.reviewed()
        self.all_scored()
        self.open_map()
        return self

    def typeset(self, files: FileStore) -> DrillRoom:
        """The report as the outbox has it made; all sign it."""
        door = self.tender.door
        room = door.read(lambda session: room_queries.evaluation_id(session, lots.by_number(session, self.number).id))
        assert room is not None
        jobs.render(door, files, room)
        digest = self.view(self.members[0]).report_sha256
        for who in self.members:
            self.sign_report(who, digest=digest)
        return self

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


PAPERS = tuple(Stored(f"{number}" * 64, 9) for number in range(3))
"""Papers that nobody reads."""


def typeset_bids(files: FileStore) -> list[Stored]:
    """The papers of a drill's bids as the page that begins one keeps them."""
    return [files.put(gateway.render_drill_bid(one)) for one in drill_bids.PAPERS]


def begin(
    room: Room,
    who: Person | None = None,
    experts: Sequence[str] | None = None,
    drill: str = "",
    papers: Sequence[Stored] = PAPERS,
    **changes: Any,
) -> DrillRoom:
    """The centre begins a drill beside whatever is going on."""
    keeper, door = who or room.tender.centre, room.tender.door
    case = drill or door.read(lambda session: next_case(session, legal_day(door.clock(session)).year))
    said = body(room, **changes)
    count = sum(one["seats"] for one in said["sites"]) + int(said["reserves"])  # type: ignore[union-attr,index,call-overload,misc,arg-type]
    request = keeper.act("drill.begin", case, body=said, step_up=True)
    chosen = numbers(room)[:count] if experts is None else experts
    made = door.perform(keeper.actor, lambda work: drills.begin(work, CaseId(case), chosen, papers, request))
    assert made["lot"] == f"{case}-1" and len(sha256(request.envelope.payload).hex()) == 64
    return DrillRoom(room.tender, room.opened, room.experts, room.award_members, drill=case)
