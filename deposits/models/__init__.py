"""Tables of deposits."""

from deposits.models import bank, ledger, requirement

__all__ = ["bank", "ledger", "requirement"]
