"""Tables of deposits."""
