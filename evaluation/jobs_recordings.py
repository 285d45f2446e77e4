"""What the clock does for recordings: it signs heads each minute, finds gaps each second, and ends tapes that nobody writes any more."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.tape import ms_of
from core.kernel.tapestore import TapeStore
from core.kernel.ticks import Tick
from core.kernel.work import Door
from core.web.platform import Platform
from core.web.threads import natively
from evaluation.domain.recording import Cause
from evaluation.domain.recording_gaps import Hole, holes
from evaluation.queries import recordings as queries
from evaluation.queries.recordings import Growing, Watched
from evaluation.services import recordings
from evaluation.services.recordings import Grown, LineKey

MINUTE = 60_000  # ms that are gone through again at every look
FRESH = timedelta(seconds=15)  # in which a tape that was begun gets its writer


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after."""
    store, years = TapeStore(platform.settings.tapes_dir), platform.settings.video_years
    return (
        Tick("evaluation.recording_gaps", 1.0, lambda door: find_gaps(door, store)),
        Tick("evaluation.recording_heads", 60.0, lambda door: sign_heads(door, store)),
        Tick("evaluation.recording_ends", 5.0, lambda door: end_lost(door, store, years)),
    )


def sign_heads(door: Door, store: TapeStore) -> int:
    """Signs how far every tape has come; the minute's batch of the log takes it along. How many had grown."""
    rooms: dict[UUID, dict[UUID, Grown]] = {}
    for tape in door.read(queries.growing):
        rooms.setdefault(tape.evaluation, {})[tape.id] = natively(partial(grown, store, tape))
    return sum(door.perform(SYSTEM_ACTOR, partial(recordings.anchor, evaluation=room, grown=found)) for room, found in rooms.items())


def find_gaps(door: Door, store: TapeStore) -> int:
    """Signs what is missing of every line, and what has come back. How many events that were."""
    return sum(_settle(door, store, line) for line in door.read(queries.watched))


def end_lost(door: Door, store: TapeStore, years: int) -> int:
    """Ends tapes that nobody writes any more: their server died. What was acknowledged stays, what was not is cut off. How many."""
    now = clock.now(door.clock_file)
    return sum(_end(door, store, tape, years) for tape in door.read(queries.growing) if now - tape.begun_at >= FRESH)


def grown(store: TapeStore, tape: Growing) -> Grown:
    """How far a tape has come on disk."""
    more = store.slices(str(tape.id), tape.head.slices)
    return Grown(tape.head.after(more), more[-1].ms if more else tape.last_ms)


def missing(store: TapeStore, line: Watched, now: int) -> tuple[tuple[Hole, ...], int | None]:
    """The holes of a line behind what is settled, and when its last slice came."""
    arrived = sorted(one.ms for tape, passed in line.tapes for one in store.slices(str(tape), passed) if one.ms > (line.seen_ms or 0))
    found = tuple(holes(arrived, line.seen_ms, now if line.is_awaited else None))
    return found, arrived[-1] if arrived else line.seen_ms


def _settle(door: Door, store: TapeStore, line: Watched) -> int:
    found, last = natively(partial(missing, store, line, ms_of(clock.now(door.clock_file))))
    unsigned = tuple(hole for hole in found if hole not in line.signed)
    moves_on = last is not None and last - (line.seen_ms or 0) >= MINUTE
    if not unsigned and not moves_on:
        return 0
    key, seen = LineKey(line.evaluation, line.seat, line.form), last if moves_on else None
    return door.perform(SYSTEM_ACTOR, lambda work: recordings.settle_gaps(work, key, unsigned, seen))


def _end(door: Door, store: TapeStore, tape: Growing, years: int) -> bool:
    try:
        held = natively(partial(store.open, str(tape.id)))
    except BlockingIOError:
        return False  # somebody writes it
    try:
        found = natively(partial(grown, store, tape))
        door.perform(SYSTEM_ACTOR, lambda work: recordings.end(work, tape.id, found, Cause.LOST, years))
    finally:
        held.close()
    return True
