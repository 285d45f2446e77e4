"""Tables of deposits."""

from deposits.models import bank, dormant, holds, ledger, requirement, terms

__all__ = ["bank", "dormant", "holds", "ledger", "requirement", "terms"]
