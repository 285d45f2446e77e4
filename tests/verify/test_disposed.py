"""Recordings whose term is over: kept while the case is not filed or an order holds it; then they go, and their chain stays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.verify import archive
from app.verify.steps import verify
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day
from core.kernel.db import table
from core.kernel.tapestore import TapeStore
from evaluation import jobs_recording_keeping as keeping
from evaluation.models.recordings import Tape
from tests.builders import archives
from tests.builders.whole import Whole
from tests.verify.conftest import unplayed
from tests.verify.forging import listed, packed

Members = dict[str, bytes]


@pytest.fixture
def closed(sqlite_template: Path, tmp_path: Path) -> Iterator[Whole]:
    """A case that was played to its close."""
    with unplayed(tmp_path, sqlite_template) as made:
        yield made.play()


def members(path: Path) -> Members:
    held = io.BytesIO(path.read_bytes())
    return {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}


def lapse(case: Whole) -> None:
    """As if the term of every recording had been over yesterday; how long it is is told elsewhere."""
    world = case.hall.tender
    rows = update(table(Tape)).values(kept_until=legal_day(world.now) - timedelta(days=1))
    world.door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(rows) and None)


def test_a_recording_goes_when_the_archive_lets_it_and_the_verifier_says_so(closed: Whole, tmp_path: Path) -> None:
    world, store = closed.hall.tender, TapeStore(closed.settings.tapes_dir)
    second = TapeStore(tmp_path / "copy")
    assert keeping.copy(world.door, store, second) == 4
    before = members(closed.export(with_tapes=True))
    tapes = [name for name in before if name.endswith(".webm")]
    lapse(closed)
    assert keeping.dispose(world.door, store, second) == 0  # closed, and not filed
    archives.prepare(closed.platform, world)
    archives.file(world)
    order, other = archives.hold(world, world.supervisor), archives.hold(world, world.centre, "临公资〔2027〕8号")
    for placed, by in ((order, world.supervisor), (other, world.centre)):
        assert keeping.dispose(world.door, store, second) == 0 and len(tapes) == 4  # 封存: one order is enough
        archives.lift(world, by, placed)
    assert keeping.dispose(world.door, store, second) == 4 and keeping.dispose(world.door, store, second) == 0
    assert not any(one.path(name[6:42]).exists() for one in (store, second) for name in tapes)

    closed.deliver()
    closed.log.grow_and_witness(world.door)
    exported = closed.export(with_tapes=True)
    verdict = verify(exported, closed.policy)
    assert [(one.check, one.code) for one in verdict.findings if not one.holds] == []
    assert ("tapes_disposed", {"count": 4}) in [(note.code, dict(note.facts)) for note in verdict.notes]
    kept = members(exported)
    assert not any(name.endswith(".webm") for name in kept) and sum(name.endswith(".index") for name in kept) == 4
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(listed(kept | {tapes[0]: before[tapes[0]]}, world.door.platform)))
    unstamped = replace(closed.policy, tsa_roots=frozenset())  # a forger cannot forge time stamps
    assert [(one.check, one.code) for one in verify(path, unstamped).findings if not one.holds] == [("recordings", "tape_disposed")]
