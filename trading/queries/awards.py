"""Candidates of a lot."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from trading.models.award import Candidate


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
