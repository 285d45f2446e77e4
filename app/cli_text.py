"""Plain tables for the terminal, aligned by what a character really takes there."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns two spaces apart; Chinese characters count as two cells."""
    lines = [head, *rows]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
