"""Drafts of one seat in their order: several windows of the same seat, each with numbers of its own, and lines that break between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Mark:
    """Which window sent a draft, the window's own number of it, and the seat's number that the window had last heard of."""

    tab: str
    number: int
    base: int


@dataclass(frozen=True, slots=True)
class Held:
    """The draft that is kept: the seat's number of it, and which window wrote it under which number."""

    seq: int = 0
    tab: str = ""
    number: int = 0


class Turn(Enum):
    """What becomes of a draft that came in."""

    TAKEN = "taken"  # it is the newest
    KNOWN = "known"  # it, or a later one of the same window, is kept already
    BEHIND = "behind"  # another window wrote meanwhile: merge, then send again


def turn(held: Held, sent: Mark) -> Turn:
    """Whether a draft is taken: sent again, it changes nothing; one that has not seen another window's is not put over it."""
    if sent.tab == held.tab:
        return Turn.TAKEN if sent.number > held.number else Turn.KNOWN
    return Turn.TAKEN if sent.base >= held.seq else Turn.BEHIND
