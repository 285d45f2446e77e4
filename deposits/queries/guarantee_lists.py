"""The guarantees of opened lots, for finance and supervisors: of a sealed lot nothing, not even that there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.kernel.money import Money
from deposits.domain.claim import is_open
from deposits.domain.deposit import RequirementState
from deposits.domain.guarantee import STANDING
from deposits.models.guarantees import Guarantee
from deposits.models.requirement import Requirement
from deposits.queries.claims import ClaimView, claims_of
from deposits.queries.guarantees import GuaranteeView, views_where

MOST = 2_000  # rows of a list; the filter finds the rest


@dataclass(frozen=True, slots=True)
class Line:
    """A guarantee with the claims under it, the newest first."""

    view: GuaranteeView
    claims: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a list: how many, over how much, and under how many a claim is open."""

    count: int
    amount: Money
    claimed: int


def opened(session: Session, sought: str = "", standing: bool = False) -> tuple[Line, ...]:
    """Guarantees that were issued for lots opened by now, by firm; `sought`: part of a lot's number or a firm's name; `standing`: those
    alone that have not ended."""
    where: list[object] = [Requirement.state == RequirementState.OPENED, Guarantee.ver > 0]
    if standing:
        where.append(Guarantee.state.in_(STANDING))
    if part := sought.strip():
        where.append(Requirement.number.contains(part, autoescape=True) | Guarantee.org_name.contains(part, autoescape=True))
    found = views_where(session, *where)[:MOST]
    claims = claims_of(session, [view.id for view in found])
    return tuple(Line(view, claims[view.id]) for view in found)


def totals(lines: Sequence[Line]) -> Totals:
    """The sums of these lines."""
    claimed = sum(any(is_open(one.state) for one in line.claims) for line in lines)
    return Totals(len(lines), Money(sum(line.view.amount.fen for line in lines)), claimed)
