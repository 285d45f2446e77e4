"""Tables of deposits."""

from deposits.models import bank, holds, ledger, requirement, terms

__all__ = ["bank", "holds", "ledger", "requirement", "terms"]
