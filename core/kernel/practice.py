"""Practice: the mark in a case's name by which every file, statement and command tells it from anything real."""

from __future__ import annotations

from datetime import timedelta

PREFIX = "PRACTICE-"  # in the case that every signed statement and every share box names: no real case begins so
LOT = "1"
WORD = "练习"  # in every title and file name
NOTICE = "练习，不是投标，没有任何法律效力 / PRACTICE: no bid, no legal effect"  # in the signed receipt itself
RECEIPT = "practice.receipt"  # the type of the platform's statement; a real one's is `receipt`
FORMAT = "gongheng/practice-receipt/v1"
LIFETIME = timedelta(hours=4)


def is_practice(case: str) -> bool:
    """Whether a case's name is that of a practice."""
    return case.startswith(PREFIX)
