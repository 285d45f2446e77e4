"""A member's own marks in the documents: bookmarks, and notes bound to a criterion. They belong to the seat and are no evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from core.kernel.errors import RuleBroken
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.room import State, since

MOST = 500
"""Marks of one seat: enough for every criterion of every bid, too few to fill the disk."""


WRITING: tuple[State, ...] = tuple(state for state in State if state in since(State.PRELIMINARY) and state is not State.SUBMITTED)
"""From the moment when the bids lie open until the report is handed over."""


class Action(Enum):
    """What a member does with marks."""

    KEEP = "keep"
    DROP = "drop"


def _rows(state: State) -> Iterator[Move[Action, State, Role, object]]:
    """Marks move nothing: each state leads to itself."""
    yield Move(Action.KEEP, at(state), state, frozenset({Role.EXPERT}))
    yield Move(Action.DROP, at(state), state, frozenset({Role.EXPERT}))


MOVES: Moves[Action, State, Role, object] = Moves("note", (row for state in WRITING for row in _rows(state)))


class NoteKind(Enum):
    """What a mark is."""

    BOOKMARK = "bookmark"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Note:
    """A mark: document and page; for a note also what was selected, what the member says, and the criterion it is about ("" for none)."""

    code: str
    sha256: str
    page: int
    kind: NoteKind
    criterion: str = ""
    quote: str = ""
    text: str = ""


def check(note: Note, documents: Collection[str], criteria: Collection[str], held: int) -> None:
    """Raises RuleBroken for a document of another bid, an unknown criterion, a note that says nothing, or one too many."""
    if note.sha256 not in documents:
        raise RuleBroken("note.document")
    if note.criterion and note.criterion not in criteria:
        raise RuleBroken("score.criterion_unknown", criterion=note.criterion)
    if note.kind is NoteKind.NOTE and not (note.text.strip() or note.quote.strip() or note.criterion):
        raise RuleBroken("note.empty")
    if held >= MOST:
        raise RuleBroken("note.too_many", most=MOST)
