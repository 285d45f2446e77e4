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
    reliefs,
    requirement,
    sub_accounts,
    suspense,
    terms,
    treasuries,
    waivers,
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
    "reliefs",
    "requirement",
    "sub_accounts",
    "suspense",
    "terms",
    "treasuries",
    "waivers",
]
