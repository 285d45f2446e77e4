"""Orders to evaluate a lot again, as its evaluation and its parties see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from core.kernel.roles import Role
from trading.domain.complaint import Outcome
from trading.domain.lot import LotAction
from trading.domain.reevaluation import GROUNDS, Ground, article_of
from trading.domain.score_rules import titles
from trading.models.reevaluation import ReevaluationOrder
from trading.models.remedy import Complaint
from trading.queries.lot_page import LotPage, lot_page


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order; `round` is the round of evaluation that it brings about."""

    round: int
    role: Role
    ground: Ground
    complaint: str
    review: bool
    criteria: tuple[str, ...]
    reason: str
    at: datetime
    order_sha256: str
    report_sha256: str


def of_lot(session: Session, lot: LotId) -> tuple[OrderView, ...]:
    """All orders of a lot, the oldest first."""
    rows = session.scalars(select(ReevaluationOrder).where(ReevaluationOrder.lot_id == lot).order_by(ReevaluationOrder.round))
    return tuple(_view(row) for row in rows)


def _view(row: ReevaluationOrder) -> OrderView:
    return OrderView(
        round=row.round,
        role=Role(row.role),
        ground=row.ground,
        complaint=row.complaint,
        review=row.review,
        criteria=tuple(cast("Sequence[str]", row.criteria)),
        reason=row.reason,
        at=row.at,
        order_sha256=row.payload_sha256,
        report_sha256=row.report_sha256,
    )


def _upheld_complaints(session: Session, lot: LotId) -> tuple[str, ...]:
    """The numbers of complaints about a lot that were decided for their complainants: on these a supervisor's order may rest."""
    mine = select(Complaint.number).where(
        Complaint.lot_id == lot, Complaint.outcome.in_((Outcome.UPHELD.value, Outcome.PARTLY_UPHELD.value))
    )
    return tuple(session.scalars(mine.order_by(Complaint.decided_at)))


@dataclass(frozen=True, slots=True)
class OrderPage:
    """The orders of a lot; where the viewer may give one, its grounds with their articles, the items of the document and the complaints."""

    page: LotPage
    orders: tuple[OrderView, ...]
    grounds: tuple[tuple[Ground, str], ...] = ()
    items: tuple[tuple[str, str], ...] = ()  # id and title, by id
    complaints: tuple[str, ...] = ()

    def article(self, order: OrderView) -> str:
        """The article on which an order rests."""
        return article_of(self.page.lot.regime, order.ground)

    @property
    def titles(self) -> dict[str, str]:
        """Criterion → its words in the tender document."""
        return titles(self.page.lot.score_rules)

    @property
    def role(self) -> str:
        """In which role the viewer orders."""
        return Role.SUPERVISOR.value if LotAction.REEVALUATE in self.page.available else Role.TENDERER.value


def order_page(session: Session, number: str, actor: Actor, now: datetime) -> OrderPage:
    """For the tenderer of a lot, its centre and its supervisor; raises NotFound for everybody else."""
    page = lot_page(session, number, actor, now)
    if not page.roles & {Role.TENDERER, Role.CENTRE, Role.SUPERVISOR}:
        raise NotFound("lot.not_found")
    lot, orders = page.lot, of_lot(session, page.lot.id)
    if not {LotAction.REEVALUATE, LotAction.ASK_REEVALUATION} & set(page.available):
        return OrderPage(page, orders)
    named = titles(lot.score_rules)
    ids = sorted(str(one["id"]) for one in lot.method.get("criteria", ()))
    is_supervisor = LotAction.REEVALUATE in page.available
    known = GROUNDS[lot.regime][Role.SUPERVISOR if is_supervisor else Role.TENDERER]
    complaints = _upheld_complaints(session, lot.id) if is_supervisor else ()
    grounds = tuple((ground, article) for ground, article in known.items() if ground is not Ground.COMPLAINT or complaints)
    return OrderPage(page, orders, grounds, tuple((one, named.get(one, one)) for one in ids), complaints)
