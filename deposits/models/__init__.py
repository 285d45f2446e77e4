"""Tables of deposits."""

from deposits.models import bank, ledger, requirement, terms

__all__ = ["bank", "ledger", "requirement", "terms"]
