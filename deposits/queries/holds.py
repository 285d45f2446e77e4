"""Which deposits wait by order, and the story of one deposit with its holds and the decisions about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from deposits.domain.hold import HoldKind, HoldState, last_day
from deposits.models.holds import DepositHold
from deposits.models.requirement import Deposit, Requirement


def waits(deposit: Any) -> ColumnElement[bool]:
    """A condition: a hold stands on the deposit in this column."""
    return exists().where(DepositHold.deposit_id == deposit, DepositHold.state == HoldState.STANDING)


def is_held(session: Session, deposit: UUID) -> bool:
    """Whether a hold stands on this deposit."""
    return (
        session.scalar(select(DepositHold.id).where(DepositHold.deposit_id == deposit, DepositHold.state == HoldState.STANDING).limit(1))
        is not None
    )


def over(session: Session, now: datetime) -> Sequence[UUID]:
    """Holds whose last day has passed."""
    query = select(DepositHold.id).where(DepositHold.state == HoldState.STANDING, DepositHold.ends_at <= now)
    return session.scalars(query.order_by(DepositHold.ends_at).limit(500)).all()


@dataclass(frozen=True, slots=True)
class HoldView:
    """A hold as pages show it."""

    sha256: str
    kind: HoldKind
    state: HoldState
    reason: str
    document: str
    placed_at: datetime
    ends_at: datetime
    over_at: datetime | None
    over_reason: str

    @property
    def last_on(self) -> date:
        """The last day on which it stands."""
        return last_day(self.ends_at)


def holds_of(session: Session, deposit: UUID) -> tuple[HoldView, ...]:
    """The holds of a deposit, the newest first."""
    rows = session.scalars(select(DepositHold).where(DepositHold.deposit_id == deposit).order_by(DepositHold.placed_at.desc()))
    return tuple(hold_view(row) for row in rows)


def hold_view(row: DepositHold) -> HoldView:
    """A row as pages show it."""
    return HoldView(row.sha256, row.kind, row.state, row.reason, row.document, row.placed_at, row.ends_at, row.over_at, row.over_reason)


def deposit_id(session: Session, number: str, org: OrgId) -> UUID:
    """The id of a firm's latest deposit for a lot. Raises NotFound."""
    query = select(Deposit.id).join(Requirement, Requirement.lot_id == Deposit.lot_id)
    found = session.scalars(query.where(Requirement.number == number, Deposit.org_id == org).order_by(Deposit.no.desc())).first()
    if found is None:
        raise NotFound("deposit.not_found")
    return found
