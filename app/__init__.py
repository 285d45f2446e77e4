"""The roof: factory, wiring, commands, the desk, the public API and the offline verifier."""
