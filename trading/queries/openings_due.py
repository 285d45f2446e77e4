"""What is due for bids and openings; the use case that follows locks and looks again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from core.kernel.sealing import Purpose
from trading.domain.bid import EnvelopeState
from trading.domain.lot import LotState
from trading.domain.opening import LATER_PRICES, OpeningState
from trading.models.bid import BidEnvelope, ShareBox
from trading.models.lot import Lot
from trading.models.opening import AnyOpening, Opening, OpeningObjection, ShareRelease
from trading.models.project import Project


def deadlines(session: Session, now: datetime) -> list[LotId]:
    """Lots whose deadline has come."""
    query = select(Lot.id).where(Lot.state == LotState.BIDDING, Lot.deadline <= now).order_by(Lot.deadline)
    return [LotId(lot) for lot in session.scalars(query)]


def batches(session: Session, now: datetime) -> list[UUID]:
    """Openings in which no key is awaited any more, or whose bidders' window is over; the rule looks at the rescue."""
    awaited = select(BidEnvelope.id).where(
        BidEnvelope.lot_id == AnyOpening.lot_id, BidEnvelope.env == AnyOpening.env, BidEnvelope.state == EnvelopeState.LOCKED
    )
    is_own = or_(BidEnvelope.asked_in == AnyOpening.round, BidEnvelope.asked_in.is_(None) & (AnyOpening.round < LATER_PRICES))
    awaited = awaited.where(is_own)
    rescuable = select(ShareBox.id).where(ShareBox.envelope_id.in_(awaited))
    over = (AnyOpening.release_until <= now) & or_(AnyOpening.rescue_until <= now, ~rescuable.exists())
    given = select(ShareRelease.office).where(ShareRelease.envelope_id == ShareBox.envelope_id, ShareRelease.office == ShareBox.office)
    owed = rescuable.where(~given.exists())  # of applications nobody but the offices gives a key
    settled = or_(~awaited.exists(), over, (AnyOpening.kind == Purpose.APPLICATION) & ~owed.exists())
    running = (AnyOpening.state == OpeningState.DECRYPTING, AnyOpening.batch_at.is_(None))
    return list(session.scalars(select(AnyOpening.id).where(*running, settled).order_by(AnyOpening.release_until)))


def records(session: Session, now: datetime) -> list[tuple[LotId, int]]:
    """Openings whose objections are over and answered."""
    unanswered = select(OpeningObjection.number).where(OpeningObjection.opening_id == Opening.id, OpeningObjection.answered_at.is_(None))
    query = select(Opening.lot_id, Opening.round).where(
        Opening.state == OpeningState.OBJECTION_WINDOW, Opening.objection_until <= now, Opening.record == b"", ~unanswered.exists()
    )
    return [(LotId(lot), round_) for lot, round_ in session.execute(query.order_by(Opening.objection_until))]


def closed_cases(session: Session, now: datetime) -> list[UUID]:
    """Closed projects that still hold boxes of envelopes that are never to be opened."""
    shut = select(BidEnvelope.lot_id).join(ShareBox, ShareBox.envelope_id == BidEnvelope.id)
    query = select(Project.id).join(Lot, Lot.project_id == Project.id)
    return list(session.scalars(query.where(Project.closed_at.is_not(None), Lot.id.in_(shut)).distinct()))
