"""No account below zero, ever: whatever is booked in whatever order, and by how many at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from deposits.domain import ledger as books
from deposits.domain.ledger import BANK, Account, Entry, apply, is_balanced
from deposits.models.ledger import LedgerAccount
from deposits.queries import finance
from deposits.services import ledger

MOVES: tuple[Callable[[random.Random, str], Entry], ...] = (
    lambda dice, ref: books.receive(ref, Money(dice.randint(1, 500))),
    lambda dice, ref: books.match(name(dice), name(dice), Money(dice.randint(1, 500))),
    lambda dice, ref: books.earn(ref, Money(dice.randint(1, 20))),
    lambda dice, ref: books.order(name(dice), books.held(name(dice)), Money(dice.randint(1, 300)), Money(dice.randint(0, 9))),
    lambda dice, ref: books.undo(name(dice), books.held(name(dice)), Money(dice.randint(1, 300)), Money(dice.randint(0, 9))),
    lambda dice, ref: books.settle(name(dice), Money(dice.randint(1, 300))),
)


def name(dice: random.Random) -> str:
    """A thing that an account can be of: few, so that they meet."""
    return str(UUID(int=dice.randint(1, 6)))


def book(door: Door, entry: Entry) -> str:
    """Books it; the refusal's code, "" when there is none. What is booked twice the database refuses."""
    try:
        door.perform(SYSTEM_ACTOR, lambda work: ledger.book(work, entry))
    except RuleBroken as refusal:
        return refusal.code
    except IntegrityError:
        return "twice"
    return ""


def balances(session: Session) -> dict[Account, Money]:
    """Every account as it is stored."""
    return {Account(row.kind, row.of): row.balance for row in session.scalars(select(LedgerAccount))}


@pytest.fixture
def doors(database: str, door: Door, platform_key: Ed25519Signer, clock_file: Path) -> Iterator[list[Door]]:
    """As many writers as the database allows: of PostgreSQL there are two processes' worth, SQLite has one."""
    with ExitStack() as stack:
        made = [door]
        if not database.startswith("sqlite"):
            engine = open_engine(database)
            stack.callback(engine.dispose)
            made.append(Door(engine, platform_key, projections={}, clock_file=clock_file, readers=1))
            stack.callback(made[-1].close)
        yield made


@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_moves_leaves_the_books_that_the_rule_says_and_nothing_below_zero(door: Door, seed: int) -> None:
    dice, said, booked, refused = random.Random(seed), {}, set(), 0
    for ref in range(150):
        entry = dice.choice(MOVES)(dice, str(UUID(int=ref % 6 + 1)))
        told = book(door, entry)
        if (entry.kind, entry.ref) in booked:
            assert told in ("twice", "ledger.below_zero")
            continue
        try:
            after = apply(entry, said)
        except RuleBroken as refusal:
            assert told == refusal.code
            refused += 1
            continue
        assert told == ""
        said |= after
        booked.add((entry.kind, entry.ref))
    kept = door.read(balances)
    assert {account: fen for account, fen in kept.items() if fen.fen} == {account: fen for account, fen in said.items() if fen.fen}
    assert is_balanced(kept) and refused and booked
    audit = door.read(finance.audit)
    assert audit.balanced and not audit.wrong_balances


def test_of_all_who_promise_the_same_money_at_once_only_as_many_succeed_as_it_reaches_for(doors: list[Door]) -> None:
    deposit = str(UUID(int=1))
    book(doors[0], books.receive(deposit, Money(100)))
    book(doors[0], books.match(deposit, deposit, Money(100)))
    orders = [books.order(str(UUID(int=n)), books.held(deposit), Money(10), Money(0)) for n in range(2, 26)]
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda place: book(doors[place[0] % len(doors)], place[1]), enumerate(orders)))
    assert sorted(told) == [""] * 10 + ["ledger.below_zero"] * 14
    kept = doors[0].read(balances)
    assert (kept[books.held(deposit)], kept[BANK]) == (Money(0), Money(100))
    assert doors[0].read(finance.audit).balanced


def test_what_comes_and_goes_at_once_meets_in_the_same_balance(doors: list[Door]) -> None:
    entries = [books.receive(str(UUID(int=n)), Money(n)) for n in range(1, 25)]
    twice = [entry for entry in entries for _ in doors]  # each writer is told of each entry
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda place: book(doors[place[0] % len(doors)], place[1]), enumerate(twice)))
    assert told.count("") == len(entries)
    assert doors[0].read(balances)[BANK] == Money(sum(range(1, 25)))


def test_the_database_itself_refuses_a_balance_below_zero(door: Door) -> None:
    book(door, books.receive(str(UUID(int=1)), Money(5)))
    with pytest.raises(IntegrityError):
        door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(text("UPDATE ledger_account SET balance = balance - 6")))
