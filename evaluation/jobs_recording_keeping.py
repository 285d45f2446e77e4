"""What the clock does for recordings that have ended: a second copy where there is a place for one, and disposal after their term."""

from __future__ import annotations

import logging
from functools import partial

from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal
from core.kernel.tapestore import TapeStore
from core.kernel.ticks import Tick
from core.kernel.work import Door
from core.web.platform import Platform
from core.web.threads import natively
from evaluation.queries import recordings as queries
from evaluation.services import recording_keeping

log = logging.getLogger(__name__)


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after; without a second place there is no second copy."""
    store, folder = TapeStore(platform.settings.tapes_dir), platform.settings.video_copy_dir
    places = (store,) if folder is None else (store, TapeStore(folder))
    always = (Tick("evaluation.recording_disposals", 3600.0, lambda door: dispose(door, *places)),)
    return always if folder is None else (*always, Tick("evaluation.recording_copies", 60.0, lambda door: copy(door, *places)))


def copy(door: Door, store: TapeStore, second: TapeStore) -> int:
    """Puts what has ended into the second store; one that fails is tried again. How many were copied."""
    done = 0
    for tape in door.read(queries.uncopied):
        try:
            natively(partial(store.copy, str(tape), second))
        except OSError:
            log.exception("no second copy of tape %s", tape)
            continue
        door.perform(SYSTEM_ACTOR, partial(recording_keeping.copied, tape=tape))
        done += 1
    return done


def dispose(door: Door, *stores: TapeStore) -> int:
    """Disposes of what is due, and deletes what was disposed of from every store; a crash between the two is made good here. How many."""
    done, today = 0, legal_day(clock.now(door.clock_file))
    for tape in door.read(lambda session: queries.due_for_disposal(session, today)):
        try:
            door.perform(SYSTEM_ACTOR, partial(recording_keeping.dispose, tape=tape))
            done += 1
        except Refusal as refusal:
            log.info("tape %s is kept: %s", tape, refusal)
    for tape in door.read(queries.disposed):
        for store in stores:
            natively(partial(store.remove, str(tape)))
    return done
