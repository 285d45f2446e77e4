"""Supervisors' acts as each may see them: supervisors all, the host that they are and those to the centre, others those to themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.roles import Role
from evaluation.domain.committee import code_name
from evaluation.domain.supervision import AGENCY, CENTRE, MOVES, VIEWER, Action, Facts, Measure, State, seat_of
from evaluation.models.rooms import Evaluation, Seat
from evaluation.models.supervision import SupervisionAct, SupervisionView
from evaluation.queries import alarms
from trading.queries import lots
from trading.queries.lots import LotView

MOST = 200


@dataclass(frozen=True, slots=True)
class WordView:
    """An answer, an urging, the word to go on, or the close."""

    what: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class MeasureView:
    """An act; reason and words are empty for who may only know that there is one. `available`: what this viewer may do with it now."""

    no: int
    measure: Measure
    to: str
    name: str  # of the seat that is addressed, "" for an office
    sha256: str
    at: datetime
    due: datetime
    state: State
    reason: str
    words: tuple[WordView, ...]
    is_pausing: bool
    is_late: bool
    available: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """The acts of a room for one viewer, the newest first."""

    lot: LotView
    rows: tuple[MeasureView, ...]
    is_paused: bool
    may_issue: bool
    has_room: bool = True

    @property
    def due(self) -> tuple[MeasureView, ...]:
        """Those that wait for this viewer's answer."""
        return tuple(one for one in self.rows if Action.ANSWER in one.available)

    @property
    def unsettled(self) -> tuple[MeasureView, ...]:
        """Those that are not closed."""
        return tuple(one for one in self.rows if one.state is not State.CLOSED)


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """An act that waits for somebody's answer, with its lot, for the list of what is to be done."""

    number: str
    title: str
    no: int
    measure: Measure
    due: datetime


@dataclass(frozen=True, slots=True)
class Whom:
    """The person behind an addressee, None for an office; `has_left`: a member who has left the committee since."""

    person: UUID | None = None
    has_left: bool = False


def whom(session: Session, one: SupervisionAct) -> Whom:
    """Who is addressed by an act: the member in the seat then, or whose view it ended."""
    if one.seat_id is not None:
        seat = session.get_one(Seat, one.seat_id)
        return Whom(seat.person_id, seat.left_at is not None)
    if one.measure.ends_a_view:
        return Whom(session.scalar(select(SupervisionView.person_id).where(SupervisionView.payload_sha256 == one.about)))
    return Whom()


def is_addressed(to: str, known: Whom, actor: Actor, agency: OrgId) -> bool:
    """Whether an actor answers for the addressee: an act to a member is that member's, and the host's once the member has left."""
    if to == CENTRE or known.has_left:
        return Role.CENTRE in actor.roles
    if to == AGENCY:
        return Role.AGENCY in actor.roles and actor.org == agency
    role = Role.SUPERVISOR if to == VIEWER else Role.EXPERT
    return known.person is not None and role in actor.roles and known.person == actor.person


def of_room(session: Session, actor: Actor, number: str, now: datetime) -> Measures:
    """The acts of a lot's room, or before there is one those that dispatched alarms of its draw. Raises NotFound for whoever is neither
    inside nor its agency, and where there is neither a room nor anything to be handled."""
    lot = lots.by_number(session, number)
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    mine = select(SupervisionAct).where(SupervisionAct.lot_id == lot.id).order_by(SupervisionAct.no.desc()).limit(MOST)
    rows = list(session.scalars(mine))
    may_issue, paused_by = Role.SUPERVISOR in actor.roles, "" if row is None else row.paused_by
    is_raised = bool(rows) or (may_issue and bool(alarms.of_lot(session, lot)))
    if not _is_inside(session, actor, lot, row) or (row is None and not is_raised):
        raise NotFound("evaluation.not_found")
    found = [_view(session, actor, lot, one, paused_by=paused_by, now=now) for one in rows]
    shown = tuple(one for one in found if one is not None)
    return Measures(lot, shown, bool(paused_by), may_issue=may_issue, has_room=row is not None)


def awaited(session: Session, actor: Actor, lot: LotView, now: datetime) -> Measures:
    """The acts of a room for its page; none for whoever only looks in, as the tenderer does."""
    try:
        return of_room(session, actor, lot.number, now)
    except NotFound:
        return Measures(lot, (), is_paused=False, may_issue=False)


def _is_inside(session: Session, actor: Actor, lot: LotView, row: Evaluation | None) -> bool:
    if actor.roles & {Role.SUPERVISOR, Role.CENTRE} or (Role.AGENCY in actor.roles and actor.org == lot.parties.agency):
        return True
    if row is None:
        return False
    mine = select(Seat.id).where(Seat.evaluation_id == row.id, Seat.person_id == actor.person, Seat.left_at.is_(None))
    return Role.EXPERT in actor.roles and session.scalar(mine) is not None


def _view(session: Session, actor: Actor, lot: LotView, one: SupervisionAct, *, paused_by: str, now: datetime) -> MeasureView | None:
    is_mine = is_addressed(one.addressee, whom(session, one), actor, lot.parties.agency)
    is_open = is_mine or Role.SUPERVISOR in actor.roles
    if not is_open and Role.CENTRE not in actor.roles:
        return None
    is_pausing = paused_by == one.payload_sha256
    facts = Facts(now=now, due=one.due, is_addressed=is_mine, is_paused=is_pausing, is_lapsed=one.is_lapsed)
    code = seat_of(one.addressee)
    return MeasureView(
        no=one.no,
        measure=one.measure,
        to=one.addressee,
        name=code_name(code) if code else "",
        sha256=one.payload_sha256,
        at=one.at,
        due=one.due,
        state=one.state,
        reason=one.reason if is_open else "",
        words=words_of(one) if is_open else (),
        is_pausing=is_pausing,
        is_late=one.is_lapsed or (one.state is State.OPEN and now >= one.due),
        available=MOVES.available(one.state, actor.roles, facts),
    )


def words_of(one: SupervisionAct) -> tuple[WordView, ...]:
    """What was said about an act, in its order."""
    said = cast("Sequence[Mapping[str, str]]", one.words)
    return tuple(WordView(word["what"], word["by"], clock.moment(word["at"]), word["text"]) for word in said)


def overdue(session: Session, now: datetime) -> list[UUID]:
    """Acts whose time is over without an answer, where that was not recorded yet."""
    late = select(SupervisionAct.id).where(
        SupervisionAct.state == State.OPEN, SupervisionAct.due <= now, SupervisionAct.is_lapsed.is_(False)
    )
    return list(session.scalars(late.order_by(SupervisionAct.due, SupervisionAct.id).limit(MOST)))


def waiting(session: Session, actor: Actor) -> tuple[MeasureLine, ...]:
    """What waits for an actor's answer in any room, the most urgent first."""
    found = []
    for one in session.scalars(select(SupervisionAct).where(SupervisionAct.state == State.OPEN).order_by(SupervisionAct.due).limit(MOST)):
        lot = lots.by_id(session, LotId(one.lot_id))
        if is_addressed(one.addressee, whom(session, one), actor, lot.parties.agency):
            found.append(MeasureLine(lot.number, f"{lot.project_title} {lot.title}", one.no, one.measure, one.due))
    return tuple(found)
