"""The lots before and after a lot that is tendered again."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from trading.domain.lot import NOTICED_OR_LATER, LotState
from trading.models.lot import Lot


def successor(session: Session, number: str, is_party: bool) -> str:
    """The number of the lot that follows this one, "" for none. Before its notice its parties alone know of it."""
    states = frozenset(LotState) - {LotState.PLANNED} if is_party else NOTICED_OR_LATER
    query = select(Lot.number).where(Lot.predecessor == number, Lot.state.in_(states)).order_by(Lot.number).limit(1)
    return session.scalar(query) or ""


def is_succeeded(session: Session, number: str) -> bool:
    """Whether a registered lot names it as its predecessor."""
    return bool(session.scalar(select(exists().where(Lot.predecessor == number, Lot.state != LotState.PLANNED))))
