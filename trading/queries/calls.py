"""What a lot takes in sealed: bids until its own deadline, applications until that of its round of prequalification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.sealing import Purpose
from trading.domain import application
from trading.domain import bid as bids
from trading.domain.bid import BidFacts
from trading.domain.document import EnvelopeEntry, Escrow
from trading.domain.prequalification import PUBLIC, RoundFacts, RoundState, stopped
from trading.models.bid import KINDS
from trading.models.lot import Lot
from trading.models.prequalification import Prequalification
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class Call:
    """What is taken in for one purpose: until when, whether now, in which envelopes."""

    purpose: Purpose
    deadline: datetime | None
    is_open: bool
    is_suspended: bool
    envelopes: tuple[EnvelopeEntry, ...]
    escrow: Escrow

    def facts(self, now: datetime) -> BidFacts:
        """What the rules of a bid look at."""
        return BidFacts(now, self.deadline, self.is_open, self.is_suspended)


def call(session: Session, lot: Lot | LotView, purpose: Purpose, now: datetime) -> Call:
    """The call of a lot for bids or for applications; to be decided by, the lot must be held. Raises NotFound for a lot without a round."""
    return _CALLS[purpose](session, lot, now)


def _for_bids(_session: Session, lot: Lot | LotView, _now: datetime) -> Call:
    envelopes = lot.envelopes if isinstance(lot, LotView) else lots.envelopes_of(lot)
    return Call(Purpose.BID, lot.deadline, bids.takes_bids(lot.state), bids.stands_still(lot.state), envelopes, lot.escrow)


def _for_applications(session: Session, lot: Lot | LotView, now: datetime) -> Call:
    query = select(Prequalification).where(Prequalification.lot_id == lot.id)
    row = session.scalar(query, execution_options={"populate_existing": True})
    if row is None or row.state not in PUBLIC:
        raise NotFound("prequalification.not_found")
    facts = RoundFacts(now=now, regime=lot.regime, release_at=row.release_at, deadline=row.deadline, unanswered=row.unanswered)
    is_open = row.state is RoundState.NOTICED and row.release_at is not None and now >= row.release_at
    is_suspended = row.state is RoundState.NOTICED and stopped(facts) is not None
    return Call(Purpose.APPLICATION, row.deadline, is_open, is_suspended, (application.ENVELOPE,), Escrow.REQUIRED)


_CALLS: Mapping[Purpose, Callable[[Session, Lot | LotView, datetime], Call]] = {
    Purpose.BID: _for_bids,
    Purpose.APPLICATION: _for_applications,
}


def deadline_of(session: Session, lot: LotView, purpose: Purpose) -> datetime | None:
    """The deadline for one purpose."""
    if purpose is Purpose.BID:
        return lot.deadline
    return session.scalar(select(Prequalification.deadline).where(Prequalification.lot_id == lot.id))


def called(session: Session, number: str, purpose: Purpose) -> LotView:
    """The lot of a call that is public; raises NotFound for another."""
    if purpose is Purpose.BID:
        return lots.noticed(session, number)
    lot = lots.by_number(session, number, any_state=True)
    state = session.scalar(select(Prequalification.state).where(Prequalification.lot_id == lot.id))
    if state not in PUBLIC:
        raise NotFound("lot.not_found")
    return lot


def version(session: Session, lot: LotView, org: OrgId, purpose: Purpose) -> int:
    """How many versions a firm has sealed; for that firm alone."""
    kind = KINDS[purpose]
    return session.scalar(select(kind.ver).where(kind.lot_id == lot.id, kind.org_id == org)) or 0
