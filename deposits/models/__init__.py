"""Tables of deposits."""

from deposits.models import bank, dormant, guarantees, holds, ledger, requirement, terms

__all__ = ["bank", "dormant", "guarantees", "holds", "ledger", "requirement", "terms"]
