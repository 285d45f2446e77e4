"""A recording goes once its case is filed and no order holds it, by the real archive, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day
from core.kernel.db import table
from core.kernel.tapestore import TapeStore
from core.kernel.work import Door
from core.settings import Settings
from evaluation import jobs_recording_keeping as keeping
from evaluation.domain.recording import TapeState, chain_of
from evaluation.models.recordings import Tape
from tests.builders import archives
from tests.builders.whole import Whole, whole

pytestmark = [pytest.mark.on_both]


@pytest.fixture
def played(door: Door, clock_file: Path, tmp_path: Path, settings: Settings) -> Iterator[Whole]:
    """A case that was played to its close."""
    with whole(door, clock_file, tmp_path, settings) as made:
        yield made.play()


def lapse(case: Whole) -> None:
    """As if the term of every recording had been over yesterday; how long it is is told elsewhere."""
    world = case.hall.tender
    rows = update(table(Tape)).values(kept_until=legal_day(world.now) - timedelta(days=1))
    world.door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(rows) and None)


def test_a_recording_goes_once_its_case_is_filed_and_no_order_holds_it(played: Whole, tmp_path: Path) -> None:
    world, store, second = played.hall.tender, TapeStore(played.settings.tapes_dir), TapeStore(tmp_path / "copy")
    assert keeping.copy(world.door, store, second) == 4
    archives.prepare(played.platform, world)
    archives.file(world)
    assert keeping.dispose(world.door, store, second) == 0  # its term runs
    lapse(played)
    order, other = archives.hold(world, world.supervisor), archives.hold(world, world.centre, "临公资〔2027〕8号")
    for placed, by in ((order, world.supervisor), (other, world.centre)):
        assert keeping.dispose(world.door, store, second) == 0  # 封存: one order is enough
        archives.lift(world, by, placed)
    assert keeping.dispose(world.door, store, second) == 4 and keeping.dispose(world.door, store, second) == 0
    tapes = world.door.read(lambda session: [(str(row.id), row.state) for row in session.scalars(select(Tape))])
    for tape, state in tapes:
        assert state is TapeState.DISPOSED and store.slices(tape)
        assert not store.path(tape).exists() and not second.path(tape).exists()
    assert len(world.door.read(lambda session: chain.find(session, chain_of(world.case), "video.dispose"))) == 4
