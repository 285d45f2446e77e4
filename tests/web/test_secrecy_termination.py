"""A lot that is ended before its opening: who had bid stays secret, for it may be tendered again; finance alone sees whom it pays back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders.orders import terminate
from tests.web.secrecy_shown import counted, differing, lines_to
from tests.web.secrecy_world import World, world


def play(made: World, bidders: int) -> None:
    """So many firms pay and seal; then the tenderer ends the lot, and everybody looks."""
    for firm in made.firms[:bidders]:
        made.look_around(firm)
        made.pay(firm, made.ask_deposit(firm), "800000.00")
    made.tick()
    for firm in made.firms[:bidders]:
        made.seal(firm, 1)
    made.tick()
    terminate(made.room.tender)
    made.tick()
    made.tick()
    made.look("after the termination")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[dict[int, World]]:
    folder = tmp_path_factory.mktemp("termination")
    with ExitStack() as stack:
        made = {bidders: stack.enter_context(world(folder / str(bidders), sqlite_template)) for bidders in (0, 3)}
        for bidders, one in made.items():
            with lines_to(one.lines):
                play(one, bidders)
        yield made


def is_their_business(key: tuple[str, str, str]) -> bool:
    """What finance pays back; and how many events the case has, over which centre and supervisor, who close it, sign."""
    _, viewer, address = key
    pays = viewer == "finance" and ("deposit" in address or "/finance" in address or address in ("/work", "/api/v1/work"))
    return pays or (viewer in ("centre", "supervisor") and "/projects/" in address)


def test_after_a_termination_those_alone_see_whether_anybody_had_bid_who_pay_back_or_close(worlds: dict[int, World]) -> None:
    none, some = worlds[0], worlds[3]
    assert none.seen.keys() == some.seen.keys() and len(none.seen) > 500
    differences = {key: differing(none.seen[key], some.seen[key]) for key in none.seen if none.seen[key] != some.seen[key]}
    assert {key: found for key, found in differences.items() if not is_their_business(key)} == {}
    assert any(viewer == "finance" for _, viewer, _ in differences)


def test_after_a_termination_no_message_and_no_log_line_differs(worlds: dict[int, World]) -> None:
    none, some = worlds[0], worlds[3]
    assert none.said_to() == some.said_to() and "lot.terminate" in str(none.said_to())
    assert none.heard() == some.heard()
    few, many = counted(none.lines.getvalue()), counted(some.lines.getvalue())
    assert (few - many, many - few) == ({}, {})
