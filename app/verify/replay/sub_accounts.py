"""Cancelled sub-accounts: of this lot, each once, and nothing left on them by what the bank had booked."""

from __future__ import annotations

from collections.abc import Mapping

from app.verify.entries import Entry
from app.verify.verdict import inside
from deposits.domain.sub_account import Cancellation


def cancelled(entry: Entry, left: Mapping[str, int], over: set[str]) -> None:
    """`left`: what lies on each sub-account of the lot, fen; `over`: those that were cancelled before, to which these are added."""
    with inside(entry.member):
        said = Cancellation.read(entry.body)
    for account in said.accounts:
        entry.require(account in left, "deposit_unknown")
        entry.require(account not in over, "sub_account_twice", account=account)
        entry.require(not left[account], "sub_account_not_empty", account=account)
        over.add(account)
