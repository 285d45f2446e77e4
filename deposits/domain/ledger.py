"""Double entry: accounts, entries whose legs cannot but sum to zero, and books in which no account falls below zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from core.kernel.errors import RuleBroken
from core.kernel.money import Money


class AccountKind(Enum):
    """What an account is for. Each has its normal side, on which its balance stands, and may never stand on the other."""

    BANK = "bank"  # money at the bank, as the bank's own entries tell it
    HELD = "held"  # owed to a bidder: the deposit of one lot
    SUSPENSE = "suspense"  # received, and nobody's deposit yet: one account for each entry of the bank
    IN_TRANSIT = "in_transit"  # ordered to be paid back and not yet booked by the bank: one account for each refund
    FORFEITED = "forfeited"  # owed to a tenderer or the treasury: the deposit of one bidder, by decision and note
    INTEREST_PAID = "interest_paid"  # owed to bidders on top of their deposits, an expense
    INTEREST_EARNED = "interest_earned"  # credited by the bank, an income
    OLD_BANK = "old_bank"  # what lay on the centre's earlier accounts when its old ledgers were taken over, and has not been paid out
    MOVED_IN = "moved_in"  # that much of it has come to the present account and is not paid out: it stands on the bank account meanwhile
    DORMANT = "dormant"  # owed to who once paid: one account for each old deposit
    CLAIMED = "claimed"  # decided to be paid out by two persons: one account for each payout


DEBIT_SIDE = frozenset({AccountKind.BANK, AccountKind.INTEREST_PAID, AccountKind.OLD_BANK})
"""Assets and expenses: a debit raises them. All others are raised by a credit."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `of` names the deposit, bank entry or refund, "" where there is one account of its kind. `key`: `held:0190…`, what it is
    stored under, and all that tells it from others."""

    kind: AccountKind = field(compare=False)
    of: str = field(default="", compare=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.kind.value}:{self.of}" if self.of else self.kind.value)

    @property
    def rises_by_debit(self) -> bool:
        """Whether a debit raises its balance."""
        return self.kind in DEBIT_SIDE


NOTHING = Money(0)
BANK = Account(AccountKind.BANK)
INTEREST_PAID = Account(AccountKind.INTEREST_PAID)
INTEREST_EARNED = Account(AccountKind.INTEREST_EARNED)


@dataclass(frozen=True, slots=True)
class Posting:
    """One leg of an entry: debits are positive, credits negative."""

    account: Account
    fen: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """`amount` debited to one account and credited to another: two legs at once, so that nothing unbalanced can be written down."""

    debit: Account
    credit: Account
    amount: Money

    def __post_init__(self) -> None:
        if self.debit == self.credit or self.amount.fen == 0:
            raise ValueError(f"no transfer: {self}")


class EntryKind(Enum):
    """What an entry books."""

    RECEIVE = "receive"  # the bank credited us
    MATCH = "match"  # what waited in suspense is a bidder's deposit
    EARN = "earn"  # the bank paid interest
    ORDER = "order"  # a refund is on its way to the bank
    SETTLE = "settle"  # the bank paid it
    UNDO = "undo"  # the bank did not pay it
    FORFEIT = "forfeit"  # a deposit is its bidder's no more
    TAKE_OVER = "take_over"  # old deposits come on the ledger
    MOVE_IN = "move_in"  # money of theirs has come to the present account
    PAY_OUT = "pay_out"  # two persons have decided where old deposits go
    HAND_BACK = "hand_back"  # the bank did not pay them
    RESTORE = "restore"  # a notary or the finance office has sent one back


@dataclass(frozen=True, slots=True)
class Entry:
    """Something booked, once for each (kind, ref)."""

    kind: EntryKind
    ref: str
    transfers: tuple[Transfer, ...]

    @property
    def postings(self) -> tuple[Posting, ...]:
        """The legs, whose sum is zero."""
        legs = ((Posting(t.debit, t.amount.fen), Posting(t.credit, -t.amount.fen)) for t in self.transfers)
        return tuple(leg for pair in legs for leg in pair)


def _transfers(*rows: tuple[Account, Account, Money]) -> tuple[Transfer, ...]:
    """Those of the rows that move anything: interest may be nothing."""
    return tuple(Transfer(debit, credit, amount) for debit, credit, amount in rows if amount.fen)


def receive(bank_entry: str, amount: Money, deposit: str = "", taken: Money = NOTHING) -> Entry:
    """The bank credited us with a payment. What of it is a bidder's deposit is held for it; the rest waits in suspense until its owner is
    known or it goes back."""
    own = ((BANK, held(deposit), taken),) if deposit else ()
    rest = amount - taken if deposit else amount
    return Entry(EntryKind.RECEIVE, bank_entry, _transfers(*own, (BANK, suspense(bank_entry), rest)))


def match(bank_entry: str, deposit: str, amount: Money) -> Entry:
    """That much of what waits in suspense is a bidder's deposit after all."""
    return Entry(EntryKind.MATCH, bank_entry, _transfers((suspense(bank_entry), held(deposit), amount)))


def earn(bank_entry: str, amount: Money) -> Entry:
    """The bank credited interest."""
    return Entry(EntryKind.EARN, bank_entry, _transfers((BANK, INTEREST_EARNED, amount)))


def order(refund: str, source: Account, principal: Money, interest: Money) -> Entry:
    """A refund is promised: from here on this money is gone for every other purpose."""
    transit = in_transit(refund)
    return Entry(EntryKind.ORDER, refund, _transfers((source, transit, principal), (INTEREST_PAID, transit, interest)))


def settle(refund: str, total: Money) -> Entry:
    """The bank has paid a refund."""
    return Entry(EntryKind.SETTLE, refund, _transfers((in_transit(refund), BANK, total)))


def undo(refund: str, source: Account, principal: Money, interest: Money) -> Entry:
    """The bank will not pay a refund: the money is the bidder's deposit again."""
    transit = in_transit(refund)
    return Entry(EntryKind.UNDO, refund, _transfers((transit, source, principal), (transit, INTEREST_PAID, interest)))


def forfeit(deposit: str, amount: Money) -> Entry:
    """A deposit is owed to the tenderer or the treasury instead of its bidder."""
    return Entry(EntryKind.FORFEIT, deposit, _transfers((held(deposit), forfeited(deposit), amount)))


def held(deposit: str) -> Account:
    """What a bidder is owed of one deposit."""
    return Account(AccountKind.HELD, deposit)


def forfeited(deposit: str) -> Account:
    """What is owed of one deposit to who may keep it."""
    return Account(AccountKind.FORFEITED, deposit)


def suspense(bank_entry: str) -> Account:
    """What came in by one entry of the bank and has no owner yet."""
    return Account(AccountKind.SUSPENSE, bank_entry)


def in_transit(refund: str) -> Account:
    """What one refund has promised."""
    return Account(AccountKind.IN_TRANSIT, refund)


def apply(entry: Entry, balances: Mapping[Account, Money]) -> dict[Account, Money]:
    """The balances of the entry's accounts after it; `balances` holds those before, zero where an account is missing.

    Raises RuleBroken "ledger.below_zero" when an account would fall below zero on its normal side.
    """
    after: dict[Account, int] = {}
    for moved in entry.transfers:
        for account, fen in ((moved.debit, moved.amount.fen), (moved.credit, -moved.amount.fen)):
            before = after[account] if account in after else balances.get(account, NOTHING).fen
            after[account] = before + (fen if account.rises_by_debit else -fen)
    if below := sorted(account.key for account, fen in after.items() if fen < 0):
        raise RuleBroken("ledger.below_zero", account=below[0])
    return {account: Money(fen) for account, fen in after.items()}


def is_balanced(balances: Mapping[Account, Money]) -> bool:
    """Whether debits and credits of whole books are equal."""
    return sum(amount.fen if account.rises_by_debit else -amount.fen for account, amount in balances.items()) == 0
