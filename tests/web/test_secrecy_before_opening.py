"""Before the opening nobody learns whether anybody bids: no page, answer, feed, figure, log line or message tells 0 from 3 or 30 bidders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.kernel.encoding import sha256
from core.kernel.dsse import read_envelope
from core.kernel.signing import read_statement
from tests.builders.people import Person
from tests.web.secrecy_world import World, differing, lines_of, world

BIDDERS = (0, 3, 30)


def play(made: World, bidders: int) -> None:
    """The secret phase with so many bidders: they register accounts, pay, download, upload, seal, replace, withdraw, come late."""
    firms = made.firms[:bidders]
    made.tick()
    _come(made, firms)
    _change_their_minds(made, firms)
    made.look("before the deadline")
    deadline = made.room.tender.lot.deadline
    assert deadline is not None
    made.room.tender.jump(deadline)
    for firm in firms[2::3]:
        made.seal(firm, 2, status=422)
    made.look("past the deadline", quick="before the deadline")


def _come(made: World, firms: list[Person]) -> None:
    for place, firm in enumerate(firms):
        made.look_around(firm)
        account = made.ask_deposit(firm)
        if place % 3 == 2:
            made.pay(firm, account, "300000.00")
        made.pay(firm, account, "500000.00" if place % 3 == 2 else "800000.00")
        if place % 5 == 1:
            made.pay(firm, account)  # twice: it goes back
        if place % 7 == 3:
            made.pay(firm, account, payer="别的公司")
    made.tick()
    for firm in firms:
        made.seal(firm, 1)
    made.tick()


def _change_their_minds(made: World, firms: list[Person]) -> None:
    for firm in firms[::3]:
        made.seal(firm, 2)
    for firm in firms[1::3]:
        made.withdraw(firm, 1)
    made.tick()
    for firm in firms[1::3]:
        made.pay(firm, made.ask_deposit(firm))
        made.seal(firm, 2)
    made.tick()
    made.tick()


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[dict[int, World]]:
    """The three worlds, played up to the deadline; the clock has not ticked since."""
    folder = tmp_path_factory.mktemp("secrecy")
    with ExitStack() as stack:
        made = {}
        for bidders in BIDDERS:
            made[bidders] = stack.enter_context(world(folder / str(bidders), sqlite_template))
            play(made[bidders], bidders)
        yield made


@pytest.mark.parametrize("bidders", BIDDERS[1:])
def test_no_page_answer_feed_or_figure_differs(worlds: dict[int, World], bidders: int) -> None:
    none, some = worlds[0].seen, worlds[bidders].seen
    assert none.keys() == some.keys()
    assert len(none) > 2000
    assert {} == {key: differing(none[key], some[key]) for key in none if none[key] != some[key]}


@pytest.mark.parametrize("bidders", BIDDERS[1:])
def test_no_log_line_differs(worlds: dict[int, World], bidders: int) -> None:
    none, some = lines_of(worlds[0]), lines_of(worlds[bidders])
    assert (none - some, some - none) == ({}, {})


@pytest.mark.parametrize("bidders", BIDDERS[1:])
def test_no_message_differs(worlds: dict[int, World], bidders: int) -> None:
    assert worlds[0].said_to() == worlds[bidders].said_to()
    assert worlds[0].heard() == worlds[bidders].heard()
