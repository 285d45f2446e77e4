"""Batches of refunds (退款批次): how they are released, by whom, and what a release names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from core.kernel.body import Body, digest
from core.kernel.errors import NotAllowed, Refusal
from core.kernel.ids import CaseId, PersonId
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE

CHAIN = CaseId("D-PAYOUTS")
"""The chain of batches and of their releases: they are of several lots."""
LARGEST = 500
"""Refunds in one batch: what one message to the bank takes."""


class Release(Enum):
    """What lets a batch go: a setting of the place."""

    AUTOMATIC = "automatic"  # the law's clock alone
    TWO_PERSONS = "two_persons"


class BatchState(Enum):
    """The life of a batch; how far its payments are is told by its refunds."""

    WAITING = "waiting"  # for two persons
    SIGNED = "signed"  # by one of them
    RELEASED = "released"


class BatchAction(Enum):
    """What can happen to a batch."""

    SIGN = "sign"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """Who signs, and who signed before."""

    person: PersonId | None
    first: PersonId | None


def _is_another(facts: BatchFacts) -> Refusal | None:
    return None if facts.person != facts.first else NotAllowed("batch.same_person")


_S, _A = BatchState, BatchAction
MOVES: Moves[BatchAction, BatchState, Role, BatchFacts] = Moves(
    "refund_batch",
    (
        Move(_A.SIGN, at(_S.WAITING), _S.SIGNED, FINANCE),
        Move(_A.RELEASE, at(_S.SIGNED), _S.RELEASED, FINANCE, _is_another),
    ),
)
FIRST: Mapping[Release, BatchState] = {Release.AUTOMATIC: _S.RELEASED, Release.TWO_PERSONS: _S.WAITING}


def is_released(state: BatchState) -> bool:
    """Whether its refunds may be promised."""
    return state is _S.RELEASED


def next_action(state: BatchState) -> BatchAction:
    """What a signature does to a batch in this state."""
    return BatchAction.SIGN if state is _S.WAITING else BatchAction.RELEASE


def digest_of(refunds: Iterable[tuple[UUID, Money, str]]) -> str:
    """Hex SHA-256 over what a batch pays, in the order of its refunds' ids: each one's id, principal and the account that it goes to."""
    return digest({"refunds": [[str(refund), amount.fen, account] for refund, amount, account in sorted(refunds)]})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBody:
    """The signed body of `batch.release`: which batch, and what it was seen to pay; interest is added on the day of payment."""

    batch: str
    count: int
    principal: Money
    refunds_sha256: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReleaseBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            batch=body.text("batch", 20),
            count=body.count("count", least=1, most=LARGEST),
            principal=Money(body.count("principal_fen", least=1)),
            refunds_sha256=body.digest("refunds_sha256"),
        )
        body.done()
        return read
