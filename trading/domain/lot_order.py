"""Orders on a lot before its opening: terminated by the tenderer, suspended and resumed by the supervisor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.errors import RuleBroken, Stale
from trading.domain.bid import spoken
from trading.domain.clock import Law, rule

_DAY = timedelta(days=1)


def read_reason(signed: Mapping[str, object]) -> str:
    """The signed body of `lot.terminate` and `lot.suspend`: why. Raises RuleBroken `body.malformed`."""
    body = Body(signed)
    reason = body.text("reason", 1000)
    body.done()
    return reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """The signed body of `lot.resume`: why, which suspension it ends, and the deadline from then on; moments are aware UTC."""

    reason: str
    suspend_sha256: str
    deadline: datetime
    opening_at: datetime

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Resumption:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            reason=body.text("reason", 1000),
            suspend_sha256=body.digest("suspend_sha256"),
            deadline=body.moment("deadline"),
            opening_at=body.moment("opening_at"),
        )
        body.done()
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumptionFacts:
    """What a resumption is held against: the law, the deadline that stood, and the suspension that it ends."""

    now: datetime
    law: Law
    deadline: datetime
    suspended_at: datetime
    suspend_sha256: str


def earliest_deadline(law: Law, deadline: datetime, suspended_at: datetime, now: datetime) -> datetime:
    """The first deadline that leaves bidders the time they had: later by every day that was begun while the lot stood still, on a working
    day (Civil Code General Provisions, art. 203)."""
    moved = deadline + -(-(now - suspended_at) // _DAY) * _DAY
    return moved + (law.calendar.roll(legal_day(moved)) - legal_day(moved))


def check_resumption(said: Resumption, facts: ResumptionFacts) -> None:
    """Raises Stale for another suspension, RuleBroken for an opening at another moment (T7) or a deadline that takes time from bidders."""
    if said.suspend_sha256 != facts.suspend_sha256:
        raise Stale("lot.resume.other_suspension")
    if said.opening_at != said.deadline:
        raise RuleBroken("notice.opening_other", rule("T7", facts.law.regime).article, rule="T7")
    least = earliest_deadline(facts.law, facts.deadline, facts.suspended_at, facts.now)
    if said.deadline < least:
        raise RuleBroken("lot.resume.deadline_too_early", rule("T3", facts.law.regime).article, rule="T3", earliest=spoken(least)[:16])
