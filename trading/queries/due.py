"""What the clock owes to trading: lots whose release has come, publicities that have run out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from trading.domain.clock import LegalRegime
from trading.domain.lot import LotState
from trading.models.lot import Lot

MOST = 100


def released(session: Session, now: datetime) -> list[LotId]:
    """Lots noticed whose release has come."""
    query = select(Lot.id).where(Lot.state == LotState.NOTICED, Lot.release_at <= now).order_by(Lot.release_at, Lot.id).limit(MOST)
    return [LotId(lot) for lot in session.scalars(query)]


def publicity_over(session: Session, now: datetime) -> list[LotId]:
    """Lots whose publicity has run out, but for those that an objection or an order holds; the use case looks at them again."""
    over = (Lot.state == LotState.CANDIDATES_PUBLISHED) & (Lot.publicity_until <= now)
    over &= (Lot.stays == 0) & ((Lot.unanswered == 0) | (Lot.regime != LegalRegime.CONSTRUCTION))
    return [LotId(lot) for lot in session.scalars(select(Lot.id).where(over).order_by(Lot.publicity_until, Lot.id).limit(MOST))]
