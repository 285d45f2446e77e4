"""Three books of a day held against each other: the bank's statement, our ledger with what we took in, and the deposits themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.ids import CaseId
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE

CHAIN = CaseId("D-BOOKS")
"""The chain on which differences are closed."""


class DifferenceKind(Enum):
    """What does not agree."""

    MISSING = "missing"  # on the statement, and we have not taken it in
    EXTRA = "extra"  # taken in as booked that day, and the statement has it not
    AMOUNT = "amount"  # both have it, over another sum or in the other direction
    UNEXPLAINED = "unexplained"  # the bank paid what we never ordered
    BALANCE = "balance"  # the bank's closing balance is not the sum of its entries that we know
    LEDGER = "ledger"  # the ledger's account of the bank is not the sum of those entries
    DEPOSIT = "deposit"  # what the ledger holds for a deposit is not what the deposit says


class DifferenceCause(Enum):
    """Why a difference was there, as who closes it has found."""

    TIMING = "timing"  # booked on one side later; both agree by now
    BANK = "bank"  # the bank's mistake, set right by the bank
    OURS = "ours"  # ours, set right
    OTHER = "other"


class DifferenceState(Enum):
    """The life of a difference."""

    OPEN = "open"
    CLOSED = "closed"


class DifferenceAction(Enum):
    """What can happen to a difference."""

    CLOSE = "close"


MOVES: Moves[DifferenceAction, DifferenceState, Role, None] = Moves(
    "book_difference",
    (Move(DifferenceAction.CLOSE, at(DifferenceState.OPEN), DifferenceState.CLOSED, FINANCE),),
)


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of one of the two books; `explained`: it is a payment in, interest, or a refund of ours."""

    ref: str
    credit: bool
    amount: Money
    sub_account: str
    party_name: str
    party_account: str
    explained: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not agree: `fen` is how much more the first of the two books has, `about` the entry where it is about one."""

    kind: DifferenceKind
    ref: str
    fen: int
    about: Booked | None = None


def compare_entries(bank: Iterable[Booked], ours: Iterable[Booked]) -> list[Difference]:
    """The statement's entries of a day against those that we took in as booked that day."""
    told, taken = {one.ref: one for one in bank}, {one.ref: one for one in ours}
    found: list[Difference] = []
    for ref, one in told.items():
        mine = taken.get(ref)
        if mine is None:
            found.append(Difference(DifferenceKind.MISSING, ref, signed(one), one))
        elif signed(mine) != signed(one):
            found.append(Difference(DifferenceKind.AMOUNT, ref, signed(one) - signed(mine), one))
        elif not mine.explained:
            found.append(Difference(DifferenceKind.UNEXPLAINED, ref, signed(one), one))
    found += [Difference(DifferenceKind.EXTRA, ref, -signed(one), one) for ref, one in taken.items() if ref not in told]
    return found


def signed(one: Booked) -> int:
    """Fen, a debit below zero."""
    return one.amount.fen if one.credit else -one.amount.fen


def compare_sums(*, closing: int, known: int, explained: int, ledger: int, gap_before: int) -> list[Difference]:
    """The balances in fen: the bank's closing one against the entries that we know up to that day, and the ledger's account of the bank
    against all entries that are explained. A gap that was there the day before is no new difference."""
    gap = closing - known
    found = [Difference(DifferenceKind.BALANCE, "", gap - gap_before)] if gap != gap_before else []
    return found + ([Difference(DifferenceKind.LEDGER, "", explained - ledger)] if explained != ledger else [])


def compare_deposits(expected: Mapping[UUID, int], held: Mapping[UUID, int]) -> list[Difference]:
    """What deposits say they hold against what the ledger holds for them, fen, by deposit; who is missing on one side has nothing there."""
    found = []
    for deposit in sorted(expected.keys() | held.keys()):
        fen = expected.get(deposit, 0) - held.get(deposit, 0)
        if fen:
            found.append(Difference(DifferenceKind.DEPOSIT, str(deposit), fen))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingBody:
    """The signed body of `difference.close`."""

    difference: UUID
    day: date
    kind: DifferenceKind
    cause: DifferenceCause
    reason: str

    @classmethod
    def read(cls, signed_body: Mapping[str, object]) -> ClosingBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed_body)
        read = cls(
            difference=body.uuid("difference"),
            day=body.day("day"),
            kind=body.choice("kind", DifferenceKind),
            cause=body.choice("cause", DifferenceCause),
            reason=body.text("reason", 1000),
        )
        body.done()
        return read
