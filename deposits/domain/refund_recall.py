"""Recalling a refund that was sent: why and by whom the bank is asked to stop it, and what its answer means.

The bank carries an order out once or not at all. Whoever doubts one may ask it not to (camt.055): one person of finance proposes, another
approves, and only the bank's resolution (camt.029) moves anything. Stopped, the money is the bidder's deposit again, as after a rejection;
refused, the refund goes on. No answer is no answer: the bank is asked again under the same case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE, SYSTEM
from deposits.domain.recall import Resolved
from deposits.domain.refund import OPEN, RefundState

STOPPED = "DS02"
"""The cause of a refund that was recalled: an authorised user has cancelled the order (ISO 20022, external status reasons)."""


class RecallState(Enum):
    """The life of a recall."""

    PROPOSED = "proposed"  # by one person of finance
    DROPPED = "dropped"  # the bank was never asked
    ASKED = "asked"  # another has approved: the bank is asked until it has decided
    STOPPED = "stopped"  # the bank does not carry the order out
    REFUSED = "refused"  # it has, or will


class RecallAction(Enum):
    """What can happen to a recall."""

    APPROVE = "approve"
    DROP = "drop"
    STOP = "stop"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """Who acts, and who proposed."""

    person: PersonId | None = None
    proposer: PersonId | None = None


def _is_another(facts: RecallFacts) -> Refusal | None:
    return None if facts.person != facts.proposer else NotAllowed("recall.same_person")


_S, _A = RecallState, RecallAction
MOVES: Moves[RecallAction, RecallState, Role, RecallFacts] = Moves(
    "recall",
    (
        Move(_A.APPROVE, at(_S.PROPOSED), _S.ASKED, FINANCE, _is_another),
        Move(_A.DROP, at(_S.PROPOSED), _S.DROPPED, FINANCE),
        Move(_A.STOP, at(_S.ASKED), _S.STOPPED, SYSTEM),
        Move(_A.REFUSE, at(_S.ASKED), _S.REFUSED, SYSTEM),
    ),
)
UNDECIDED = at(_S.PROPOSED, _S.ASKED)


def meaning(resolved: Resolved) -> RecallAction | None:
    """What the bank's resolution does to a recall; None while it has not decided."""
    return {Resolved.CANCELLED: _A.STOP, Resolved.REFUSED: _A.REFUSE}.get(resolved)


def is_proposed(state: RecallState) -> bool:
    """Whether a second person is waited for."""
    return state is _S.PROPOSED


def awaits_bank(state: RecallState) -> bool:
    """Whether the bank's resolution is waited for."""
    return state is _S.ASKED


def may_recall(state: RefundState, is_asked: bool) -> bool:
    """Whether a refund is with the bank, and no recall of it waits."""
    return state in OPEN and not is_asked


@dataclass(frozen=True, slots=True)
class RecallBody:
    """The signed body of `recall.propose`: which refund, over which sum with interest, and what the doubt is."""

    refund: UUID
    total: Money
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RecallBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.uuid("refund"), Money(body.count("total_fen", 1)), body.text("reason", 1000))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class SecondBody:
    """The signed body of `recall.approve` and `recall.drop`: the very proposal."""

    proposal_sha256: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> SecondBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.digest("proposal_sha256"), body.text("reason", 1000, least=0))
        body.done()
        return read


def check_recall(said: RecallBody, total: Money, state: RefundState, is_asked: bool) -> None:
    """Raises WrongState "recall.nothing_to_recall" for a refund that is not with the bank or is recalled already, RuleBroken
    "recall.amount" where the sum is another."""
    if not may_recall(state, is_asked):
        raise WrongState("recall.nothing_to_recall")
    if said.total != total:
        raise RuleBroken("recall.amount", total=str(total))
