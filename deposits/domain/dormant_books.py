"""How dormant deposits move on the ledger.

An old deposit is owed to its payer from the moment it is taken over, whether its money has come to the present account or not. What has
not come stands against the earlier accounts (`old_bank`); what has come (`moved_in`) is all that may be paid out: nobody else's deposit
ever pays for it (招标投标法实施条例第二十六条: 不得挪用).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.kernel.money import Money
from deposits.domain.ledger import INTEREST_EARNED, Account, AccountKind, Entry, EntryKind, Transfer, suspense


def old_bank(ledger: str) -> Account:
    """What lay on the earlier account of an old ledger, and has not been paid out."""
    return Account(AccountKind.OLD_BANK, ledger)


def moved_in(ledger: str) -> Account:
    """What has come of it to the present account."""
    return Account(AccountKind.MOVED_IN, ledger)


def dormant(row: str) -> Account:
    """What is owed of one old deposit."""
    return Account(AccountKind.DORMANT, row)


def claimed(payout: str) -> Account:
    """What a payout has promised and the bank has not been told of yet."""
    return Account(AccountKind.CLAIMED, payout)


def take_over(ref: str, rows: Iterable[tuple[Account, str, Money]]) -> Entry:
    """Old deposits come on the ledger: each from where its money lies (`old_bank`, a suspense account, a deposit held) to its payer's."""
    return Entry(EntryKind.TAKE_OVER, ref, tuple(Transfer(source, dormant(row), amount) for source, row, amount in rows))


def move_in(bank_entry: str, ledger: str, amount: Money, interest: Money) -> Entry:
    """A payment that the bank told of was ours, from the earlier account of this old ledger, with what it had earned there."""
    return Entry(EntryKind.MOVE_IN, bank_entry, _came(bank_entry, moved_in(ledger), amount, interest))


def pay_out(payout: str, ledger: str, rows: Sequence[tuple[str, Money]], elsewhere: Money) -> Entry:
    """Two persons have decided; `elsewhere` is how much of it was not on the present account when it was taken over."""
    moved = (Transfer(moved_in(ledger), old_bank(ledger), elsewhere),) if elsewhere.fen else ()
    return Entry(EntryKind.PAY_OUT, payout, (*(Transfer(dormant(row), claimed(payout), amount) for row, amount in rows), *moved))


def hand_back(payout: str, rows: Sequence[tuple[str, Money]]) -> Entry:
    """The bank did not pay: each is owed to its payer again, and its money is here."""
    return Entry(EntryKind.HAND_BACK, payout, tuple(Transfer(claimed(payout), dormant(row), amount) for row, amount in rows))


def restore(bank_entry: str, row: str, amount: Money, interest: Money) -> Entry:
    """The holder of one has sent it back, with what it had earned there."""
    return Entry(EntryKind.RESTORE, bank_entry, _came(bank_entry, dormant(row), amount, interest))


def _came(bank_entry: str, owner: Account, amount: Money, interest: Money) -> tuple[Transfer, ...]:
    parts = ((owner, amount), (INTEREST_EARNED, interest))
    return tuple(Transfer(suspense(bank_entry), account, part) for account, part in parts if part.fen)
