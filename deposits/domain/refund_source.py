"""From which account of the ledger a refund is paid, and whose key the bank names."""

from __future__ import annotations

from uuid import UUID

from deposits.domain import dormant_books
from deposits.domain import ledger as books
from deposits.domain.ledger import Account
from deposits.domain.refund import RefundReason


def source(reason: RefundReason, deposit: UUID | None, bank_entry: UUID | None, payout: UUID | None) -> Account:
    """The account that a refund empties: of the three ids one is there."""
    if reason is RefundReason.FORFEITED:
        return books.forfeited(str(deposit))
    if payout is not None:
        return dormant_books.claimed(str(payout))
    return books.held(str(deposit)) if deposit is not None else books.suspense(str(bank_entry))


def refund_of(key: str) -> UUID | None:
    """The refund under whose key the bank paid, None for what is no key of ours."""
    try:
        return UUID(hex=key)
    except ValueError:
        return None
