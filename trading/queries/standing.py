"""Whether a bidder's deposit stands; the one place where trading asks."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from deposits.queries import requirements


def deposit_stands(session: Session, lot_id: LotId, org: OrgId) -> bool | None:
    """Whether the deposit of this bidder for this lot is in; None where the lot asks for none. Before the opening for that bidder alone."""
    found = requirements.standing(session, lot_id, org)
    return None if found.asked is None else found.met


def is_waived(session: Session, lot_id: LotId, org: OrgId) -> bool:
    """Whether the lot asks for a deposit and this bidder's waiver leaves nothing of it. Before the opening for that bidder alone."""
    asked = requirements.standing(session, lot_id, org).asked
    return asked is not None and asked.fen == 0
