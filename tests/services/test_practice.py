"""A practice through the services, on both databases: two tabs at once, the clock, and a process that is killed half way."""

from __future__ import annotations

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from core.kernel import practice_lot, sealing, uploads
from core.kernel.clock import write_offset
from core.kernel.encoding import sha256
from core.kernel.errors import NotFound, Stale, WrongState
from core.kernel.files import FileStore
from core.kernel.lotfile import LotEnvelope
from core.kernel.roles import Role
from core.kernel.sealing import Place, Sealed
from core.kernel.uploads import Upload
from core.kernel.work import Door, Work
from tests.builders.people import People, Person, people
from trading import jobs_practice
from trading.models.practice import Practice, PracticeEnvelope
from trading.queries import practice as queries
from trading.services import practice
from trading.services.sealings import SealPart

pytestmark = pytest.mark.sqlite_alone

ENVELOPES = (LotEnvelope("technical", "技术标", ()), LotEnvelope("commercial", "商务标", ()))


class Area:
    """One person's practice area."""

    def __init__(self, door: Door, files: FileStore, person: Person) -> None:
        self.door, self.files, self.person = door, files, person

    def perform(self, use_case: Any) -> Any:
        return self.door.perform(self.person.actor, use_case)

    def begin(self) -> None:
        lot = practice_lot.make(practice_lot.new_case(), ENVELOPES, datetime.now(UTC))
        self.perform(lambda work: practice.begin(work, lot))

    def own(self) -> Any:
        return self.door.read(lambda session: queries.own(session, self.person.actor, self.door.clock(session)))

    def make(self, env: str, ver: int) -> tuple[Sealed, bytes]:
        lot, target = self.door.read(lambda s: queries.lot_file(s, self.person.actor, self.door.clock(s))), io.BytesIO()
        offices = {role: [key.recipient for key in lot.offices[role]] for role in sealing.ROLES}
        place, device = Place(lot.case, lot.lot, env, ver, str(self.person.org)), [self.person.identity.recipient]
        sealed = sealing.seal(io.BytesIO(b"plain"), target, place, offices=offices, bidder=device, client_build="test")
        return sealed, target.getvalue()

    def upload(self, content: bytes, practising: bool = True) -> UUID:
        owner = self.person.person
        begun = self.perform(lambda work: uploads.create(work, owner, len(content), practising=practising))
        with self.files.stage(str(begun.id)) as staged:
            staged.begin(0)
            staged.append(content)
            staged.settle()
        digest = sha256(content).hex()
        self.perform(lambda work: uploads.acknowledge(work, begun.id, owner, before=0, after=len(content), sha256=digest))
        return UUID(str(begun.id))

    def parts(self, ver: int) -> list[SealPart]:
        case = self.own().case
        prev, made = self.person.prev(case), []
        for env in ("technical", "commercial"):
            sealed, content = self.make(env, ver)
            request = self.person.act("seal", case, "1", body=dict(sealed.body), prev=prev)
            prev = sha256(request.envelope.payload).hex()
            boxes = tuple((share.role, share.box) for share in sealed.shares)
            made.append(SealPart(request, self.upload(content), content[:200], sealed.box, boxes))
        return made

    def seal(self, ver: int) -> Any:
        parts = self.parts(ver)
        return self.hand_in(parts)

    def hand_in(self, parts: list[SealPart]) -> Any:
        return self.perform(lambda work: practice.seal(work, parts, work.now() - timedelta(milliseconds=7), self.door.platform))


@pytest.fixture
def crowd(door: Door) -> People:
    return people(door)


@pytest.fixture
def area(door: Door, crowd: People, tmp_path: Path) -> Area:
    return Area(door, FileStore(tmp_path / "files"), crowd.join(Role.BIDDER))


def count(area: Area, model: Any) -> int:
    return area.door.read(lambda session: session.scalar(select(func.count()).select_from(model)) or 0)


@pytest.mark.on_both
def test_two_tabs_begin_one_practice(area: Area) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: area.begin(), range(4)))
    assert count(area, Practice) == 1


@pytest.mark.on_both
def test_the_same_post_again_gets_the_same_answer(area: Area) -> None:
    area.begin()
    parts = area.parts(1)
    assert area.hand_in(parts) == area.hand_in(parts) and count(area, PracticeEnvelope) == 2
    view = area.own()
    assert view.ver == 1 and view.current.envelopes[0].waited_ms >= 7 and len(view.seals) == 2 and view.may_withdraw


def test_another_version_than_the_next_is_stale_and_leaves_nothing(area: Area) -> None:
    area.begin()
    parts = area.parts(2)
    with pytest.raises(Stale, match=r"bid\.seal\.version"):
        area.hand_in(parts)
    assert count(area, PracticeEnvelope) == 0


def test_only_what_is_sealed_can_be_opened_and_once(area: Area) -> None:
    area.begin()
    with pytest.raises(WrongState, match=r"bid\.lock\.wrong_state"):
        area.perform(practice.close)
    area.perform(practice.announce_upload)
    area.seal(1)
    area.perform(practice.close)
    assert area.own().waiting == ("technical", "commercial")
    with pytest.raises(WrongState):
        area.perform(practice.close)
    with pytest.raises(WrongState):
        area.perform(practice.announce_upload)


def test_a_release_of_what_is_not_there_is_refused(area: Area) -> None:
    area.begin()
    area.seal(1)
    area.perform(practice.close)
    for body, refusal in (({"env": "none", "ver": 1, "bid_pub": "x"}, NotFound), ({"env": "technical", "ver": 1, "bid_pub": "x"}, Stale)):
        request = area.person.act("practice.release", area.own().case, "1", body=body)
        with pytest.raises(refusal):
            area.perform(lambda work, request=request: practice.release(work, request))


@pytest.mark.on_both
def test_after_its_time_nothing_is_taken_and_the_clock_empties_it(area: Area, clock_file: Path) -> None:
    area.begin()
    area.seal(1)
    parts = area.parts(2)
    write_offset(clock_file, timedelta(hours=4, seconds=1))
    assert area.own() is None
    for use_case in (lambda work: practice.seal(work, parts, work.now(), area.door.platform), practice.close, practice.announce_upload):
        with pytest.raises(NotFound):
            area.perform(use_case)
    jobs_practice.empty(area.door, area.files)
    assert [count(area, model) for model in (Practice, PracticeEnvelope, Upload)] == [0, 0, 0]
    jobs_practice.empty(area.door, area.files)  # twice is harmless


def test_the_clock_leaves_real_uploads_alone(area: Area, clock_file: Path) -> None:
    area.begin()
    real = area.upload(b"a real bid", practising=False)
    write_offset(clock_file, timedelta(hours=5))
    jobs_practice.empty(area.door, area.files)
    assert area.door.read(lambda session: uploads.find(session, real, area.person.person)).id == real
    assert area.files.staged(str(real)).exists()


@pytest.mark.on_both
def test_what_fails_for_one_is_said_in_the_sealed_log_and_the_others_are_emptied(
    area: Area, crowd: People, clock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Area(area.door, area.files, crowd.join(Role.BIDDER, "乙方路桥有限公司"))
    for one in (area, other):
        one.begin()
    write_offset(clock_file, timedelta(hours=5))
    forget = practice.forget

    def fail(work: Work, person: Any, gone: Any) -> None:
        if person == area.person.person:
            raise ZeroDivisionError
        forget(work, person, gone)

    with monkeypatch.context() as patch:
        patch.setattr(practice, "forget", fail)
        jobs_practice.empty(area.door, area.files)
    assert count(area, Practice) == 1
    jobs_practice.empty(area.door, area.files)
    assert count(area, Practice) == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from core.kernel.files import FileStore
files = FileStore(Path(sys.argv[1]))
for name in sys.argv[2:]:
    files.discard(name)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.on_both
def test_a_process_killed_while_it_empties_leaves_what_the_next_one_finishes(area: Area, clock_file: Path, tmp_path: Path) -> None:
    """`kill -9` after the first file is gone and before any row is: the rows still name the rest."""
    area.begin()
    area.seal(1)
    gone = area.door.read(lambda session: uploads.practised(session, area.person.person))
    words = [sys.executable, "-c", KILLED, str(tmp_path / "files"), *map(str, gone)]
    assert subprocess.run(words, check=False).returncode == -9
    staging = tmp_path / "files" / "staging"
    assert len(list(staging.iterdir())) == 1 and count(area, Upload) == 2
    write_offset(clock_file, timedelta(hours=5))
    jobs_practice.empty(area.door, area.files)
    assert list(staging.iterdir()) == [] and [count(area, model) for model in (Practice, PracticeEnvelope, Upload)] == [0, 0, 0]
