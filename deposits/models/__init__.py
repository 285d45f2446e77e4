"""Tables of deposits."""

from deposits.models import bank, batches, dormant, guarantees, holds, ledger, rates, reconciliations, requirement, suspense, terms

__all__ = [
    "bank",
    "batches",
    "dormant",
    "guarantees",
    "holds",
    "ledger",
    "rates",
    "reconciliations",
    "requirement",
    "suspense",
    "terms",
]
