"""Recordings after the room is over: a second copy, a term, a filing, orders that hold them, and a disposal that is signed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.errors import WrongState
from core.kernel.tapestore import TapeStore
from evaluation import jobs_recording_keeping as keeping
from evaluation.models.recordings import Tape
from evaluation.services import recording_keeping
from tests.builders.evaluation import Room
from tests.builders.stages import SCORING
from tests.builders.tapes import record

pytestmark = [pytest.mark.begins(SCORING), pytest.mark.on_both]


@pytest.fixture
def stores(tmp_path: Path) -> tuple[TapeStore, TapeStore]:
    return TapeStore(tmp_path / "tapes"), TapeStore(tmp_path / "copy")


def test_what_has_ended_is_copied_once(room: Room, stores: tuple[TapeStore, TapeStore], monkeypatch: pytest.MonkeyPatch) -> None:
    store, second = stores
    made, door = record(room, store, room.members[0], (0, 2000)), room.tender.door
    monkeypatch.setattr(TapeStore, "copy", broken)
    assert keeping.copy(door, store, second) == 0  # the other disk is away: tried again
    monkeypatch.undo()
    assert keeping.copy(door, store, second) == 2 and keeping.copy(door, store, second) == 0
    for tape in made.values():
        assert second.recording(tape).read_bytes() == store.recording(tape).read_bytes()


def broken(*_: Any) -> str:
    raise OSError("no such disk")


def test_a_case_that_is_not_filed_keeps_its_recordings(room: Room, stores: tuple[TapeStore, TapeStore]) -> None:
    made = record(room, stores[0], room.members[0], (0, 2000), years=3)
    room.tender.jump(room.tender.now + timedelta(days=2000))
    door = room.tender.door
    assert keeping.dispose(door, *stores) == 0 and all(stores[0].recording(one).exists() for one in made.values())
    tape = door.read(lambda session: session.scalar(select(Tape.id).limit(1)))
    assert str(tape) in made.values() and tape is not None
    with pytest.raises(WrongState, match=r"recording\.not_filed"):
        room.perform_as_clock(lambda work: recording_keeping.dispose(work, tape))
