"""Questions to bidders as the room's rules look at them; who may read them is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.jcs import JSON
from evaluation.domain import question as rules
from evaluation.domain.question import Kind, State
from evaluation.models.questions import BidQuestion, PriceVote
from evaluation.models.rooms import Evaluation
from trading.queries.lots import LotView

MOST = 100


def asked(session: Session, evaluation: UUID) -> list[BidQuestion]:
    """Every question of a room, by number."""
    return list(session.scalars(select(BidQuestion).where(BidQuestion.evaluation_id == evaluation).order_by(BidQuestion.number)))


def out_by_price(row: Evaluation) -> frozenset[str]:
    """The bids that the committee found invalid after their prices were asked about."""
    return frozenset(one["bid"] for one in cast("list[dict[str, Any]]", row.price_decisions or []) if not one["stays"])


def accepted(session: Session, evaluation: UUID) -> dict[str, list[dict[str, JSON]]]:
    """Code name → corrections that its bidder accepted."""
    return rules.adjustments([(one.code, one.rule, one.correction, one.accepts) for one in asked(session, evaluation)])


def price_votes(session: Session, code_of: Mapping[UUID, str]) -> dict[str, dict[str, PriceVote]]:
    """Code name → seat → its vote on that bid's price."""
    found: dict[str, dict[str, PriceVote]] = {}
    for one in session.scalars(select(PriceVote).where(PriceVote.seat_id.in_(code_of))):
        found.setdefault(one.code, {})[code_of[one.seat_id]] = one
    return found


FACTS = (
    *("is_chair", "questions_open", "price_check_due", "flags_due", "enquiries_due"),
    *("price_matters", "price_voted", "price_decidable"),
)


def facts(session: Session, row: Evaluation, code_of: Mapping[UUID, str], lot: LotView, seat: str) -> dict[str, Any]:
    """Those facts of the room's table that questions and prices are about, for the member at `seat`."""
    questions = asked(session, row.id)
    ended = [(one.code, Kind(one.kind), one.correction, one.accepts) for one in questions if one.state is not State.OPEN]
    decided = {one["bid"] for one in cast("list[dict[str, Any]]", row.price_decisions or [])}
    waiting = rules.matters(ended) - decided
    votes = price_votes(session, code_of)
    flags = cast("dict[str, list[str]]", row.low_flags or {})
    enquired = {one.code for one in questions if one.kind == Kind.LOW_PRICE}
    return {
        "is_chair": bool(seat) and row.chair == seat,
        "questions_open": sum(one.state is State.OPEN for one in questions),
        "price_check_due": lot.review.looks_at_prices and row.prices_closed_at is None,
        "flags_due": lot.review.low_price is not None and row.low_flags is None,
        "enquiries_due": frozenset(flags) - enquired,
        "price_matters": waiting,
        "price_voted": frozenset(code for code in waiting if seat in votes.get(code, {})),
        "price_decidable": frozenset(code for code in waiting if set(votes.get(code, {})) >= set(code_of.values())),
    }


def overdue(session: Session, now: datetime) -> list[UUID]:
    """Questions whose time is over without an answer."""
    late = select(BidQuestion.id).where(BidQuestion.state == State.OPEN, BidQuestion.until <= now)
    return list(session.scalars(late.order_by(BidQuestion.until, BidQuestion.id).limit(MOST)))


def prices_of(
    read_out: Mapping[str, Decimal], corrections: Mapping[str, list[dict[str, JSON]]], method: Mapping[str, Any]
) -> dict[str, Decimal]:
    """The prices that are held against the limits of the tender document."""
    return rules.corrected(read_out, corrections, ceiling_of(method))


def ceiling_of(method: Mapping[str, Any]) -> Decimal | None:
    """The ceiling in a method, None where it has none."""
    said = method.get("price_ceiling")
    return None if said is None else Decimal(str(said))
