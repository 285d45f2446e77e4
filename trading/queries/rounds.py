"""Whether a lot's prequalification is public: what queries of lots ask before anything else is known of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from trading.domain.prequalification import PUBLIC
from trading.models.prequalification import Prequalification


def is_called(session: Session, lot: LotId) -> bool:
    """Whether a prequalification notice of the lot is out: from then on the lot is public."""
    return session.scalar(select(Prequalification.state).where(Prequalification.lot_id == lot)) in PUBLIC
