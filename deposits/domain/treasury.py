"""The treasury account (国库) to which what is kept in government procurement goes: proposed by one of finance, approved by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import NotAllowed, Refusal
from core.kernel.ids import PersonId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain import rate
from deposits.domain.account import BasicAccount, normal_number
from deposits.domain.deposit import FINANCE

CHAIN = rate.CHAIN
"""On the chain of rates, which is of no lot and which every package carries: what finance keeps for the whole place."""


class TreasuryState(Enum):
    """The life of a treasury account; of those approved the newest holds."""

    PROPOSED = "proposed"
    APPROVED = "approved"


class TreasuryAction(Enum):
    """What can happen to it."""

    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class TreasuryFacts:
    """Who approves, and who proposed."""

    person: PersonId | None
    proposer: PersonId | None


def _by_another(facts: TreasuryFacts) -> Refusal | None:
    return None if facts.person != facts.proposer else NotAllowed("treasury_account.same_person")


MOVES: Moves[TreasuryAction, TreasuryState, Role, TreasuryFacts] = Moves(
    "treasury_account",
    (Move(TreasuryAction.APPROVE, at(TreasuryState.PROPOSED), TreasuryState.APPROVED, FINANCE, _by_another),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreasuryBody:
    """The signed body of `treasury.propose`: the account, and the paper of the finance office that names it."""

    account: BasicAccount
    source: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> TreasuryBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, "account.number" for what is none."""
        body = Body(signed)
        account = BasicAccount(body.text("name", 120), normal_number(body.text("account", 60)), body.text("bank", 100, least=2))
        read = cls(account=account, source=body.text("source", 300))
        body.done()
        return read
