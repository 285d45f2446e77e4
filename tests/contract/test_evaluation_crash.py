"""kill -9 of the server while seven experts sign: each sheet is in with its receipt, or still a draft; sent again it is in once."""

from __future__ import annotations

import random
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.factory import Application
from core.kernel.dsse import Envelope
from evaluation.domain.draft import Mark
from evaluation.queries import rooms
from evaluation.services import drafts, scores
from tests.browser.people import until
from tests.browser.stage import Recorder, Stage
from tests.builders.bids import hall
from tests.builders.evaluation import TWO_STAGES, OpenedBids, Room
from tests.builders.killing import counted
from tests.builders.people import Person
from tests.builders.served import Served, at_home, cookie
from tests.builders.trading import tender
from tests.builders.whole import Whole


def submit(served: Served, room: str, posted: dict[str, Any], cookies: dict[str, str], told: list[Any]) -> None:
    """Posts one signed sheet and notes the answer; a server that was killed gives none."""
    with httpx.Client(base_url=served.url, cookies=cookies, trust_env=False, timeout=60) as line:
        try:
            token = line.get("/api/v1/session").json()["csrf_token"]
            answer = line.post(f"/api/v1/lots/{room}/evaluation/sheet", json=posted, headers={"X-CSRFToken": token})
            told.append((answer.status_code, answer.json()))
        except (httpx.TransportError, KeyError):
            told.append(None)


def all_submit(served: Served, room: str, signed: list[Envelope], cookies: list[str], kill_at: int | None) -> list[Any]:
    """Everybody posts at once; the server is killed after so many answers. Answers by member, None where none came."""
    answers: list[list[Any]] = [[] for _ in signed]
    threads = [
        threading.Thread(
            target=submit, args=(served, room, {"envelope": dict(one.to_json())}, {"gongheng": cookies[place]}, answers[place])
        )
        for place, one in enumerate(signed)
    ]
    for thread in threads:
        thread.start()
    if kill_at is not None:
        until(lambda: sum(map(bool, answers)) >= kill_at)
        served.kill()
    for thread in threads:
        thread.join()
    return [told[0] for told in answers]


def with_drafts(room: Room, who: Person) -> None:
    """The member has typed the whole sheet."""
    for number, one in enumerate(room.sheet(), 1):

        def save(work: Any, one: Any = one) -> Any:
            return scores.save_draft(work, room.number, one["bid"], one["scores"], one["reasons"])

        mark = Mark("a", number, 0)
        room.perform(who, lambda work, one=one, mark=mark, save=save: drafts.in_turn(work, room.number, one["bid"], mark, save))


def scored(served: Served, app: Application, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """Three bids opened, seven members with every item typed."""
    platform, door = app.extensions["gongheng"], at_home(served, app, monkeypatch)
    folder.mkdir()
    made = hall(tender(door, served.settings.clock_file or folder), folder, method=TWO_STAGES)
    made.files, made.log = platform.files, platform.parts["log"]
    whole = Whole(made, Room(made.tender, OpenedBids()), made.log, served.settings)
    Stage(Recorder(app), served.url, None, whole).opened()  # type: ignore[arg-type]  # nobody looks at it, and no clock runs
    whole.room.fill_pool(11)
    whole.room.scoring()
    for who in whole.room.members:
        with_drafts(whole.room, who)
    made.log.grow(door)
    return whole.room


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_sheet_is_in_with_its_receipt_or_still_a_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = scored(served, app, tmp_path / "hall", monkeypatch)
        before = room.tender.door
        members, number, case = room.members, room.number, room.case
        sheets = {"part": "technical", "sheets": room.sheet()}
        signed = [who.act("score", case, room.tender.no, 0, sheets, True).envelope for who in members]
        cookies = [cookie(before, who).removeprefix("gongheng=") for who in members]
    first = all_submit(served.start(), number, signed[:6], cookies, random.Random(20261130).randint(1, 3))

    with served.prepared() as app:
        door = app.extensions["gongheng"].door
        found = [door.read(lambda session, who=who: rooms.own_sheet(session, who.actor, number)) for who in members]
        assert counted(door, case)["score"] == sum(one.is_submitted for one in found) > 0
        for answer, one in zip(first, found, strict=False):
            assert one.is_submitted or answer is None or answer[0] != 200  # who has the receipt is in
        assert all(row.filled() == 5 for one in found for row in one.rows)  # and who is not has every draft

    again = all_submit(served.start(), number, signed, cookies, None)
    once_more = all_submit(served, number, signed, cookies, None)
    served.kill()
    assert [answer[0] for answer in again] == [200] * 7, again
    assert once_more == again
    assert all(answer in (None, got) for answer, got in zip(first, again, strict=False))
    with served.prepared() as app:
        kinds = counted(app.extensions["gongheng"].door, case)
        assert (kinds["score"], kinds["technical.lock"]) == (7, 1)
