"""Seats: a line that is cut is noticed within five seconds, a page that is turned is no absence, and who was away is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.web.presence import BEAT, SILENT, Chair, Place, Presence

START = datetime(2026, 11, 24, 3, 52, tzinfo=UTC)
CHAIR = Chair("T2026-000001", "1", "3")


class Room:
    """One case with a host, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.presence = Presence(lambda: START + timedelta(seconds=self.seconds), lambda: self.seconds)
        self.presence.come("host", Place("/evaluation", CHAIR.case, "host", True))
        self.presence.come("line", Place("/evaluation", CHAIR.case, "committee", True, (CHAIR,)))

    def seat(self) -> tuple[object, object]:
        [one] = self.presence.told(CHAIR.case)["seats"]  # type: ignore[misc]
        return one["here"], one["since"]


def test_a_line_that_is_cut_is_noticed_within_five_seconds_though_nothing_was_closed() -> None:
    room = Room()
    assert room.seat() == (True, "2026-11-24T03:52:00.000Z") and not room.presence.sweep()
    room.seconds = 60.0
    assert room.presence.heard("line") == "" and not room.presence.sweep()
    told_at = next(room.seconds for _ in range(10) if (room.__setattr__("seconds", room.seconds + BEAT), room.presence.sweep())[1])
    assert told_at - 60.0 <= SILENT + BEAT < 5.0
    assert room.seat() == (False, "2026-11-24T03:53:00.000Z") and not room.presence.sweep()
    assert room.presence.told(CHAIR.case)["absences"] == [{"lot": "1", "seat": "3", "since": "2026-11-24T03:53:00.000Z", "until": None}]
    room.seconds = 90.0
    assert room.presence.heard("line") == CHAIR.case
    assert room.seat() == (True, "2026-11-24T03:53:30.000Z")
    [absence] = room.presence.told(CHAIR.case)["absences"]  # type: ignore[misc]
    assert absence["until"] == "2026-11-24T03:53:30.000Z"


def test_who_turns_a_page_is_not_away() -> None:
    room = Room()
    room.presence.go("line")
    room.seconds = 2.0
    assert not room.presence.sweep()
    room.presence.come("next page", Place("/evaluation", CHAIR.case, "committee", True, (CHAIR,)))
    room.seconds = 4.0
    assert not room.presence.sweep() and room.seat()[0] is True
    assert room.presence.lines() == [("next page", "/evaluation")]


def test_only_those_inside_hear_of_seats_and_a_forgotten_line_is_asked_no_more() -> None:
    room = Room()
    room.presence.come("public", Place("/opening", CHAIR.case, "public"))
    assert room.presence.hearing(CHAIR.case) == {("/evaluation", "host"), ("/evaluation", "committee")}
    assert room.presence.is_watched()
    room.presence.go("line")
    room.seconds = 200.0
    assert room.presence.sweep() == {CHAIR.case} and not room.presence.is_watched()
    assert room.presence.heard("nobody") == ""
