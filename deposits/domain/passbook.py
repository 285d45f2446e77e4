"""Statement pages of the ledger: what was booked on accounts, line by line, with the balance after each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.kernel.calendar import legal_day
from core.kernel.errors import RuleBroken
from core.kernel.money import Money

NOTHING = Money(0)


@dataclass(frozen=True, slots=True)
class Booked:
    """Something booked on an account of a lot and a firm: `came` or `went`, the other is nothing. `what`: the value of an EntryKind.
    `ref`: the bank's reference, "" where it is none of the bank's bookings or may not be shown; `interest` was paid out beside, of the
    centre's own: no deposit earns it before, so it is in no balance."""

    at: datetime
    what: str
    lot: str
    name: str
    came: Money
    went: Money
    ref: str = ""
    interest: Money = NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a statement, with the balance after it."""

    booked: Booked
    balance: Money


@dataclass(frozen=True, slots=True)
class Statement:
    """The lines of a period, the balance before the first and after the last, and what came and went between."""

    before: Money
    lines: tuple[Line, ...]
    came: Money
    went: Money
    interest: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader filters by: Beijing days, both counted, None for no bound; `words`: a part of the firm's name or of the reference."""

    since: date | None = None
    until: date | None = None
    words: str = ""

    def __post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until < self.since:
            raise RuleBroken("passbook.days_reversed")


def statement(booked: Iterable[Booked], wanted: Wanted) -> Statement:
    """The statement of what was booked, in the order given, which is that of the bookings.

    A filter by words leaves lines out before anything is added up, so that its totals are those of the lines shown; one by days carries
    what came before it forward. Raises ValueError when a balance would fall below zero: no account does, so a booking was left out.
    """
    chosen = [one for one in booked if wanted.words.casefold() in f"{one.name} {one.ref}".casefold()]
    before = came = went = interest = balance = 0
    lines = []
    for one in chosen:
        balance += one.came.fen - one.went.fen
        day = legal_day(one.at)
        if wanted.since is not None and day < wanted.since:
            before = balance
        elif wanted.until is None or day <= wanted.until:
            lines.append(Line(one, Money(balance)))
            came, went, interest = came + one.came.fen, went + one.went.fen, interest + one.interest.fen
    return Statement(Money(before), tuple(lines), Money(came), Money(went), Money(interest), Money(before + came - went))
