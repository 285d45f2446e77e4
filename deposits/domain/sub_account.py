"""Sub-accounts without money: which of them may be cancelled, and what finance signs to cancel them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.kernel.body import Body
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.moves import at
from deposits.domain.deposit import DepositState

MOST_ACCOUNTS = 500
"""How many sub-accounts one statement may cancel."""
OVER = at(DepositState.LAPSED, DepositState.REFUNDED, DepositState.FORFEITED)
"""States from which no money comes to a deposit any more. A dormant one is not among them: its money lies on its sub-account."""


@dataclass(frozen=True, slots=True)
class Emptiness:
    """What the ledger says of a sub-account: the state of its deposit, and everything that anyone is owed of what came to it."""

    state: DepositState
    balance: Money
    is_cancelled: bool = False


def is_empty(facts: Emptiness) -> bool:
    """Whether it can be cancelled."""
    return facts.state in OVER and not facts.balance.fen and not facts.is_cancelled


def check_empty(facts: Emptiness, sub_account: str) -> None:
    """Raises WrongState "sub_account.cancelled" or "sub_account.in_use", RuleBroken "sub_account.not_empty"."""
    if facts.is_cancelled:
        raise WrongState("sub_account.cancelled", sub_account=sub_account)
    if facts.state not in OVER:
        raise WrongState("sub_account.in_use", sub_account=sub_account)
    if facts.balance.fen:
        raise RuleBroken("sub_account.not_empty", sub_account=sub_account, balance=str(facts.balance))


@dataclass(frozen=True, slots=True)
class Cancellation:
    """`sub_account.cancel`: these sub-accounts of one lot hold nothing and are needed no more."""

    accounts: tuple[str, ...]
    reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Cancellation:
        """Raises RuleBroken "body.malformed", "sub_account.none"."""
        body = Body(members)
        said = cls(body.texts("accounts", MOST_ACCOUNTS, 34), body.text("reason", 500))
        body.done()
        if not said.accounts or len(set(said.accounts)) != len(said.accounts):
            raise RuleBroken("sub_account.none")
        return said
