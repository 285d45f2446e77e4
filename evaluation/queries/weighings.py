"""Proposals to weigh prices as the room's rules look at them: what is open, what was decided, what it makes of the scoring case."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from evaluation.domain.weighing import Proposal, Weighed, WeighingFacts, Weighings
from evaluation.models.rooms import Evaluation
from evaluation.models.weighings import WeighingProposal, WeighingVote
from evaluation.queries import bids
from evaluation.queries.blind import codes_of
from evaluation.queries.questions import out_by_price
from trading.domain.price_rules import Preference
from trading.queries.lots import LotView


def proposed(session: Session, row: Evaluation) -> list[WeighingProposal]:
    """The proposals of the round that counts, by number."""
    mine = select(WeighingProposal).where(WeighingProposal.evaluation_id == row.id, WeighingProposal.round == row.vote_round)
    return list(session.scalars(mine.order_by(WeighingProposal.number)))


def count(session: Session, row: Evaluation) -> int:
    """How many were ever proposed, those included that fell with a member's replacement."""
    mine = select(func.count()).select_from(WeighingProposal).where(WeighingProposal.evaluation_id == row.id)
    return session.scalar(mine) or 0


def said(one: WeighingProposal) -> Proposal:
    """A proposal as it was signed."""
    return Proposal(one.code, one.rule, one.figure, one.file, one.page, one.reason)


def weighings(session: Session, row: Evaluation, lot: LotView) -> Weighings:
    """The proposals and what became of them, by the rules of the tender document."""
    return Weighings(lot.review.prices, tuple(Weighed(said(one), _adopted(one)) for one in proposed(session, row)))


def _adopted(one: WeighingProposal) -> bool | None:
    return None if one.decision is None else bool(cast("dict[str, Any]", one.decision)["adopted"])


@dataclass(frozen=True, slots=True)
class Voted:
    """A member's vote, with the reason."""

    agrees: bool
    reason: str


def votes(session: Session, code_of: Mapping[UUID, str], proposals: Collection[WeighingProposal]) -> dict[UUID, dict[str, Voted]]:
    """Proposal → seat → its vote, of the seats in office."""
    found: dict[UUID, dict[str, Voted]] = {one.id: {} for one in proposals}
    mine = select(WeighingVote).where(WeighingVote.proposal_id.in_(found), WeighingVote.seat_id.in_(code_of))
    for one in session.scalars(mine):
        found[one.proposal_id][code_of[one.seat_id]] = Voted(one.agrees, one.reason)
    return found


def claims(session: Session, row: Evaluation, lot: LotView) -> dict[str, dict[Preference, str]]:
    """Code name → what its bid claims, of those that passed and whose prices are open."""
    if not lot.review.prices.preferences or row.technical is None:
        return {}
    known = {bid.org: bid for bid in bids.opened(session, LotId(row.lot_id)) if bid.price is not None}
    held = codes_of(session, row.id)
    passed = cast("dict[str, list[str]]", row.technical)["passed"]
    return {code: dict(known[org].claims) for code in passed if (org := OrgId(held[code])) in known}


FACTS = ("weighing",)


def facts(session: Session, row: Evaluation, code_of: Mapping[UUID, str], lot: LotView, seat: str) -> dict[str, Any]:
    """Those facts of the room's table that weighing prices is about, for the member at `seat`."""
    if not lot.review.prices:
        return {}
    proposals, out = proposed(session, row), out_by_price(row)
    waiting = [one for one in proposals if one.decision is None and one.code not in out]
    given = votes(session, code_of, waiting)
    claimed = {code: kinds for code, kinds in claims(session, row, lot).items() if code not in out}
    found = WeighingFacts(
        weighs=True,
        open=frozenset(one.number for one in waiting),
        mine=frozenset(one.number for one in waiting if seat and seat not in given[one.id]),
        decidable=frozenset(one.number for one in waiting if set(given[one.id]) >= set(code_of.values())),
        claims_due=weighings(session, row, lot).claims_due(claimed),
    )
    return {"weighing": found}
