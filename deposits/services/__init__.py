"""Use cases of deposits."""
