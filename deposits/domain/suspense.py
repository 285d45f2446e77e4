"""Suspense: a payment that matched nothing waits until somebody decides and signs whose it is, or that it goes back, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from deposits.domain.account import BASIC_ACCOUNT_ARTICLE
from deposits.domain.matching import GOES_BACK, Judgement


class Waiting(Enum):
    """Where an entry that matched nothing stands."""

    WAITING = "waiting"
    RETURNED = "returned"  # somebody decided that it goes back to its payer
    ASSIGNED = "assigned"  # somebody decided whose deposit it is
    OLD_MONEY = "old_money"  # it came from an earlier account of the centre's or from a holder: the ledger of old deposits has it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnBody:
    """The signed body of `suspense.return`: which entry, by the bank's reference, goes back to where it came from, and why."""

    ref: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ReturnBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(ref=body.text("ref", 35), reason=body.text("reason", 1000))
        body.done()
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignBody:
    """The signed body of `suspense.assign`: which entry belongs to which deposit of this lot, and why."""

    ref: str
    deposit: UUID
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> AssignBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(ref=body.text("ref", 35), deposit=body.uuid("deposit"), reason=body.text("reason", 1000))
        body.done()
        return read


def check_assign(judgement: Judgement) -> None:
    """A person may say whose a payment is, not that a rule does not hold: name, account, time and amount are judged as if it had come to
    the right sub-account. Raises RuleBroken "suspense.does_not_fit" with the outcome."""
    if judgement.outcome in GOES_BACK:
        raise RuleBroken("suspense.does_not_fit", BASIC_ACCOUNT_ARTICLE, outcome=judgement.outcome.value)
