"""Tables of deposits."""

from deposits.models import bank, dormant, guarantees, holds, ledger, requirement, suspense, terms

__all__ = ["bank", "dormant", "guarantees", "holds", "ledger", "requirement", "suspense", "terms"]
