"""Reads of deposits."""
