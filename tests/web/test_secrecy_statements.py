"""Worlds that differ only in a secret cost the same work: as many statements for each page, whoever bids, and whether a case that a
stranger asks for exists. A count is the same on every machine; a time is not, and is asserted nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.web.secrecy_world import World, world

BIDDERS = (0, 12)
OTHERS = ("public", "uninvolved bidder", "agency", "centre", "supervisor", "tenderer")


def pages(number: str) -> list[str]:
    """What is asked of a lot that takes bids."""
    case = number.rpartition("-")[0]
    here = ["", "/opening", "/supervision", "/evaluation", "/draw", "/deposit", "/bid"]
    api = [f"/api/v1/lots/{number}{one}" for one in ("", "/opening", "/evaluation")]
    return [f"/lots/{number}{one}" for one in here] + api + [f"/projects/{case}", f"/cases/{case}/events?since=0", "/", "/notices", "/work"]


def statements(made: World, viewer: str, address: str) -> tuple[int, int]:
    """The status, and how many statements the database was asked for it; asked twice, since the first fills what is remembered."""
    heard: list[str] = []

    def hear(_line: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")):
            heard.append(statement)

    made.viewers[viewer].get(address)
    event.listen(Engine, "before_cursor_execute", hear)
    try:
        status = made.viewers[viewer].get(address).status_code
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    return status, len(heard)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[dict[int, World]]:
    folder = tmp_path_factory.mktemp("statements")
    with ExitStack() as stack:
        made = {bidders: stack.enter_context(world(folder / str(bidders), sqlite_template)) for bidders in BIDDERS}
        for bidders, one in made.items():
            for firm in one.firms[:bidders]:
                one.pay(firm, one.ask_deposit(firm), "800000.00")
            one.tick()
            for firm in one.firms[:bidders]:
                one.seal(firm, 1)
            one.tick()
        yield made


@pytest.mark.parametrize("viewer", OTHERS)
def test_no_page_costs_more_statements_where_twelve_have_bid(worlds: dict[int, World], viewer: str) -> None:
    none, twelve = ({page: statements(made, viewer, page) for page in pages(made.room.number)} for made in worlds.values())
    assert {page: (none[page], twelve[page]) for page in none if none[page] != twelve[page]} == {}
    assert any(count for _, count in none.values())


@pytest.mark.parametrize("viewer", ["public", "uninvolved bidder"])
def test_a_stranger_cannot_tell_by_the_work_whether_the_secret_part_of_a_case_exists(worlds: dict[int, World], viewer: str) -> None:
    made = worlds[12]
    there = made.room.number
    for page in ("evaluation", "supervision", "supervision/views", "supervision/timeline"):
        one, other = statements(made, viewer, f"/lots/{there}/{page}"), statements(made, viewer, f"/lots/T2099-000001-1/{page}")
        assert one == other, page
