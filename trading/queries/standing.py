"""Whether a bidder's deposit stands; the one place where trading asks."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId


def deposit_stands(session: Session, lot_id: LotId, org: OrgId) -> bool | None:
    """Whether the deposit of this bidder for this lot is in; None where the platform cannot say."""
    return None
