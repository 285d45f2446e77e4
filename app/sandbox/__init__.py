"""The outside parties as processes of their own, for development and tests: real protocols, invented standing."""
