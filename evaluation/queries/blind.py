"""The code names of the bids; callers ask the room's table of reads before they show a mapping."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.models.drills import DrillBid
from evaluation.models.rooms import BlindCode


def codes_of(session: Session, evaluation: UUID) -> dict[str, UUID]:
    """Code name → organisation, by code name; of a drill → who its bids are said to be of."""
    rows = session.scalars(select(BlindCode).where(BlindCode.evaluation_id == evaluation).order_by(BlindCode.code))
    if found := {row.code: row.org_id for row in rows}:
        return found
    invented = session.scalars(select(DrillBid).where(DrillBid.evaluation_id == evaluation).order_by(DrillBid.code))
    return {row.code: row.org for row in invented}
