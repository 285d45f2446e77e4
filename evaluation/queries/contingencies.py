"""Times at which an evaluation stood still, as host, supervisor and tenderer see them; and what is sealed then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.actor import Actor
from core.kernel.drills import is_drill
from core.kernel.encoding import sha256
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from evaluation.domain.contingency import (
    MOVES,
    REPAIR_WITHIN,
    STOPS,
    WAIT_BEFORE,
    Action,
    Facts,
    Phase,
    State,
    Stop,
    StopFacts,
    awaits_another,
    material_digest,
    phase_of,
)
from evaluation.models.contingency import Halt
from evaluation.models.draws import Draw
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import draws, provincial, venues
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class HaltView:
    """One of them; `due`: when the hours of the rule are over, None for the night; `available`: what the viewer may do now."""

    phase: Phase
    state: State
    site: str
    what: str
    at: datetime
    until: datetime | None
    due: datetime | None
    ended_at: datetime | None
    payload_sha256: str
    material_sha256: str
    words: tuple[dict[str, Any], ...]
    available: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Halts:
    """All of a room, the newest first, and whether the viewer may stop it now; `material_sha256`: what would be sealed."""

    lot: LotView
    rows: tuple[HaltView, ...]
    phase: Phase
    may_report: bool
    may_seal: bool
    material_sha256: str
    vacant: tuple[str, ...]  # seats in which nobody could follow, where the viewer may say that one cannot be filled
    sealed: tuple[str, ...]  # sites whose rooms are closed now


def material(session: Session, lot: LotView) -> str:
    """The digest of what the members of a lot have signed until now."""
    said = []
    for event in chain.events(session, lot.case):
        payload = event.envelope.payload
        statement = read_statement(payload)
        if statement.lot == lot.no and statement.actor.role == Role.EXPERT.value:
            said.append(sha256(payload).hex())
    return material_digest(said)


def another_is_due(session: Session, lot: LotId) -> bool:
    """Whether the room of a lot was sealed and stands still until a new committee sits in it."""
    halts = select(Halt.state).join(Evaluation, (Evaluation.id == Halt.evaluation_id) & (Evaluation.paused_by == Halt.payload_sha256))
    return any(awaits_another(state) for state in session.scalars(halts.where(Evaluation.lot_id == lot)))


def of_lot(session: Session, number: str, actor: Actor, now: datetime) -> Halts:
    """What this viewer may see and do; raises NotFound for a lot without a room, or whoever has no part in it."""
    lot = lots.by_number(session, number)
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    roles = roles_of(actor, lot.parties)
    if row is None or not roles & {Role.CENTRE, Role.SUPERVISOR, Role.TENDERER}:
        raise NotFound("evaluation.not_found")
    found = session.scalars(select(Halt).where(Halt.evaluation_id == row.id).order_by(Halt.at.desc())).all()
    facts = StopFacts(is_paused=bool(row.paused_by), has_begun=row.assembled_at is not None)
    stops = STOPS.available(row.state, roles, facts)
    return Halts(
        lot=lot,
        rows=tuple(_view(one, roles, now) for one in found),
        phase=phase_of(row.state, was_complete=row.assembled_at is not None),
        may_report=Stop.FAULT in stops,
        may_seal=Stop.NIGHT in stops,
        material_sha256=material(session, lot) if Stop.NIGHT in stops else "",
        vacant=_vacant(session, row) if Stop.VACANCY in STOPS.available(row.state, roles, replace(facts, is_followed=False)) else (),
        sealed=tuple(site for _, site in venues.sealed_of(session, lot.id)),
    )


def _vacant(session: Session, row: Evaluation) -> tuple[str, ...]:
    """The seats whose member nobody in the draw would follow."""
    draw = session.get_one(Draw, row.draw_id)
    if not draw.seed or is_drill(lots.by_id(session, LotId(row.lot_id)).case):
        return ()
    gone, seats = draws.recused_later(session, draw.id), select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None))
    found = [one.code for one in session.scalars(seats) if not provincial.is_followed(session, draw, [*gone, one.pseudonym])]
    return tuple(sorted(found, key=int))


def _view(row: Halt, roles: frozenset[Role], now: datetime) -> HaltView:
    hours = {Phase.BEFORE: WAIT_BEFORE, Phase.DURING: REPAIR_WITHIN}.get(row.phase)
    return HaltView(
        phase=row.phase,
        state=row.state,
        site=row.site,
        what=row.what,
        at=row.at,
        until=row.until,
        due=None if hours is None else row.since + hours,
        ended_at=row.ended_at,
        payload_sha256=row.payload_sha256,
        material_sha256=row.material_sha256,
        words=tuple(cast("list[dict[str, Any]]", row.words)),
        available=MOVES.available(row.state, roles, Facts(now=now, since=row.since, phase=row.phase)),
    )


def overdue(session: Session, now: datetime) -> list[UUID]:
    """Faults during the work whose four hours are over."""
    query = select(Halt.id).where(Halt.state == State.STANDING, Halt.phase == Phase.DURING)
    query = query.where(func.coalesce(Halt.counts_from, Halt.at) < now - REPAIR_WITHIN)
    return list(session.scalars(query.order_by(Halt.at).limit(50)))
