"""An opening under kill -9: at the deadline, in the batch, while files are read and while the record is typeset it goes on where it was."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain
from core.kernel.encoding import sha256
from core.kernel.work import Door
from tests.builders import odd_files
from tests.builders.bids import Hall, applying, hall, pack
from tests.builders.trading import tender
from tests.contract.deposits_load import patient_door
from trading.domain.application import ROUND
from trading.domain.opening import Key
from trading.queries import applications as queries
from trading.queries import parsed
from trading.services import applications, halls

ROOT = Path(__file__).resolve().parents[2]
BIDDERS = 4


class Revolving:
    """The test's own door while no platform runs; shut while one does, since SQLite has one writer."""

    def __init__(self, database: str, clock_file: Path, projections: Any) -> None:
        self.place = database, str(clock_file.parent / "files"), str(clock_file)
        self._open = lambda: patient_door(database, clock_file, projections)
        self.now: Door | None = self._open()

    def __getattr__(self, name: str) -> Any:
        if self.now is None:
            self.now = self._open()
        return getattr(self.now, name)

    def shut(self) -> None:
        """Leaves the database to another process."""
        if self.now is not None:
            self.now.close()
        self.now = None


def run(door: Revolving, state: str, *kills: float) -> None:
    """Has a platform bring the opening to `state`, killed after so many seconds, again and again, and at last left alone."""
    door.shut()
    command = [sys.executable, "-m", "tests.contract.opening_load", *door.place, state]
    for after in (*kills, None):
        platform = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert platform.stdout is not None and platform.stdout.readline() == "at work\n"
        if after is not None:
            time.sleep(after)
            platform.kill()
        said, _ = platform.communicate(timeout=90)
        assert after is not None or said == "done\n"


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_opening_goes_on_where_it_was(database: str, clock_file: Path, tmp_path: Path, projections: Any) -> None:
    door: Any = Revolving(database, clock_file, projections)
    room = hall(tender(door, clock_file), tmp_path)
    bidders = room.tender.join_bidders(BIDDERS)
    for bidder in bidders:
        files = {"plan.pdf": odd_files.pdf("Plan", bidder.org_name.encode("ascii", "ignore").decode()), "odd.pdf": odd_files.polyglot()}
        envelopes = [
            room.make(bidder, "technical", plain=pack({"items": {"工期": "540"}}, files, tmp_path)),
            room.make(bidder, "commercial"),
        ]
        room.hand_in(bidder, room.parts(bidder, envelopes))
        room.kept |= {(bidder.org, 1, envelope.env): envelope for envelope in envelopes}
    deadline = room.tender.lot.deadline
    assert deadline is not None
    room.tender.jump(deadline)
    chance = random.Random(20260928)
    run(door, "sign_in", chance.uniform(0.0, 1.2))
    room.grow()
    room.sign_in(*bidders)
    room.start()
    room.confirm()
    for bidder in bidders:
        room.release(bidder)
    run(door, "read_out", chance.uniform(1.9, 2.6), chance.uniform(0.0, 0.8))
    assert [bid.key for bid in room.view().bids] == [Key.OPENED] * BIDDERS
    room.read_out()
    room.tender.jump(room.until("objection_until"))
    run(door, "record_signing", chance.uniform(1.9, 2.6))
    body = {"record_sha256": room.view().record_sha256}
    room.act(halls.sign_record, room.tender.centre, "opening.record.sign", body, step_up=True)
    room.act(halls.close, room.tender.centre, "opening.close", body, step_up=True)
    check(room, door)
    door.shut()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_opening_of_applications_goes_on_where_it_was(database: str, clock_file: Path, tmp_path: Path, projections: Any) -> None:
    door: Any = Revolving(database, clock_file, projections)
    room = applying(tender(door, clock_file), tmp_path)
    firms = room.tender.join_bidders(BIDDERS)
    for firm in firms:
        room.seal(firm)
    room.tender.jump(room.deadline)
    chance = random.Random(20261130)
    run(door, "scheduled", chance.uniform(0.0, 1.2))
    room.grow()
    body = {"close_sha256": sha256(room.find("application.close")[0].envelope.payload).hex()}
    room.act(applications.start, room.tender.centre, "application.open", body, step_up=True, round=ROUND)
    for firm in firms:
        for office in ("centre", "tenderer"):
            room.rescue(office, firm, "application", round_=ROUND)
    run(door, "closed", chance.uniform(1.9, 2.6), chance.uniform(0.0, 0.8))
    kinds = Counter(event.kind for event in door.read(lambda session: chain.events(session, room.tender.case)))
    once = ("application.close", "application.open")
    assert [kinds[kind] for kind in once] == [1] * len(once)
    assert (kinds["receipt"], kinds["opened"], kinds["open.failed"]) == (BIDDERS, BIDDERS, 0)
    lot = room.tender.lot_id
    assert [len(one.files) for one in door.read(lambda session: queries.opened(session, lot))] == [1] * BIDDERS
    door.shut()


def check(room: Hall, door: Any) -> None:
    """Everything happened, and exactly once."""
    kinds = Counter(event.kind for event in door.read(lambda session: chain.events(session, room.tender.case)))
    once = ("close", "opening.start", "opening.read_out", "opening.record", "opening.close")
    assert [kinds[kind] for kind in once] == [1] * len(once)
    assert (kinds["opened"], kinds["open.failed"], kinds["file.odd"]) == (BIDDERS, 0, BIDDERS)
    files = door.read(lambda session: parsed.files_of(session, room.tender.lot.id))
    assert len(files) == 2 * BIDDERS and sum(bool(file.parsed.oddities) for file in files) == BIDDERS
