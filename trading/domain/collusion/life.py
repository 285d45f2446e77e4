"""The life of a card: who decides on it, until when, and who may see which card at what stage of the evaluation.

A card is never decided by the platform, and a decision on a card rejects no bid: that is done in the committee's review.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Self

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role

LONGEST_NOTE = 2_000


class CardState(Enum):
    """Where a card stands."""

    OPEN = "open"
    CLARIFYING = "clarifying"  # the committee asks the bidders in writing (招标投标法实施条例 art. 52)
    CONFIRMED = "confirmed"
    EXPLAINED = "explained"


class CardAction(Enum):
    """What is decided on a card; the value is the word in the signed statement."""

    CLARIFY = "clarify"
    CONFIRM = "confirm"
    EXPLAIN = "explain"


class Phase(Enum):
    """How far the evaluation has come, as far as secrecy depends on it."""

    BLIND = "blind"  # from the opening to the technical lock: who is behind a code name is sealed
    LOCKED = "locked"  # technical scores are locked, code names are open to the committee
    REPORTED = "reported"  # the report is submitted


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the rules of a card look at."""

    phase: Phase


def is_before_report(facts: CardFacts) -> Refusal | None:
    """What the committee thinks of a card belongs before its report; afterwards it is for complaints and the supervisor's own file."""
    return None if facts.phase is not Phase.REPORTED else WrongState("collusion.reported")


_DECIDING = frozenset({Role.EXPERT, Role.SUPERVISOR})  # of the experts the chair alone, whom the evaluation knows
_OPEN = at(CardState.OPEN, CardState.CLARIFYING)

MOVES: Moves[CardAction, CardState, Role, CardFacts] = Moves(
    "collusion",
    (
        Move(CardAction.CLARIFY, at(CardState.OPEN), CardState.CLARIFYING, _DECIDING, is_before_report),
        Move(CardAction.CONFIRM, _OPEN, CardState.CONFIRMED, _DECIDING, is_before_report),
        Move(CardAction.EXPLAIN, _OPEN, CardState.EXPLAINED, _DECIDING, is_before_report),
    ),
)


class See(Enum):
    """What of the cards may be shown."""

    CODED = "coded"  # cards of shared words alone, bidders under their code names, no digest, no name, no metadata
    NAMED = "named"  # every card, with the bidders' names and all raw values


_AFTER = at(Phase.LOCKED, Phase.REPORTED)

READS: Reads[See, Phase, Role] = Reads(
    "collusion",
    (
        # While the committee scores blind its members see only what they read anyway; names, accounts, people and machines would tell
        # which code name is which bidder. The supervisor has no documents and no scores, and sees alarms from the opening on.
        Read(See.CODED, frozenset({Role.EXPERT}), at(Phase.BLIND)),
        Read(See.NAMED, frozenset({Role.EXPERT}), _AFTER),
        Read(See.NAMED, frozenset({Role.SUPERVISOR}), frozenset(Phase)),
        Read(See.NAMED, frozenset({Role.TENDERER, Role.CENTRE}), at(Phase.REPORTED)),
    ),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The body of a `collusion.decide` statement: the card by its reference, what is decided, and why."""

    card: str
    action: CardAction
    note: str

    @classmethod
    def read(cls, signed: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        card, word, note = body.text("card", 32, least=32), body.text("decision", 20), body.text("note", LONGEST_NOTE)
        body.done()
        if word not in {action.value for action in CardAction}:
            raise RuleBroken("body.malformed", member="decision")
        return cls(card, CardAction(word), note)
