"""Whether and when a seat is recorded and watched nobody learns who may not: every page and answer stays as it was, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.kernel.roles import Role
from core.kernel.streams import StreamRow
from core.kernel.tapestore import TapeStore
from evaluation import jobs_recordings
from evaluation.domain.recording import Form, Purpose, Watching, chain_of
from evaluation.services import recording_views
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import SCORING
from tests.builders.supervising import begin_view
from tests.builders.tapes import record
from tests.web.evaluation_world import Client
from tests.web.test_evaluation_secrecy import addresses, differing, everything

pytestmark = pytest.mark.begins(SCORING)


@pytest.fixture
def store(app: Any) -> TapeStore:
    return TapeStore(app.extensions["gongheng"].settings.tapes_dir)


def clients(app: Any, room: Room) -> dict[str, Client]:
    """Everybody who may not know."""
    award = room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)
    outside = next(one for one in room.experts if one not in room.members)
    people: dict[str, Person | None] = {
        "the member who is recorded": room.members[0],
        "another member": room.members[1],
        "an expert outside": outside,
        "tenderer": room.tender.tenderer,
        "agency": room.tender.agency,
        "bidder": room.tender.bidders[0],
        "award member": award,
        "finance": room.tender.crowd.join(Role.FINANCE, room.tender.centre.org_name),
        "public": None,
    }
    return {name: Client(app, who) for name, who in people.items()}


def paths_of(app: Any, room: Room, view: str, tape: str) -> list[str]:
    """Every address that tells of the room, and those of recordings with these ids."""
    video, number = f"/lots/{room.number}/evaluation/video", room.number
    return [*addresses(app, room), video, f"/api/v1{video}", f"/api/v1{video}/views/{view}", f"/video/{number}/views/{view}/tapes/{tape}"]


def streams(room: Room) -> list[tuple[str, str, int, str]]:
    """All that any audience was sent of the case and of its recordings."""
    here = StreamRow.case_id.in_((room.case, chain_of(room.case)))
    rows = room.tender.door.read(lambda session: list(session.scalars(select(StreamRow).where(here))))
    return sorted((row.audience, row.kind, row.seq, str(row.data)) for row in rows)


def same(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> None:
    """Nothing differs."""
    assert before.keys() == after.keys()
    assert not [(key, *differing(before[key], after[key])) for key in before if before[key] != after[key]]


def unnamed(seen: dict[tuple[str, str], str], *ids: str) -> dict[tuple[str, str], str]:
    """Without the ids by which was asked."""

    def plain(text: str) -> str:
        for one in ids:
            text = text.replace(one, "id")
        return text

    return {(name, plain(path)): plain(text) for (name, path), text in seen.items()}


def test_nobody_learns_whether_a_seat_is_recorded_interrupted_or_watched(room: Room, app: Any, store: TapeStore) -> None:
    who, nobody = clients(app, room), str(uuid4())
    before, heard = everything(room, who, paths_of(app, room, nobody, nobody)), streams(room)
    now = room.tender.now
    made = record(room, store, room.members[0], (0, 4000), (9000, 12_000))
    record(room, store, room.members[1], (0, 1000))
    assert jobs_recordings.find_gaps(room.tender.door, store) > 0
    jobs_recordings.sign_heads(room.tender.door, store)
    said = Watching(Purpose.ALARM, "席位中断")
    view: Any = room.perform(room.tender.centre, lambda work: recording_views.watch(work, room.number, said, ("1",)))
    room.tender.jump(now)
    for tape in (*made.values(), nobody):  # one that is, and one that is not
        after = everything(room, who, paths_of(app, room, view["view"], tape))
        same(unnamed(before, nobody), unnamed(after, view["view"], tape))
    new = [entry for entry in streams(room) if entry not in heard]
    assert {audience for audience, *_ in new} == {"host", "supervisor"}


def test_the_host_does_not_learn_that_a_supervisor_watches(room: Room, app: Any, store: TapeStore) -> None:
    record(room, store, room.members[0], (0, 4000))
    begin_view(room)  # for what, which is told once for the visit
    host, nobody = {"host": Client(app, room.tender.centre)}, str(uuid4())
    before, heard = everything(room, host, paths_of(app, room, nobody, nobody)), streams(room)
    view: Any = room.perform(room.tender.supervisor, lambda work: recording_views.watch(work, room.number, None))
    after = everything(room, host, paths_of(app, room, view["view"], nobody))
    same(unnamed(before, nobody), unnamed(after, view["view"], nobody))
    assert streams(room) == heard


def test_who_watches_a_shield_learns_nothing_of_the_clear_form(room: Room, app: Any, store: TapeStore, tmp_path: Path) -> None:
    """Neither its size nor its gaps nor that it is there: a line that was recorded in the shielded form alone looks the same."""
    made = record(room, store, room.members[0], (0, 4000), (9000, 12_000))
    jobs_recordings.find_gaps(room.tender.door, store)
    watcher = Client(app, room.tender.centre)
    api = f"/lots/{room.number}/evaluation/video"
    view = watcher.send("POST", f"{api}/views", {"purpose": "routine"}).get_json()["view"]
    listed = watcher.get(f"{api}/views/{view}").get_json()
    assert [one["tape"] for one in listed["tapes"]] == [made[Form.SHIELD]]
    assert watcher.get(api).get_json()["lines"][0]["gaps"] == 1
    text = str(listed) + str(watcher.get(api).get_json())
    assert made[Form.CLEAR] not in text
    headers = {"Accept": "application/json"}
    answers = {
        watcher.client.get(f"/video/{room.number}/views/{view}/tapes/{tape}", headers=headers).get_json()["detail"]
        for tape in (made[Form.CLEAR], str(uuid4()))
    }
    assert len(answers) == 1
