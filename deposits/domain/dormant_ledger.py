"""An old ledger: where it comes from, and its life from the preview to the platform's own ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE, SYSTEM


class LedgerKind(Enum):
    """Where its rows come from."""

    IMPORTED = "imported"  # a sheet of the centre's earlier books
    TAKEN_OVER = "taken_over"  # this platform's own payments of nobody's and refunds that no bank would pay


class LedgerState(Enum):
    """The life of an old ledger."""

    PREVIEWED = "previewed"
    DISCARDED = "discarded"
    CONFIRMED = "confirmed"  # signed; the clock books it, some rows at a time
    BOOKED = "booked"


class LedgerAction(Enum):
    """What moves it along."""

    CONFIRM = "confirm"
    DISCARD = "discard"
    BOOK = "book"


@dataclass(frozen=True, slots=True)
class LedgerFacts:
    """What a confirmation is held against: rows that hold, rows that are out, how many of those the statement leaves out, and whether the
    same file was confirmed before."""

    good: int = 0
    bad: int = 0
    left_out: int = 0
    is_known: bool = False


def _may_confirm(facts: LedgerFacts) -> Refusal | None:
    if facts.is_known:
        return RuleBroken("old_ledger.file_known")
    if not facts.good:
        return RuleBroken("old_ledger.nothing")
    return RuleBroken("old_ledger.faults", count=facts.bad) if facts.left_out != facts.bad else None


_S, _A = LedgerState, LedgerAction
MOVES: Moves[LedgerAction, LedgerState, Role, LedgerFacts] = Moves(
    "old_ledger",
    (
        Move(_A.CONFIRM, at(_S.PREVIEWED), _S.CONFIRMED, FINANCE, _may_confirm),
        Move(_A.DISCARD, at(_S.PREVIEWED), _S.DISCARDED, FINANCE),
        Move(_A.BOOK, at(_S.CONFIRMED), _S.BOOKED, SYSTEM),
    ),
)
TAKEN = at(_S.CONFIRMED, _S.BOOKED)


def is_booked(state: LedgerState) -> bool:
    """Whether all of its rows stand on the ledger."""
    return state is _S.BOOKED
