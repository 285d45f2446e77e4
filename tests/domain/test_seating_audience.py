"""Who learns of workstations: host and supervisor all of them, each member the own one, and the platform's value nobody in the room."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.events import Event
from core.kernel.ids import CaseId
from evaluation.domain.seating_audience import PROJECTIONS
from evaluation.events_seating import SeatBack, SeatCheckedIn, SeatDrawSigned, SeatLeft, SeatsCommitted, SeatsDrawn

ABOUT: dict[str, Any] = {"case": CaseId("T2026-000001"), "lot": "1"}
ROWS = [
    {"seat": "1", "site": "主场", "room": "301", "station": "301-1"},
    {"seat": "2", "site": "副场", "room": "P", "station": "C1"},
]
WATCHING, INSIDE = {"host", "supervisor"}, {"committee", "host", "supervisor"}


def shown(event: Event) -> dict[str, dict[str, Any]]:
    found = list(PROJECTIONS[event.KIND](event))
    assert all(one.kind == event.KIND for one in found) and len({one.audience for one in found}) == len(found)
    return {one.audience: dict(one.data) for one in found}


def drawn(*rows: dict[str, Any]) -> SeatsDrawn:
    return SeatsDrawn(**ABOUT, no=2, secret="5e" * 32, seats=rows, bookings=({"site": "主场", "room": "301"},))


def test_each_member_learns_the_own_place_and_no_other() -> None:
    told = shown(drawn(*ROWS))
    assert set(told) == WATCHING | {"seat:1", "seat:2"}
    assert told["seat:1"] == {"lot": "1", "no": 2, "site": "主场", "room": "301", "station": "301-1"}
    assert told["seat:2"] == {"lot": "1", "no": 2, "site": "副场", "room": "P", "station": "C1"}


def test_host_and_supervisor_learn_every_place() -> None:
    told = shown(drawn(*ROWS))
    assert told["host"] == told["supervisor"] == {"lot": "1", "no": 2, "seats": ROWS}


def test_of_a_row_a_member_is_shown_the_place_alone() -> None:
    told = shown(drawn(ROWS[0] | {"key_id": "a" * 64, "spki": "MFkw"}))
    assert set(told["seat:1"]) == {"lot", "no", "site", "room", "station"}


def test_a_draw_that_places_nobody_tells_no_seat() -> None:
    assert shown(drawn()) == {one: {"lot": "1", "no": 2, "seats": []} for one in WATCHING}


@pytest.mark.parametrize(
    ("event", "audiences", "data"),
    [
        (SeatsCommitted(**ABOUT, no=2, commit="c" * 64), WATCHING, {"no": 2, "commit": "c" * 64}),
        (SeatDrawSigned(**ABOUT, no=2), WATCHING, {"no": 2}),
        (SeatCheckedIn(**ABOUT, seat="1"), INSIDE, {"seat": "1"}),
        (SeatLeft(**ABOUT, seat="1", no=4, why="away"), WATCHING, {"seat": "1", "no": 4, "why": "away"}),
        (SeatBack(**ABOUT, seat="1", no=4), WATCHING, {"seat": "1", "no": 4}),
    ],
)
def test_what_else_is_told_and_to_whom(event: Event, audiences: set[str], data: dict[str, Any]) -> None:
    assert shown(event) == {one: {"lot": "1"} | data for one in audiences}
