"""Who sat at which workstation is part of the case: another draw, another device, another absence are found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, drop, found, move, put


def of(story: list[Said], kind: str, at: int = 0) -> dict[str, object]:
    body: dict[str, object] = [one for one in story if one["payload"]["type"] == kind][at]["payload"]["body"]
    return body


def swap(story: list[Said]) -> None:
    """Two members change places in what the platform says was drawn."""
    seats = of(story, "seats.drawn")["seats"]
    one, other = next((a, b) for a in seats for b in seats if a["site"] == b["site"] and a is not b)  # type: ignore[attr-defined]
    for name in ("room", "station"):
        one[name], other[name] = other[name], one[name]


def other_device(story: list[Said]) -> None:
    """A word of the workstation's device for another seat."""
    one, other = of(story, "seat.check_in"), of(story, "seat.check_in", 1)
    one["proof"] = other["proof"]


def first_booking(story: list[Said]) -> dict[str, object]:
    told: dict[str, object] = of(story, "seats.drawn")["bookings"][0]  # type: ignore[index]
    return told


LIES: dict[str, tuple[str, Edit]] = {
    "places changed": ("seats_order", swap),
    "another value": ("seats_commit", lambda story: put(story, "seats.drawn", secret="00" * 32)),
    "a draw without its commitment": ("seats_commit", lambda story: drop(story, "seats.commit")),
    "a workstation that is not booked for the lot": ("seats_unbooked", lambda story: first_booking(story).update(places=[])),
    "a booking of another site": ("seats_unbooked", lambda story: first_booking(story).update(site="副场 别处")),
    "a booking that is over": ("seats_unbooked", lambda story: first_booking(story).update(until="2020-01-01T00:00:00.000Z")),
    "a booking named twice": (
        "seats_unbooked",
        lambda story: of(story, "seats.drawn").update(bookings=[first_booking(story)] * 2),
    ),
    "a draw whose result is kept back": ("seat_unproved", lambda story: drop(story, "seats.drawn")),
    "a device of elsewhere": ("seat_unproved", other_device),
    "sitting down twice": ("seat_unproved", lambda story: put(story, "seat.check_in", no=2)),
    "a desk left that was never taken": ("absence_differs", lambda story: drop(story, "seat.left")),
    "a desk left by another": ("absence_differs", lambda story: put(story, "seat.back", seat="1")),
    "a reason that is none": ("absence_differs", lambda story: put(story, "seat.left", why="tired")),
    "a draw before all were there": ("seats_early", lambda story: move(story, "seats.draw", "room.assembled", 0)),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_the_workstations_is_refused(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert ("seating", code) in [(check, what) for check, what, _ in broken], broken
