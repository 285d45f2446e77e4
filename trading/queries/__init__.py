"""Reads of trading; they return frozen views, never rows."""
