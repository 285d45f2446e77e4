"""A case in which an alarm of the draw was dispatched before there was a room is accepted, and other stories of it are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from tests.builders.evaluation import Room
from tests.builders.supervising import before_the_room
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case
from tests.verify.test_forgeries import Edit, drop, found, move, put


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("drawn")
    request = Room.requested

    def with_an_alarm(room: Room, **changes: object) -> Room:
        request(room, **changes)
        before_the_room(room)
        return room

    with pytest.MonkeyPatch.context() as patch, unplayed(folder, sqlite_template) as made:
        patch.setattr(Room, "requested", with_an_alarm)
        yield Case.of(made, made.play().export(), folder)


def test_an_alarm_that_was_handled_before_there_was_a_room_is_accepted(told: Case) -> None:
    verdict = verify(told.path, told.policy)
    assert [(one.check, one.code, one.member) for one in verdict.findings if not one.holds] == []
    [said] = [one for one in verdict.findings if one.check == "supervision"]
    assert said.detail == "3; 3; 2"  # the draw's and two of the room, all closed, and two views


LIES: dict[str, tuple[str, Edit]] = {
    "the alarm left out": ("measure_unknown", lambda story: drop(story, "draw.alarm")),
    "dispatched before it was raised": ("measure_unknown", lambda story: move(story, "supervision.act", "draw.alarm")),
    "a member is addressed whom nobody drew": (
        "measure.no_room",
        lambda story: put(story, "supervision.act", measure="explain", to="seat:1", about=""),
    ),
    "a warning without a room": ("measure.no_room", lambda story: put(story, "supervision.act", measure="warn", about="")),
    "closed without the second answer": ("measure.close.wrong_state", lambda story: drop(story, "supervision.answer", 1)),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_it_is_refused(told: Case, tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    broken = found(told, members_of(told), tmp_path, edit)
    assert ("supervision", code) in [(check, what) for check, what, _ in broken], broken
