"""The live rooms of evaluation and supervision: who may join, what reaches them, what they catch up on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.kernel.roles import Role
from core.settings import Settings
from evaluation.queries.audience import audience_of, supervision_of
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready()


def listener(app: Any, who: Person | None, name: str) -> Any:
    browser = Client(app, who)
    return app.extensions["process"].sockets.test_client(app, namespace=f"/{name}", flask_test_client=browser.client)


def join(client: Any, room: Room, name: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.emit("join", {"case": room.case}, namespace=f"/{name}", callback=True)
    return answer


def test_everybody_has_the_audience_of_their_seat_or_grant(room: Room, app: Any) -> None:
    room.formed()
    read = room.tender.door.read
    outside = next(one for one in room.experts[1:] if one not in room.members)
    other = room.tender.crowd.join(Role.TENDERER, "云川市交通投资有限公司")
    award = room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)
    expected = {
        room.members[0]: "committee",
        outside: None,
        room.tender.supervisor: "supervisor",
        room.tender.centre: "host",
        room.tender.tenderer: "tenderer",
        other: None,
        award: None,
        room.tender.bidders[0]: None,
    }
    for who, audience in expected.items():
        assert read(lambda session, who=who: audience_of(session, who.actor, room.case)) == audience
    assert read(lambda session: supervision_of(session, room.tender.supervisor.actor, room.case)) == "supervisor"
    assert read(lambda session: supervision_of(session, room.tender.centre.actor, room.case)) is None
    assert read(lambda session: audience_of(session, room.tender.supervisor.actor, "T2026-999999")) is None


def test_a_supervisor_hears_that_a_seat_has_signed_and_a_stranger_hears_nothing(room: Room, app: Any) -> None:
    room.scoring()
    watcher, stranger = listener(app, room.tender.supervisor, "evaluation"), listener(app, room.tender.bidders[0], "evaluation")
    joined = join(watcher, room, "evaluation")
    assert joined["ok"] and joined["audience"] == "supervisor"
    assert join(stranger, room, "evaluation") == {"ok": False, "code": "web.not_your_page"}
    room.submit(room.members[0])
    received = [one["args"][0] for one in watcher.get_received("/evaluation") if one["name"] == "entry"]
    assert [(one["seq"], one["kind"], one["data"]) for one in received] == [(joined["seq"] + 1, "score", {"lot": "1", "seat": "1"})]
    assert stranger.get_received("/evaluation") == []


def test_who_comes_late_catches_up_on_their_own_stream_without_gaps(room: Room, app: Any) -> None:
    room.reviewing()
    for who in (room.members[0], room.tender.supervisor, room.tender.centre):
        told = Client(app, who).client.get(f"/cases/{room.case}/events?since=0&room=evaluation").get_json()
        assert [entry["seq"] for entry in told["entries"]] == list(range(1, told["seq"] + 1))
        assert "room.sign_in" in {entry["kind"] for entry in told["entries"]}
    outside = next(one for one in room.experts[1:] if one not in room.members)
    assert Client(app, outside).client.get(f"/cases/{room.case}/events?since=0&room=evaluation").status_code == 403
