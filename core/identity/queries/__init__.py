"""Reads of identity; they return frozen views, never rows."""
