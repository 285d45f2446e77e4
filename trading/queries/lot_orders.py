"""What the pages of orders on a lot need: the lot, and the times that a resumption sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import BEIJING
from core.kernel.clock import text
from core.kernel.errors import NotFound
from trading.domain.lot_order import earliest_deadline
from trading.domain.statutory import Term
from trading.queries.lot_page import LotPage, lot_page
from trading.queries.terms import planned


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The page of an order. Of a suspended lot: the earliest deadline that the law allows, the one chosen, and the periods that follow."""

    page: LotPage
    earliest: datetime | None = None
    deadline: datetime | None = None
    deadline_text: str = ""  # as it is signed
    terms: tuple[Term, ...] = ()


def order_page(session: Session, number: str, actor: Actor, now: datetime, wish: str) -> OrderPage:
    """For a party of the lot; `wish`: a later deadline as it was typed, in Beijing time. Raises NotFound for everybody else."""
    page = lot_page(session, number, actor, now)
    lot = page.lot
    if not page.roles:
        raise NotFound("lot.not_found")
    if lot.suspended_at is None or lot.deadline is None or lot.release_at is None:
        return OrderPage(page)
    earliest = earliest_deadline(lot.law, lot.deadline, lot.suspended_at, now)
    deadline = max(earliest, _typed(wish) or earliest)
    return OrderPage(page, earliest, deadline, text(deadline), planned(lot, now, lot.release_at, deadline))


def _typed(wish: str) -> datetime | None:
    try:
        return datetime.fromisoformat(wish).replace(tzinfo=BEIJING)
    except (ValueError, OverflowError):
        return None
