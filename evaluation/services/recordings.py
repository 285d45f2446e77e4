"""Tapes begin, grow under signed heads, and end; what is missing of a line is found and signed. The bytes lie in the store of tapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.errors import WrongState
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.tape import Head, begun, moment_of
from core.kernel.work import Work
from evaluation.domain.recording import LINE, MOVES, Cause, Form, LineAction, TapeAction, TapeFacts, TapeState, chain_of, grows, kept_until
from evaluation.domain.recording_gaps import Hole
from evaluation.events_recordings import GapClosed, GapFound, RecordingFull, TapeBegun, TapeEnded, TapeHead, TapesAnchored
from evaluation.models.recordings import RecordingGap, RecordingLine, Tape
from evaluation.models.rooms import Evaluation
from evaluation.services.locked import SYSTEM, LockedRoom
from trading.queries import lots


@dataclass(frozen=True, slots=True)
class Grown:
    """How far a tape has come on disk; `last_ms` is None while it is empty."""

    head: Head
    last_ms: int | None


@dataclass(frozen=True, slots=True)
class LineKey:
    """A seat of a room in one form."""

    evaluation: UUID
    seat: str
    form: Form


def begin(work: Work, number: str, media: Mapping[Form, str]) -> dict[str, JSON]:
    """Begins a tape of the caller's seat in each of these forms, `media` naming what is sent; answers their ids. Raises NotAllowed for
    whoever holds no seat, WrongState once the report is handed over or the
    lot has ended. Records TapeBegun for each."""
    room = LockedRoom.by_number(work, number)
    seat = room.seat_of(work.actor.person)
    LINE.choose(LineAction.BEGIN, room.row.state, work.actor.roles & {Role.EXPERT}, room.lot.state)
    made: dict[str, JSON] = {}
    for form, sent in sorted(media.items(), key=lambda one: one[0].value):
        tape = new_id(room.now)
        empty = begun(room.lot.case, room.lot.no, seat.code, form.value, str(tape))
        _line(room, seat.code, form).full_since = None
        row = Tape(id=tape, evaluation_id=room.row.id, seat=seat.code, form=form, media=sent, person_id=seat.person_id, link=empty.link)
        row.state, row.begun_at = TapeState.RECORDING, room.now
        work.session.add(row)
        work.record(TapeBegun(case=chain_of(room.lot.case), lot=room.lot.no, seat=seat.code, form=form.value, tape=str(tape), media=sent))
        made[form.value] = str(tape)
    return {"seat": seat.code, "tapes": made}


def note_full(work: Work, number: str, seat: str = "") -> None:
    """There is no room for the recording of a seat, the caller's own where none is named: said once, until it is recorded again. Raises as
    `begin`. Records RecordingFull."""
    room = LockedRoom.by_number(work, number)
    code = seat or room.seat_of(work.actor.person).code
    LINE.choose(LineAction.BEGIN, room.row.state, frozenset({Role.EXPERT}), room.lot.state)
    lines = [_line(room, code, form) for form in Form]
    if any(line.full_since is None for line in lines):
        for line in lines:
            line.full_since = room.now
        work.record(RecordingFull(case=chain_of(room.lot.case), lot=room.lot.no, seat=code))


def _line(room: LockedRoom, seat: str, form: Form) -> RecordingLine:
    """The line of a seat in one form, made where there is none."""
    found = room.work.session.get(RecordingLine, (room.row.id, seat, form))
    if found is None:
        found = RecordingLine(evaluation_id=room.row.id, seat=seat, form=form, full_since=None)
        room.work.session.add(found)
    return found


def anchor(work: Work, evaluation: UUID, grown: Mapping[UUID, Grown]) -> int:
    """Signs how far the tapes of a room have come; how many of them had grown. Records TapesAnchored where any had."""
    mine = select(Tape).where(Tape.id.in_(grown), Tape.evaluation_id == evaluation).order_by(Tape.id).with_for_update()
    rows = [row for row in work.session.scalars(mine) if grows(row.state)]
    told: list[TapeHead] = []
    for row in rows:
        new = grown[row.id]
        if new.head.slices > row.slices:
            _take(row, new)
            told.append(TapeHead(tape=str(row.id), slices=row.slices, size=row.size, head=row.link.hex()))
    if told:
        case, lot = _place(work, evaluation)
        work.record(TapesAnchored(case=chain_of(case), lot=lot, tapes=told))
    return len(told)


def end(work: Work, tape: UUID, grown: Grown, cause: Cause, years: int) -> None:
    """A tape has its last slice; it is kept for `years` by the policy (0 for ever). Doing it again changes nothing. Raises NotFound.
    Records TapeEnded."""
    row = lock(work.session, Tape, Tape.id == tape)
    if not grows(row.state):
        return
    row.state = MOVES.choose(TapeAction.END, row.state, SYSTEM, TapeFacts())
    _take(row, grown)
    row.ended_at = work.now()
    evaluation = work.session.get_one(Evaluation, row.evaluation_id)
    lot = lots.by_id(work.session, LotId(evaluation.lot_id))
    row.kept_until = kept_until(legal_day(row.ended_at), lot.regime, years)
    head = row.link.hex()
    work.record(
        TapeEnded(case=chain_of(lot.case), lot=lot.no, tape=str(tape), slices=row.slices, size=row.size, head=head, cause=cause.value)
    )


def settle_gaps(work: Work, line: LineKey, found: Sequence[Hole], seen_ms: int | None) -> int:
    """Signs the holes of a line that are not signed yet, and those that have come to an end; `seen_ms`: up to which slice this is settled.
    How many events that were. Records GapFound and GapClosed."""
    where = RecordingLine.evaluation_id == line.evaluation, RecordingLine.seat == line.seat, RecordingLine.form == line.form
    row = lock(work.session, RecordingLine, *where)
    case, lot = _place(work, line.evaluation)
    told = 0
    for hole in found:
        gap = _gap(work, line, hole.since)
        if gap is None:
            row.gaps += 1
            gap = RecordingGap(evaluation_id=line.evaluation, seat=line.seat, form=line.form, no=row.gaps, since_ms=hole.since)
            work.session.add(gap)
            since = moment_of(hole.since)
            work.record(GapFound(case=chain_of(case), lot=lot, seat=line.seat, form=line.form.value, no=gap.no, since=since))
            told += 1
        if hole.until is not None and gap.until_ms is None:
            gap.until_ms = hole.until
            until = moment_of(hole.until)
            work.record(GapClosed(case=chain_of(case), lot=lot, seat=line.seat, form=line.form.value, no=gap.no, until=until))
            told += 1
    if seen_ms is not None and (row.seen_ms is None or seen_ms > row.seen_ms):
        row.seen_ms = seen_ms
    return told


def _gap(work: Work, line: LineKey, since_ms: int) -> RecordingGap | None:
    mine = RecordingGap.evaluation_id == line.evaluation, RecordingGap.seat == line.seat, RecordingGap.form == line.form
    return work.session.scalar(select(RecordingGap).where(*mine, RecordingGap.since_ms == since_ms))


def _take(row: Tape, grown: Grown) -> None:
    if grown.head.slices < row.slices:
        raise WrongState("recording.shorter")
    row.slices, row.size, row.link = grown.head.slices, grown.head.size, grown.head.link
    row.last_ms = grown.last_ms if grown.last_ms is not None else row.last_ms


def _place(work: Work, evaluation: UUID) -> tuple[str, str]:
    """The case and the number of the lot of a room."""
    row = work.session.get_one(Evaluation, evaluation)
    lot = lots.by_id(work.session, LotId(row.lot_id))
    return lot.case, lot.no
