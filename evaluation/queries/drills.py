"""Drills for the centre and, once they are over, for supervisors: the list, one drill with its faults and what was done about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.actor import Actor
from core.kernel.encoding import sha256
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from evaluation.domain.alarm import level_of
from evaluation.domain.drill import MOVES, Action, Facts, Fault, Finding, Heard, Injected, State, course, findings, may_read
from evaluation.models.drills import Drill, DrillFault
from evaluation.models.experts import Site
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import bids
from evaluation.queries.blind import codes_of
from trading.models.lot import Lot
from trading.queries import lots
from trading.queries.lots import LotView

LATEST = 100


@dataclass(frozen=True, slots=True)
class DrillRow:
    """A drill on the list."""

    number: str
    title: str
    state: State
    begun_at: datetime
    ended_at: datetime | None
    faults: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """What an invented bid came to; nothing of it has any effect."""

    rank: str
    code: str
    name: str
    price: str
    total: str


@dataclass(frozen=True, slots=True)
class DrillView:
    """One drill; `digests`: of the statements that injected the faults, in order; `lasting`: the numbers of those that may be lifted."""

    lot: LotView
    state: State
    begun_at: datetime
    ended_at: datetime | None
    text: str
    seats: tuple[tuple[str, str], ...]  # code, site
    findings: tuple[Finding, ...]
    course: tuple[Heard, ...]
    ranking: tuple[Ranked, ...]
    digests: tuple[str, ...]
    lasting: frozenset[int]
    is_running: bool
    may_act: bool

    @property
    def sites(self) -> tuple[str, ...]:
        """Each once, in the order of the seats."""
        return tuple(dict.fromkeys(site for _, site in self.seats))

    @property
    def seat_choices(self) -> tuple[tuple[str, str], ...]:
        """As a form offers them: code, and where."""
        return tuple((code, f"{code} · {site}") for code, site in self.seats)

    @property
    def site_choices(self) -> tuple[tuple[str, str], ...]:
        """Likewise."""
        return tuple((site, site) for site in self.sites)


def all_of(session: Session, actor: Actor) -> tuple[DrillRow, ...]:
    """The newest first; a supervisor sees those that are over."""
    count = select(func.count()).where(DrillFault.evaluation_id == Drill.evaluation_id).scalar_subquery()
    query = select(Drill, Lot, count).join(Evaluation, Evaluation.id == Drill.evaluation_id).join(Lot, Lot.id == Evaluation.lot_id)
    rows = session.execute(query.order_by(Drill.begun_at.desc()).limit(LATEST))
    return tuple(
        DrillRow(lot.number, lot.title, drill.state, drill.begun_at, drill.ended_at, many)
        for drill, lot, many in rows
        if may_read(drill.state, actor.roles)
    )


def of_lot(session: Session, number: str, actor: Actor) -> DrillView:
    """One of them; raises NotFound for a real lot, or who may not read it."""
    lot = lots.by_number(session, number)
    row = session.execute(select(Drill, Evaluation).join(Evaluation).where(Evaluation.lot_id == lot.id)).one_or_none()
    if row is None or not may_read(row[0].state, actor.roles):
        raise NotFound("drill.not_found")
    drill, room = row
    seats = _seats(session, room)
    faults = session.scalars(select(DrillFault).where(DrillFault.evaluation_id == drill.evaluation_id).order_by(DrillFault.no)).all()
    injected, said = [_injected(one, seats) for one in faults], heard(session, lot)
    has_ended = drill.ended_at is not None
    found = findings(injected, said, lambda one: level_of(one.kind, one.body) is not None, has_ended=has_ended)
    roles = actor.roles & {Role.CENTRE}
    lasting = frozenset(
        one.no
        for one in faults
        if Action.LIFT in MOVES.available(drill.state, roles, Facts(fault=one.fault, is_lifted=one.lifted_at is not None))
    )
    return DrillView(
        lot=lot,
        state=drill.state,
        begun_at=drill.begun_at,
        ended_at=drill.ended_at,
        text=drill.text,
        seats=seats,
        findings=found,
        course=course(said),
        ranking=_ranking(session, room),
        digests=tuple(one.payload_sha256 for one in faults),
        lasting=lasting,
        is_running=not has_ended,
        may_act=Action.END in MOVES.available(drill.state, roles, Facts()),
    )


def _ranking(session: Session, room: Evaluation) -> tuple[Ranked, ...]:
    """The bids as they were added up, the best first; nothing before the summary."""
    if room.result is None:
        return ()
    names = {str(one.org): one.name for one in bids.invented(session, LotId(room.lot_id))}
    held = codes_of(session, room.id)
    rows = cast("dict[str, Any]", room.result)["rows"]
    return tuple(
        Ranked(str(row["rank"]), row["bid"], names[str(held[row["bid"]])], row["contract_price"], str(row["total"])) for row in rows
    )


def heard(session: Session, lot: LotView) -> list[Heard]:
    """Everything that was said of a lot, in order."""
    found = []
    for event in chain.events(session, lot.case):
        said = read_statement(event.envelope.payload)
        if said.lot in ("", lot.no):
            digest = sha256(event.envelope.payload).hex()
            found.append(Heard(event.kind, event.at, digest, said.actor.role, said.body))
    return found


def lasting_at(session: Session, lot: LotId, seat: str, site: str) -> tuple[Fault, ...]:
    """The injected faults that last at a seat; none of a real lot."""
    query = select(DrillFault).join(Evaluation, Evaluation.id == DrillFault.evaluation_id).where(Evaluation.lot_id == lot)
    rows = session.scalars(query.where(DrillFault.lifted_at.is_(None), (DrillFault.seat == seat) | (DrillFault.site == site)))
    return tuple(one.fault for one in rows if one.fault.lasts)


def _seats(session: Session, room: Evaluation) -> tuple[tuple[str, str], ...]:
    query = select(Seat.code, Seat.place, Site.name).join(Site, Site.id == Seat.site_id)
    rows = session.execute(query.where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    return tuple(sorted(((code, place or name) for code, place, name in rows), key=lambda one: int(one[0])))


def _injected(row: DrillFault, seats: tuple[tuple[str, str], ...]) -> Injected:
    at = {row.seat} if row.seat else {code for code, site in seats if site == row.site}
    return Injected(row.no, row.fault, row.at, row.seat, row.site, frozenset(at), row.lifted_at)
