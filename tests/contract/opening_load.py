"""A platform process that tests kill: `python -m tests.contract.opening_load DATABASE FILES CLOCK STATE` runs the clock up to a state."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

import app.wiring
from core.kernel import log
from core.kernel.files import FileStore
from core.kernel.signing import Ed25519Signer
from core.kernel.ticks import Clockwork
from tests.contract.deposits_load import patient_door
from trading import jobs_opening
from trading.models.opening import AnyOpening, OpenedFile
from trading.models.parsed import ParsedFileRow


def main(url: str, files: str, clock_file: str, state: str) -> None:
    """Prints `at work` when the clock runs and `done` when the opening has reached the state and every opened file has been read."""
    door = patient_door(url, Path(clock_file), app.wiring.PROJECTIONS)
    kept = log.Log("test/log", Ed25519Signer.from_seed(bytes(32)))
    topics = {**jobs_opening.subscriptions(FileStore(Path(files))), **kept.subscriptions(), **dict.fromkeys(HEARD, _nothing)}
    clockwork = Clockwork(door, jobs_opening.TICKS, topics)
    clockwork.start()
    print("at work", flush=True)
    while not door.read(lambda session: _reached(session, state)):
        time.sleep(0.05)
    clockwork.stop()
    door.close()
    print("done", flush=True)


HEARD = ("deadline.closed", "opening.closed", "commercial.opened")


def _nothing(_work: object, _payload: object) -> None:
    """Heard, and nothing follows here."""


def _reached(session: Session, state: str) -> bool:
    found = session.scalar(select(AnyOpening.state))
    unread = select(OpenedFile.id).outerjoin(ParsedFileRow, ParsedFileRow.file_id == OpenedFile.id).where(ParsedFileRow.file_id.is_(None))
    return found is not None and found.value == state and session.scalar(unread.limit(1)) is None


if __name__ == "__main__":
    main(*sys.argv[1:])
