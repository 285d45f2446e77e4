"""Rules of deposits: the ledger, matching, interest, and the life of a deposit."""
