"""Rules of identity as pure functions and tables."""
