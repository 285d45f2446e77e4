"""Reads of bid evaluation; each returns frozen values."""
