"""Drills (演练): the mark in a case's name by which every page, statement and package tells it from anything real."""

from __future__ import annotations

PREFIX = "DRILL"  # in the case that every signed statement names: no real case begins so
WORD = "【演练】"  # before the title


def is_drill(case: str) -> bool:
    """Whether a case's name, or that of one of its lots, is that of a drill."""
    return case.startswith(PREFIX)
