"""Before the bids are opened nobody without a right learns that anybody applied, or how many: no page, feed, message, line or heartbeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders.bids import applying
from tests.web.secrecy_shown import counted, differing, lines_to
from tests.web.secrecy_world import World, world

APPLIED = (0, 3, 30)  # how many firms apply


def play(made: World, count: int) -> None:
    """So many firms apply, the first three over HTTP; one replaces, one begins and breaks off, one withdraws and applies again."""
    made.tick()
    for place, firm in enumerate(made.firms[:count]):
        if place < 3:
            made.of(firm).page(f"/lots/{made.room.number}/application")
            made.seal(firm, 1)
        else:
            made.room.seal(firm)
    if count:
        a, b, *_ = made.firms
        made.seal(a, 2)
        made.withdraw(b, 1)
        made.seal(b, 2)
        made.of(made.firms[0]).client.put(f"{made.desk}/draft", json={})
        made.of(a).get(f"/api/v1/lots/{made.room.number}/application/lot-file")
        made.of(a).get(f"{made.desk}/envelopes/application/ciphertext")
    made.tick()
    made.look("before the deadline")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[list[World]]:
    folder = tmp_path_factory.mktemp("applications")
    with ExitStack() as stack:
        made = [stack.enter_context(world(folder / str(count), sqlite_template, make=applying)) for count in APPLIED]
        for one, count in zip(made, APPLIED, strict=True):
            with lines_to(one.lines):
                play(one, count)
        yield made


def test_no_page_answer_feed_or_figure_tells_of_an_application(worlds: list[World]) -> None:
    none = worlds[0]
    assert len(none.seen) > 500
    for some in worlds[1:]:
        assert none.seen.keys() == some.seen.keys()
        assert {key: differing(none.seen[key], some.seen[key]) for key in none.seen if none.seen[key] != some.seen[key]} == {}


def test_no_message_and_no_line_tells_either(worlds: list[World]) -> None:
    none = worlds[0]
    lines = counted(none.lines.getvalue())
    for some in worlds[1:]:
        assert none.said_to() == some.said_to() and none.heard() == some.heard()
        more = counted(some.lines.getvalue())
        assert (lines - more, more - lines) == ({}, {})


def test_who_applied_alone_is_shown_it(worlds: list[World]) -> None:
    made = worlds[1]
    for firm, sees in ((made.firms[0], True), (made.firms[6], False)):
        assert ("RC-" in made.of(firm).page(f"/lots/{made.room.number}/application")) is sees
