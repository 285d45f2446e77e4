"""Recordings as host and supervisor see them, as the clock looks after them, and what a view lets somebody see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.ids import LotId, OrgId, PersonId
from core.kernel.roles import Role
from core.kernel.tape import Head, moment_of
from evaluation.domain.committee import code_name
from evaluation.domain.recording import LINE, Form, LineAction, TapeState, form_for
from evaluation.domain.recording_gaps import Hole
from evaluation.domain.room import State, roles_of
from evaluation.models.recordings import RecordingGap, RecordingLine, RecordingView, Tape
from evaluation.models.rooms import Evaluation, Seat
from evaluation.models.supervision import SupervisionView
from evaluation.queries import viewing
from trading.domain.lot import LotState
from trading.queries import lots

VIEW_LASTS = timedelta(hours=12)
"""After so long somebody who still watches says again why."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A seat's line in the form that the viewer may see. `state`: `none` while it never was recorded, `live`, `gap` while it is silent
    or there is no room for it (`since` when), `ended` once its recording is over."""

    seat: str
    name: str
    form: Form
    state: str
    since: datetime | None
    gaps: int


@dataclass(frozen=True, slots=True)
class RoomLines:
    """The lines of a room, by seat; `number` is its lot's, `is_over` says that nothing will be recorded any more."""

    number: str
    form: Form
    is_over: bool
    rows: tuple[LineView, ...]


@dataclass(frozen=True, slots=True)
class TapeView:
    """A tape for whoever may see it; slices and size are those of its last signed head."""

    id: UUID
    seat: str
    name: str
    form: Form
    state: TapeState
    media: str
    begun_at: datetime
    ended_at: datetime | None
    slices: int
    size: int


@dataclass(frozen=True, slots=True)
class Grant:
    """What a view lets its person see; `in_visit`: as long as a supervisor's visit goes on, which another's word may end."""

    view: UUID
    evaluation: UUID
    number: str
    seats: frozenset[str]
    form: Form
    in_visit: bool


@dataclass(frozen=True, slots=True)
class Growing:
    """A tape that is being recorded, with its last signed head."""

    id: UUID
    evaluation: UUID
    head: Head
    last_ms: int | None
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A tape as its writer finds it: its line, and where its chain stands."""

    evaluation: UUID
    seat: str
    form: Form
    media: str
    head: Head


@dataclass(frozen=True, slots=True)
class Watched:
    """A line as the clock looks at it: the tapes that may hold slices behind `seen_ms` with the records to pass over, the holes that are
    signed from there on, and whether a slice is awaited now."""

    evaluation: UUID
    seat: str
    form: Form
    seen_ms: int | None
    tapes: tuple[tuple[UUID, int], ...]
    signed: frozenset[Hole]
    is_awaited: bool


def lines(session: Session, actor: Actor, number: str) -> RoomLines:
    """The lines of a room for host and supervisor. Raises NotFound where there is no room, NotAllowed for anybody else."""
    row, lot_state, roles = _room(session, actor, number)
    LINE.choose(LineAction.WATCH, row.state, roles, lot_state)
    return RoomLines(number, form := form_for(lot_state, roles), row.state is State.SUBMITTED, _lines(session, row, form))


def own_line(session: Session, actor: Actor, number: str) -> LineView | None:
    """The caller's own line as the clock knows it, None where they hold no seat. Raises NotFound where there is no room."""
    row, _, _ = _room(session, actor, number)
    mine = select(Seat.code).where(Seat.evaluation_id == row.id, Seat.person_id == actor.person, Seat.left_at.is_(None))
    seat = session.scalar(mine)
    return next((line for line in _lines(session, row, Form.SHIELD) if line.seat == seat), None)


def tapes(session: Session, grant: Grant) -> tuple[TapeView, ...]:
    """The tapes that a view lets somebody see, the oldest first."""
    mine = Tape.evaluation_id == grant.evaluation, Tape.seat.in_(grant.seats), Tape.form == grant.form
    return tuple(_tape(one) for one in session.scalars(select(Tape).where(*mine).order_by(Tape.begun_at, Tape.id)))


def granted(session: Session, actor: Actor, number: str, view: UUID, now: datetime) -> Grant:
    """What a view of that lot lets its person see now. Raises NotFound for another's, WrongState once it is over, NotAllowed where the
    supervisor's visit is, or they have taken a seat, lost the role, or the lot has come to a state in which that form may not be seen."""
    row = session.get(RecordingView, view)
    if row is None or row.person_id != actor.person or lots.by_number(session, number).id != _lot_of(session, row):
        raise NotFound("recording.no_such_view")
    if now >= row.at + VIEW_LASTS:
        raise WrongState("recording.view_over")
    if row.visit_id is not None and not viewing.goes_on(session.get_one(SupervisionView, row.visit_id), now):
        raise NotAllowed("view.purpose_needed")
    evaluation = session.get_one(Evaluation, row.evaluation_id)
    lot = lots.by_id(session, LotId(evaluation.lot_id))
    roles = watching_roles(session, actor, evaluation.id, lot.parties.tenderer)
    LINE.choose(LineAction.WATCH, evaluation.state, roles & {row.role}, lot.state)
    if row.form is Form.CLEAR and form_for(lot.state, roles) is not Form.CLEAR:
        raise NotAllowed("recording.clear_closed")
    return Grant(row.id, evaluation.id, lot.number, frozenset(cast("list[str]", row.seats)), row.form, row.visit_id is not None)


def tape_of(session: Session, grant: Grant, tape: UUID) -> TapeView:
    """One tape that a view lets somebody see. Raises NotFound for every other, WrongState where its recording was disposed of."""
    row = session.get(Tape, tape)
    if row is None or (row.evaluation_id, row.form) != (grant.evaluation, grant.form) or row.seat not in grant.seats:
        raise NotFound("tape.missing")
    if row.state is TapeState.DISPOSED:
        raise WrongState("recording.disposed")
    return _tape(row)


def to_write(session: Session, actor: Actor, tape: UUID) -> Written:
    """The tape for whoever began it. Raises NotFound for anybody else, WrongState once it has ended."""
    row = session.get(Tape, tape)
    if row is None or row.person_id != actor.person:
        raise NotFound("tape.missing")
    if row.state is not TapeState.RECORDING:
        raise WrongState("recording.ended")
    evaluation = session.get_one(Evaluation, row.evaluation_id)
    LINE.choose(LineAction.BEGIN, evaluation.state, actor.roles & {Role.EXPERT}, lots.by_id(session, LotId(evaluation.lot_id)).state)
    return Written(row.evaluation_id, row.seat, row.form, row.media, Head(row.slices, row.size, row.link))


def growing(session: Session) -> tuple[Growing, ...]:
    """Every tape that is being recorded."""
    rows = session.scalars(select(Tape).where(Tape.state == TapeState.RECORDING).order_by(Tape.id))
    return tuple(Growing(row.id, row.evaluation_id, Head(row.slices, row.size, row.link), row.last_ms, row.begun_at) for row in rows)


def watched(session: Session) -> tuple[Watched, ...]:
    """Every line on which a slice may be missing: while its room is open, and as long as it is recorded. A slice is awaited of a member
    who has taken the seat and has not left it."""
    seated = Seat.evaluation_id == Evaluation.id, Seat.code == RecordingLine.seat, Seat.left_at.is_(None), Seat.signed_in_at.is_not(None)
    found = select(RecordingLine, Evaluation.state, select(Seat.id).where(*seated).exists())
    rooms = found.join(Evaluation, Evaluation.id == RecordingLine.evaluation_id)
    rows = session.execute(rooms.where(or_(Evaluation.state != State.SUBMITTED, _is_recorded())))
    return tuple(_watched(session, line, bool(here) and state is not State.SUBMITTED) for line, state, here in rows)


def uncopied(session: Session) -> tuple[UUID, ...]:
    """The recordings that have ended and have no second copy."""
    ready = Tape.state == TapeState.ENDED, Tape.copied_at.is_(None), Tape.size > 0
    return tuple(session.scalars(select(Tape.id).where(*ready).order_by(Tape.id)))


def due_for_disposal(session: Session, today: date) -> tuple[UUID, ...]:
    """The recordings whose term was over before today; whether they may go is for the service to say."""
    return tuple(session.scalars(select(Tape.id).where(Tape.state == TapeState.ENDED, Tape.kept_until < today).order_by(Tape.id)))


def disposed(session: Session) -> tuple[UUID, ...]:
    """The recordings that were disposed of."""
    return tuple(session.scalars(select(Tape.id).where(Tape.state == TapeState.DISPOSED).order_by(Tape.id)))


def seats_of(session: Session, evaluation: UUID) -> frozenset[str]:
    """The codes of a room's seats."""
    return frozenset(session.scalars(select(Seat.code).where(Seat.evaluation_id == evaluation)))


def of_lots(session: Session, lot_ids: Sequence[LotId]) -> tuple[TapeView, ...]:
    """Every tape of these lots, for the evidence."""
    mine = select(Tape).join(Evaluation, Evaluation.id == Tape.evaluation_id).where(Evaluation.lot_id.in_(lot_ids))
    return tuple(_tape(one) for one in session.scalars(mine.order_by(Tape.begun_at, Tape.id)))


def watching_roles(session: Session, actor: Actor, evaluation: UUID, tenderer: OrgId) -> frozenset[Role]:
    """The caller's roles in the room; a seat decides before any grant: who sits there, or sat there, watches nobody."""
    seated = [PersonId(one) for one in session.scalars(select(Seat.person_id).where(Seat.evaluation_id == evaluation))]
    return frozenset({Role.EXPERT}) if actor.person in seated else roles_of(actor, seated, tenderer)


def _room(session: Session, actor: Actor, number: str) -> tuple[Evaluation, LotState, frozenset[Role]]:
    lot = lots.by_number(session, number)
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    if row is None:
        raise NotFound("evaluation.not_found")
    return row, lot.state, watching_roles(session, actor, row.id, lot.parties.tenderer)


def _lot_of(session: Session, view: RecordingView) -> UUID:
    return session.get_one(Evaluation, view.evaluation_id).lot_id


def _is_recorded() -> ColumnElement[bool]:
    same = Tape.evaluation_id == RecordingLine.evaluation_id, Tape.seat == RecordingLine.seat, Tape.form == RecordingLine.form
    return select(Tape.id).where(*same, Tape.state == TapeState.RECORDING).exists()


def _lines(session: Session, row: Evaluation, form: Form) -> tuple[LineView, ...]:
    gaps: dict[str, list[RecordingGap]] = {}
    for gap in session.scalars(
        select(RecordingGap).where(RecordingGap.evaluation_id == row.id, RecordingGap.form == form).order_by(RecordingGap.no)
    ):
        gaps.setdefault(gap.seat, []).append(gap)
    tapes_at: dict[str, list[Tape]] = {}
    for tape in session.scalars(select(Tape).where(Tape.evaluation_id == row.id, Tape.form == form).order_by(Tape.begun_at, Tape.id)):
        tapes_at.setdefault(tape.seat, []).append(tape)
    codes = session.scalars(select(Seat.code).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None)))
    full = select(RecordingLine.seat, RecordingLine.full_since).where(RecordingLine.evaluation_id == row.id, RecordingLine.form == form)
    full_since = {} if row.state is State.SUBMITTED else {seat: since for seat, since in session.execute(full) if since is not None}
    found = (_line(code, form, gaps.get(code, []), tapes_at.get(code, []), row.state) for code in sorted(codes, key=int))
    return tuple(_full(line, full_since[line.seat]) if line.seat in full_since else line for line in found)


def _full(line: LineView, since: datetime) -> LineView:
    """A line for which there is no room: interrupted since then, or since it fell silent before."""
    return line if line.state == "gap" else replace(line, state="gap", since=since)


def _line(seat: str, form: Form, gaps: Sequence[RecordingGap], held: Sequence[Tape], state: State) -> LineView:
    open_gap = next((gap for gap in gaps if gap.until_ms is None), None)
    is_recorded = any(tape.state is TapeState.RECORDING for tape in held)
    if not held:
        said, since = "none", None
    elif open_gap is not None and state is not State.SUBMITTED:
        said, since = "gap", moment_of(open_gap.since_ms)
    elif is_recorded:
        said, since = "live", held[-1].begun_at
    else:
        said, since = "ended", held[-1].ended_at
    return LineView(seat, code_name(seat), form, said, since, len(gaps))


def _watched(session: Session, line: RecordingLine, is_awaited: bool) -> Watched:
    seen = line.seen_ms
    mine = Tape.evaluation_id == line.evaluation_id, Tape.seat == line.seat, Tape.form == line.form
    later = or_(Tape.state == TapeState.RECORDING, Tape.last_ms > seen) if seen is not None else Tape.id.is_not(None)
    held = session.execute(select(Tape.id, Tape.slices, Tape.last_ms).where(*mine, later).order_by(Tape.begun_at, Tape.id))
    passed = tuple((tape, slices if last is not None and seen is not None and last <= seen else 0) for tape, slices, last in held)
    where = RecordingGap.evaluation_id == line.evaluation_id, RecordingGap.seat == line.seat, RecordingGap.form == line.form
    known = select(RecordingGap.since_ms, RecordingGap.until_ms).where(*where, RecordingGap.since_ms >= (seen or 0))
    signed = frozenset(Hole(since, until) for since, until in session.execute(known))
    return Watched(line.evaluation_id, line.seat, line.form, seen, passed, signed, is_awaited)


def _tape(row: Tape) -> TapeView:
    same = {name: getattr(row, name) for name in ("id", "seat", "form", "state", "media", "begun_at", "ended_at", "slices", "size")}
    return TapeView(name=code_name(row.seat), **same)
