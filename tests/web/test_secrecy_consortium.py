"""Before the opening nobody but its members learns that there is a consortium: no page, feed, message or line tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders import consortia
from tests.builders.people import Person
from tests.web.secrecy_shown import counted, differing, lines_to
from tests.web.secrecy_world import World, world

FORMED = (0, 3)  # how many consortia
PLACES = {"consortium.sign": "signatures", "consortium.dissolve": "dissolution"}


def play(made: World, count: int) -> None:
    """So many consortia of two are formed over HTTP, one of them is dissolved again, one bids."""
    made.tick()
    registrations = [form(made, made.firms[2 * place], made.firms[2 * place + 1]) for place in range(count)]
    made.tick()
    if count:
        lead = made.firms[0]
        made.of(lead).get(f"/api/v1/lots/{made.room.number}/lot-file")
        consortia.seal(made.room, made.firms[:2])
        say(made, made.firms[3], "consortium.dissolve", registrations[1])
    made.tick()
    made.look("before the deadline")


def form(made: World, lead: Person, member: Person) -> str:
    address, case = f"/lots/{made.room.number}/consortium", made.room.tender.case
    rows = {"member_uscc": [lead.uscc, member.uscc], "member_share": ["60", "40"], "member_duty": ["土建", "安装"]}
    assert made.of(lead).client.post(address, data=rows).status_code == 303
    body = {
        "members": [
            {"org": str(firm.org), "name": firm.org_name, "uscc": firm.uscc, "share": share, "duty": duty}
            for firm, share, duty in ((lead, "60.00", "土建"), (member, "40.00", "安装"))
        ]
    }
    answer = made.of(lead).act(f"/api/v1{address}", lead.act("consortium.register", case, "1", body=body, step_up=True))
    assert answer.status_code == 200, answer.text
    registration = str(answer.get_json()["register_sha256"])
    say(made, member, "consortium.sign", registration)
    return registration


def say(made: World, member: Person, kind: str, registration: str) -> None:
    body, place = {"org": str(member.org), "register_sha256": registration}, PLACES[kind]
    request = member.act(kind, made.room.tender.case, "1", body=body, step_up=True)
    answer = made.of(member).act(f"/api/v1/lots/{made.room.number}/consortium/{place}", request)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[list[World]]:
    folder = tmp_path_factory.mktemp("consortia")
    with ExitStack() as stack:
        made = [stack.enter_context(world(folder / str(count), sqlite_template, consortium_members=3)) for count in FORMED]
        for one, count in zip(made, FORMED, strict=True):
            with lines_to(one.lines):
                play(one, count)
        yield made


def test_no_page_answer_feed_or_figure_tells_of_a_consortium(worlds: list[World]) -> None:
    none, some = worlds
    assert len(none.seen) > 700 and none.seen.keys() == some.seen.keys()
    assert {key: differing(none.seen[key], some.seen[key]) for key in none.seen if none.seen[key] != some.seen[key]} == {}


def test_no_message_and_no_line_tells_either(worlds: list[World]) -> None:
    said, heard = ([tell(made) for made in worlds] for tell in (World.said_to, World.heard))
    assert said[0] == said[1] and heard[0] == heard[1]
    none, some = (counted(made.lines.getvalue()) for made in worlds)
    assert (none - some, some - none) == ({}, {})


def test_its_members_alone_are_shown_it(worlds: list[World]) -> None:
    made = worlds[1]
    lead, member, *_ = made.firms
    for firm, sees in ((lead, True), (member, True), (made.firms[6], False)):
        assert ("LH-" in made.of(firm).page(f"/lots/{made.room.number}/consortium")) is sees
