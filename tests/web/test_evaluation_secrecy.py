"""Before the technical lock nobody but the expert learns a score: every page, answer and stream of everyone else stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.factory import create_app, shut_down
from core.kernel.roles import Role
from core.kernel.streams import StreamRow
from core.settings import Settings
from evaluation.services import scores
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.web.evaluation_world import Client

MARKS = ("13.5", "7.5", "5.5", "2.5", "4.5")  # one for each criterion, found on no page otherwise
CHANGING = re.compile(
    r'"request_id":"[^"]*"'
    r"|\b[0-9a-f]{16}\b"
    r'|"now":"[^"]*"'
    r'|<meta name="csrf-token"[^>]*>'
    r'|name="csrf_token" value="[^"]*"'
    r"|X-CSRFToken[^}]*"
    r"|<time[^>]*data-clock[^>]*>[^<]*</time>"
)


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready().scoring()


def addresses(app: Any, room: Room) -> list[str]:
    """Every address of this package that is read, and those of trading about the lot."""
    code = room.codes[0]
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not re.search(r"/lots/<number>|/supervision|/evaluations|/work|/me/calls", rule.rule):
            continue
        if re.search(r"<(?!number|code|draw)", rule.rule):
            continue
        found.append(rule.rule.replace("<number>", room.number).replace("<code>", code).replace("<draw>", room.draw))
    assert len(found) > 25
    return sorted(found)


def everything(room: Room, clients: dict[str, Client], paths: list[str]) -> dict[tuple[str, str], str]:
    """What each of them is shown at each address, without what changes by itself."""
    told = {}
    for name, client in clients.items():
        for path in paths:
            answer = client.client.get(path, headers={"Accept": "text/html"})
            told[name, path] = f"{answer.status_code} " + CHANGING.sub("", answer.get_data(as_text=True))
    return told


def differing(one: str, other: str) -> tuple[str, str]:
    """Where two texts part."""
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 80) : at + 120], other[max(0, at - 80) : at + 120]


def streams_of(room: Room) -> list[tuple[str, int, str, str]]:
    """Everything that any audience of the case has been sent."""
    rows = room.tender.door.read(lambda session: list(session.scalars(select(StreamRow).where(StreamRow.case_id == room.case))))
    return sorted((row.audience, row.seq, row.kind, str(row.data)) for row in rows)


def test_typing_and_signing_a_sheet_shows_nobody_else_more_than_that_the_seat_has_signed(room: Room, app: Any) -> None:
    writer, other = room.members[0], room.members[1]
    award = room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)
    watching: dict[str, Person | None] = {
        "supervisor": room.tender.supervisor,
        "centre": room.tender.centre,
        "tenderer": room.tender.tenderer,
        "agency": room.tender.agency,
        "bidder": room.tender.bidders[0],
        "award": award,
        "expert": other,
        "public": None,
    }
    clients = {name: Client(app, who) for name, who in watching.items()}
    paths = addresses(app, room)
    before, heard = everything(room, clients, paths), streams_of(room)
    for code in room.codes:
        given = dict(zip(("method", "duration", "quality", "team", "credit"), MARKS, strict=True))
        because = {"method": "扣分理由甲"}
        room.perform(writer, lambda work, code=code, given=given, why=because: scores.save_draft(work, room.number, code, given, why))
    typed = everything(room, clients, paths)
    assert not [(key, *differing(before[key], typed[key])) for key in before if before[key] != typed[key]]
    assert streams_of(room) == heard

    sheet = [
        {"bid": code, "scores": dict(zip(("method", "duration", "quality", "team", "credit"), MARKS, strict=True)), "reasons": {}}
        for code in room.codes
    ]
    room.submit(writer, sheet)
    signed = everything(room, clients, paths)
    # Those who may watch the progress see that the seat has signed; all others see what they saw.
    changed = {name for name, path in signed if signed[name, path] != before[name, path]}
    assert changed <= {"supervisor", "centre", "expert"}
    new = [entry for entry in streams_of(room) if entry not in heard]
    assert {(audience, kind) for audience, _, kind, _ in new} == {(who, "score") for who in ("committee", "host", "supervisor", "seat:1")}
    shown = " ".join(signed[key] for key in signed if signed[key] != before[key]) + " ".join(str(entry) for entry in new)
    for mark in (*MARKS, "33.5", "扣分理由甲"):
        assert not re.search(rf"(?<![\d.]){re.escape(mark)}(?!\d)", shown), mark
