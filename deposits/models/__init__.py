"""Tables of deposits."""

from deposits.models import (
    bank,
    batches,
    dormant,
    guarantees,
    holds,
    ledger,
    new_accounts,
    rates,
    reconciliations,
    requirement,
    sub_accounts,
    suspense,
    terms,
    treasuries,
)

__all__ = [
    "bank",
    "batches",
    "dormant",
    "guarantees",
    "holds",
    "ledger",
    "new_accounts",
    "rates",
    "reconciliations",
    "requirement",
    "sub_accounts",
    "suspense",
    "terms",
    "treasuries",
]
