"""Trading: projects, lots, notices, tender documents, bids, the opening, the award and the contract."""
