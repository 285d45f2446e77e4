"""The opening hall live: each audience hears its own stream, without gaps, and nobody hears of another's bid."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application, create_app, prepare, shut_down
from core.settings import Settings
from tests.builders.bids import Hall, hall
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.builders.trading_web import browser


@pytest.fixture
def app(settings: Settings) -> Iterator[Application]:
    """The application on a door of its own, whose commits are told to those who watch."""
    made = create_app(settings)
    made.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    prepare(made)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Application, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids, with three bidders."""
    platform = app.extensions["gongheng"]
    made = hall(tender(platform.door, clock_file), tmp_path)
    made.files, made.log = platform.files, platform.parts["log"]
    made.tender.join_bidders(3)
    return made


class Listener:
    """Somebody in the room: what was told since the last look, and the numbers it came under."""

    def __init__(self, app: Application, room: Hall, person: Person | None) -> None:
        self.room, self.http = room, browser(app, person)
        self.socket = app.extensions["socketio"].test_client(app, namespace="/opening", flask_test_client=self.http.client)
        self.joined: dict[str, Any] = self.socket.emit("join", {"case": room.tender.case}, namespace="/opening", callback=True)
        self.seq = int(self.joined["seq"])

    def heard(self) -> list[str]:
        """The kinds that came, whose numbers must follow each other."""
        entries = [got["args"][0] for got in self.socket.get_received("/opening") if got["name"] == "entry"]
        for entry in entries:
            self.seq += 1
            assert entry["seq"] == self.seq
        return [entry["kind"] for entry in entries]

    def missed(self, since: int) -> list[str]:
        """What the catch-up tells over HTTP."""
        answer = self.http.get(f"/cases/{self.room.tender.case}/events?since={since}&room=opening").get_json()
        return [entry["kind"] for entry in answer["entries"]]


def test_in_the_secret_phase_a_bidder_hears_of_the_own_bid_and_nobody_else_of_anything(app: Application, room: Hall) -> None:
    a, b, _ = room.tender.bidders
    ours, theirs, public = (Listener(app, room, who) for who in (a, b, None))
    staff = [Listener(app, room, who) for who in (room.tender.centre, room.tender.supervisor, room.tender.tenderer, room.tender.agency)]
    assert (ours.joined["audience"], public.joined["audience"]) == (f"bidder:{a.org}", "public")
    room.seal(a)
    assert ours.heard() == ["seal", "receipt", "seal", "receipt"]
    assert [other.heard() for other in (theirs, public, *staff)] == [[]] * 6


def test_the_hall_hears_the_same_steps_each_on_the_own_stream(app: Application, room: Hall) -> None:
    a, b, c = room.tender.bidders
    for bidder in (a, b, c):
        room.seal(bidder)
    listeners = [Listener(app, room, who) for who in (a, room.tender.centre, room.tender.supervisor, room.tender.agency, None)]
    own, *others = listeners
    room.close()
    room.grow()
    room.sign_in(a)
    assert own.heard() == ["close", "opening.sign_in"]
    assert [other.heard() for other in others] == [["close"]] * 4
    before = others[-1].seq
    room.start()
    room.confirm()
    for bidder in (a, b, c):
        room.release(bidder)
    room.batch()
    told = ["opening.start", "opening.identity", *["release"] * 3, *["opened"] * 3]
    assert [listener.heard() for listener in listeners] == [told] * 5
    assert others[-1].missed(before) == told and others[-1].missed(before + 6) == told[6:]


def test_nobody_joins_a_case_that_there_is_not(app: Application, room: Hall) -> None:
    stranger = app.extensions["socketio"].test_client(app, namespace="/opening", flask_test_client=app.test_client())
    answer = stranger.emit("join", {"case": "T1999-000001"}, namespace="/opening", callback=True)
    assert answer == {"ok": False, "code": "web.not_your_page"}
