"""The table of interest rates: as interest is computed by it, and as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from deposits.domain.interest import RATES, Rate
from deposits.domain.rate import RateBody, RateState, earliest_since
from deposits.domain.rate import table_of as whole
from deposits.models.rates import InterestRate


@dataclass(frozen=True, slots=True)
class RateView:
    """A rate with its history; `sha256` "" and no names: the platform came with it."""

    since: date
    yearly: Decimal
    source: str
    sha256: str
    state: RateState
    proposed_by: str
    proposed_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class RatePage:
    """The whole table, the newest first, and the first day from which another may hold."""

    rates: tuple[RateView, ...]
    earliest: date


def table_of(session: Session) -> tuple[Rate, ...]:
    """The rates by which interest is computed now."""
    query = select(InterestRate.since, InterestRate.yearly, InterestRate.source).where(InterestRate.state == RateState.APPROVED)
    return whole(RateBody(since=since, yearly=yearly, source=source) for since, yearly, source in session.execute(query))


def page(session: Session, person: object, now: datetime) -> RatePage:
    """For finance; `person`: who looks."""
    rows = session.scalars(select(InterestRate).order_by(InterestRate.proposed_at.desc()))
    kept = [
        RateView(
            since=row.since,
            yearly=row.yearly,
            source=row.source,
            sha256=row.sha256,
            state=row.state,
            proposed_by=row.proposed_name,
            proposed_at=row.proposed_at,
            approved_by=row.approved_name,
            approved_at=row.approved_at,
            is_mine=row.proposed_by == person,
        )
        for row in rows
    ]
    built_in = [RateView(rate.since, rate.yearly, "", "", RateState.APPROVED, "", None, "", None, False) for rate in RATES]
    rates = tuple(sorted((*kept, *built_in), key=lambda rate: rate.since, reverse=True))
    return RatePage(rates, earliest_since(legal_day(now), table_of(session)))
