"""How long the recordings of a room are kept: until when, where a second copy lies, what holds them, and which are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from evaluation.domain.committee import code_name
from evaluation.domain.recording import LINE, LineAction, TapeState
from evaluation.models.recordings import Tape
from evaluation.models.rooms import Evaluation
from evaluation.queries.recordings import watching_roles
from trading.queries import archives, lots


@dataclass(frozen=True, slots=True)
class SeatKept:
    """The recordings of a seat in both forms: how many there are, their bytes, from when to when they go (`last` is None while one is
    made), until when the longest kept is kept (None while one is made, and for ever), how many have a second copy, how many are gone."""

    seat: str
    name: str
    tapes: int
    size: int
    first: datetime
    last: datetime | None
    kept_until: date | None
    copied: int
    gone: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """The recordings of a room as they are kept; `is_filed`, `holds`: what the archive says of their case."""

    number: str
    case: str
    is_closed: bool
    is_filed: bool
    holds: int
    rows: tuple[SeatKept, ...]


def of_room(session: Session, actor: Actor, number: str) -> Keeping:
    """For host and supervisor. Raises NotFound where there is no room, NotAllowed for anybody else."""
    lot = lots.by_number(session, number)
    room = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    if room is None:
        raise NotFound("evaluation.not_found")
    LINE.choose(LineAction.WATCH, room.state, watching_roles(session, actor, room.id, lot.parties.tenderer), lot.state)
    held: dict[str, list[Tape]] = {}
    for tape in session.scalars(select(Tape).where(Tape.evaluation_id == room.id, Tape.size > 0).order_by(Tape.begun_at, Tape.id)):
        held.setdefault(tape.seat, []).append(tape)
    kept = archives.kept(session, lot.case)
    rows = tuple(_seat(seat, held[seat]) for seat in sorted(held, key=int))
    return Keeping(lot.number, lot.case, kept.is_closed, kept.is_filed, kept.holds, rows)


def _seat(seat: str, tapes: Sequence[Tape]) -> SeatKept:
    ended = [tape.ended_at for tape in tapes if tape.ended_at is not None]
    until = [tape.kept_until for tape in tapes if tape.kept_until is not None]
    is_whole = len(ended) == len(tapes)
    return SeatKept(
        seat=seat,
        name=code_name(seat),
        tapes=len(tapes),
        size=sum(tape.size for tape in tapes),
        first=tapes[0].begun_at,
        last=max(ended) if is_whole else None,
        kept_until=max(until) if is_whole and len(until) == len(tapes) else None,
        copied=sum(tape.copied_at is not None for tape in tapes),
        gone=sum(tape.state is TapeState.DISPOSED for tape in tapes),
    )
