"""A bidder uses its waiver for a lot: what it signs, and when it may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from deposits.domain.relief import Waiver

USE = "waiver.use"


@dataclass(frozen=True, slots=True)
class Use:
    """The body of `waiver.use`: this firm uses the waiver of that statement for the lot on whose chain it says so."""

    relief_sha256: str
    bidder: OrgId

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Use:
        """Raises RuleBroken `body.malformed`."""
        body = Body(members)
        said = cls(body.digest("relief_sha256"), OrgId(body.uuid("bidder")))
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class UseFacts:
    """What decides whether a waiver may be used. `waiver`: the one that is named, None for none that stands; `has_deposit`: one was asked
    for and is not on its way back; `is_used`: the firm has used one for this lot."""

    now: datetime
    deadline: datetime
    bidder: OrgId
    waiver: Waiver | None
    has_deposit: bool
    is_used: bool


def refuse_use(facts: UseFacts) -> Refusal | None:
    """Why it may not be used. Once money is on its way to a sub-account its amount stays, so it is used before one is asked for."""
    if facts.now >= facts.deadline:
        return RuleBroken("waiver.too_late")
    if facts.waiver is None or facts.waiver.org != facts.bidder or not facts.waiver.period.holds(legal_day(facts.now)):
        return RuleBroken("waiver.none_holds")
    if facts.is_used:
        return WrongState("waiver.used_already")
    if facts.has_deposit:
        return WrongState("waiver.deposit_asked")
    return None
