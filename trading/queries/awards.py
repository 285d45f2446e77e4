"""Candidates of a lot."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from trading.domain.bid import BidState
from trading.models.award import Candidate
from trading.models.bid import Bid
from trading.queries.consortia import behind


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A candidate; `rank` is 0 in an unranked set."""

    org: OrgId
    name: str
    rank: int
    price: Money


def candidates(session: Session, lot: LotId) -> tuple[CandidateView, ...]:
    """The candidates of a lot: by rank, an unranked set by name, so that the order tells nothing."""
    query = select(Candidate).where(Candidate.lot_id == lot).order_by(Candidate.rank, Candidate.name, Candidate.org_id)
    return tuple(CandidateView(OrgId(row.org_id), row.name, row.rank, row.price) for row in session.scalars(query))


def took_part(session: Session, lot: LotId) -> tuple[OrgId, ...]:
    """The organisations whose sealed bid stood at the deadline, with the members of their consortia. Secret before: ask it of an opened lot
    alone."""
    standing = select(Bid.org_id).where(Bid.lot_id == lot, Bid.ver > 0, Bid.state != BidState.WITHDRAWN)
    return behind(session, lot, [OrgId(org) for org in session.scalars(standing.order_by(Bid.org_id))])


def bid_names(session: Session, lot: LotId) -> dict[OrgId, str]:
    """By the bidder, under which names each bid of an opened lot stands: of a consortium, those of all its members."""
    return {OrgId(org): name for org, name in session.execute(select(Bid.org_id, Bid.org_name).where(Bid.lot_id == lot))}
