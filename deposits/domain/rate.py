"""The table of interest rates as finance keeps it: a rate is proposed by one person and approved by another, for days to come."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import NotAllowed, Refusal, RuleBroken
from core.kernel.ids import CaseId, PersonId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE
from deposits.domain.interest import RATES, Rate

CHAIN = CaseId("D-RATES")
"""The chain of the table: it is of no lot, and every package carries it."""
HIGHEST = Decimal("0.1")
_FRACTION = re.compile(r"0\.\d{1,8}")


class RateState(Enum):
    """The life of a rate."""

    PROPOSED = "proposed"
    APPROVED = "approved"


class RateAction(Enum):
    """What can happen to a rate."""

    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class RateFacts:
    """Who approves, who proposed, and from which day on a rate is to hold."""

    person: PersonId | None
    proposer: PersonId | None
    since: date
    earliest: date


def _by_another_in_time(facts: RateFacts) -> Refusal | None:
    if facts.person == facts.proposer:
        return NotAllowed("interest_rate.same_person")
    return None if facts.since >= facts.earliest else RuleBroken("interest_rate.since", earliest=facts.earliest.isoformat())


MOVES: Moves[RateAction, RateState, Role, RateFacts] = Moves(
    "interest_rate",
    (Move(RateAction.APPROVE, at(RateState.PROPOSED), RateState.APPROVED, FINANCE, _by_another_in_time),),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateBody:
    """The signed body of `rate.propose`. `yearly`: a fraction, `0.0005`; `source`: where the bank has published it."""

    since: date
    yearly: Decimal
    source: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RateBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, "interest_rate.yearly" for what is no rate."""
        body = Body(signed)
        since, written, source = body.day("since"), body.text("yearly", 12), body.text("source", 300)
        body.done()
        if _FRACTION.fullmatch(written) is None or Decimal(written) > HIGHEST:
            raise RuleBroken("interest_rate.yearly")
        return cls(since=since, yearly=Decimal(written), source=source)


def read_approval(signed: Mapping[str, object]) -> str:
    """The signed body of `rate.approve`: the digest of the proposal. Raises RuleBroken `body.malformed`."""
    body = Body(signed)
    digest = body.digest("proposal_sha256")
    body.done()
    return digest


def earliest_since(today: date, table: Iterable[Rate]) -> date:
    """The first day from which a new rate may hold: today, since interest up to yesterday may have been paid, and after the last one's."""
    last = max(rate.since for rate in table)
    return max(today, date.fromordinal(last.toordinal() + 1))


def check_rate(said: RateBody, today: date, table: Iterable[Rate]) -> None:
    """Raises RuleBroken "interest_rate.since" for a rate that would reach back."""
    earliest = earliest_since(today, table)
    if said.since < earliest:
        raise RuleBroken("interest_rate.since", earliest=earliest.isoformat())


def table_of(approved: Iterable[RateBody]) -> tuple[Rate, ...]:
    """The whole table: what the platform came with, then what finance approved, by day."""
    return tuple(sorted((*RATES, *(Rate(one.since, one.yearly) for one in approved)), key=lambda rate: rate.since))
