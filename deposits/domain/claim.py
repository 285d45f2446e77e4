"""A claim under a guarantee: decided by the tenderer on a ground on which a deposit may be kept, noted by the supervisor, then put to its
guarantor, which examines it and pays or says why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.account import BasicAccount
from deposits.domain.forfeiture import DecisionBody

DECIDE, NOTE, RECEIPT = "claim.decide", "claim.note", "claim.receipt"
SYSTEM, SUPERVISOR, TENDERER = frozenset({Role.SYSTEM}), frozenset({Role.SUPERVISOR}), frozenset({Role.TENDERER})
EXAMINED_WITHIN = timedelta(days=7)
"""Within this a guarantor examines a claim: five working days, as the guarantee itself says, and a weekend."""


class ClaimState(Enum):
    """The life of a claim. What ends it without payment leaves the guarantee as it was."""

    DECIDED = "decided"  # signed by the tenderer; the supervisor has not spoken
    DISAGREED = "disagreed"
    CLAIMED = "claimed"  # the supervisor agrees; the guarantor has not answered
    IN_REVIEW = "in_review"
    PAID = "paid"  # as the guarantor says; the tenderer has not confirmed it
    SETTLED = "settled"  # the tenderer has the money
    REFUSED = "refused"


class ClaimAction(Enum):
    """What can happen to a claim."""

    AGREE = "agree"
    DISAGREE = "disagree"
    RECEIVE = "receive"
    PAY = "pay"
    CONFIRM = "confirm"
    REFUSE = "refuse"


_S, _A = ClaimState, ClaimAction
MOVES: Moves[ClaimAction, ClaimState, Role, None] = Moves(
    "guarantee_claim",
    (
        Move(_A.AGREE, at(_S.DECIDED), _S.CLAIMED, SUPERVISOR),
        Move(_A.DISAGREE, at(_S.DECIDED), _S.DISAGREED, SUPERVISOR),
        Move(_A.RECEIVE, at(_S.CLAIMED), _S.IN_REVIEW, SYSTEM),
        Move(_A.PAY, at(_S.CLAIMED, _S.IN_REVIEW), _S.PAID, SYSTEM),
        Move(_A.CONFIRM, at(_S.PAID), _S.SETTLED, TENDERER),
        Move(_A.REFUSE, at(_S.CLAIMED, _S.IN_REVIEW), _S.REFUSED, SYSTEM),
    ),
)
OPEN = at(_S.DECIDED, _S.CLAIMED, _S.IN_REVIEW)
"""While one of these stands, its guarantee is neither given back nor does it expire, and nobody claims again."""
TO_ASK = at(_S.CLAIMED, _S.IN_REVIEW)
"""The guarantor is asked about these."""
CALLED_ON = at(_S.PAID, _S.SETTLED)
"""So much less can be claimed again."""


@dataclass(frozen=True, slots=True)
class ClaimBody:
    """The signed body of `claim.decide`: under which guarantee, and all that a decision to keep a deposit says."""

    guarantee: UUID
    decision: DecisionBody

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ClaimBody:
        """Of a signed body: the members of `forfeit.decide` with `guarantee` in place of `deposit`. Raises RuleBroken `body.malformed`."""
        of = Body({name: value for name, value in signed.items() if name in ("guarantee", "deposit")})
        guarantee = of.uuid("guarantee")
        of.done()  # a claim is of no deposit
        rest = {name: value for name, value in signed.items() if name != "guarantee"}
        return cls(guarantee, DecisionBody.read({**rest, "deposit": str(guarantee)}))

    @property
    def payee(self) -> BasicAccount:
        """To which account the guarantor pays."""
        return self.decision.payee


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """The signed body of `claim.receipt`: the tenderer has had the money, under the reference of its own bank."""

    claim_sha256: str
    amount: Money
    reference: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReceiptBody:
        """Of a signed body. Raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.digest("claim_sha256"), Money(body.count("amount_fen", least=1)), body.text("reference", 60))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What a claim is held against. `amount`: what earlier claims have left of the guarantee; `stands`: it was opened and verified;
    `claimed`: another claim is open."""

    now: datetime
    amount: Money
    valid_to: datetime
    stands: bool
    claimed: bool


def check_claim(said: ClaimBody, facts: ClaimFacts) -> Refusal | None:
    """What stands against a claim besides its ground, which `forfeiture.check_ground` looks at: on time means before its validity ends."""
    if not facts.stands:
        return RuleBroken("claim.does_not_stand")
    if facts.claimed:
        return RuleBroken("claim.one_at_a_time")
    if facts.now >= facts.valid_to:
        return RuleBroken("claim.too_late")
    if said.decision.amount > facts.amount:
        return RuleBroken("claim.amount", amount=str(facts.amount))
    return None


def may(action: ClaimAction, state: ClaimState) -> bool:
    """Whether the platform itself may take this action now: a guarantor's answers come twice, late, and in any order."""
    return action in MOVES.available(state, SYSTEM, None)


def left_of(amount: Money, claims: Iterable[tuple[ClaimState, Money]]) -> Money:
    """What these claims have left of a guarantee over `amount`."""
    return Money(amount.fen - sum(claimed.fen for state, claimed in claims if state in CALLED_ON))


def check_receipt(said: ReceiptBody, amount: Money) -> Refusal | None:
    """A receipt is for all that was claimed: a guarantor pays a claim whole or refuses it."""
    return None if said.amount == amount else RuleBroken("claim.receipt_amount", amount=str(amount))


def is_in_doubt(state: ClaimState, asked: bool) -> bool:
    """Whether the claim was put to its guarantor and no answer has come: it may have been received or not, and is sent again."""
    return state is _S.CLAIMED and asked


def is_open(state: ClaimState) -> bool:
    """Whether a claim is not ended."""
    return state in OPEN
