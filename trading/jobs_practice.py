"""What the clock does for practices and uploads: it empties those whose time is over, and whatever was left half way."""

from __future__ import annotations

from core.kernel import uploads
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.files import FileStore
from core.kernel.sealedlog import SEALED
from core.kernel.ticks import Tick
from core.kernel.work import Door
from trading.queries import practice as queries
from trading.services import practice


def ticks(files: FileStore) -> tuple[Tick, ...]:
    """With the store that this process keeps."""
    return (Tick("trading.empty_practices", 60.0, lambda door: empty(door, files)),)


def empty(door: Door, files: FileStore) -> None:
    """Staged files first, then the rows that name them, so that dying in between leaves nothing behind."""
    for person in door.read(lambda session: queries.over(session, door.clock(session))):
        try:
            gone = door.read(lambda session, person=person: uploads.practised(session, person))  # type: ignore[misc]  # this person
            for upload in gone:
                files.discard(str(upload))
            door.perform(SYSTEM_ACTOR, lambda work, person=person, gone=gone: practice.forget(work, person, gone))  # type: ignore[misc]
        except Exception:
            SEALED.exception("a practice was not emptied")  # in the ordinary log this would count those who practise
    left = door.read(lambda session: uploads.overdue(session, door.clock(session)))
    for upload in left:
        files.discard(str(upload))
    if left:
        door.perform(SYSTEM_ACTOR, lambda work: uploads.drop(work, left))
