"""Deposits: requirements, sub-accounts, the ledger, refunds and the bank."""
