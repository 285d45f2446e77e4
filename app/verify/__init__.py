"""The offline verifier of an evidence package: pure functions over a file and a policy."""
