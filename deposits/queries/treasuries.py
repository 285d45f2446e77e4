"""The treasury account that holds now, and all that ever did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.identity.models.people import Person
from deposits.domain.account import BasicAccount
from deposits.domain.treasury import TreasuryState
from deposits.models.treasuries import TreasuryAccount


@dataclass(frozen=True, slots=True)
class TreasuryView:
    """An account with its history; `holds`: kept deposits of procurement go there now."""

    sha256: str
    account: BasicAccount
    source: str
    state: TreasuryState
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    is_mine: bool
    holds: bool


def in_force(session: Session) -> BasicAccount | None:
    """The account that was approved last; None: none was yet, and nothing can be kept in procurement."""
    query = select(TreasuryAccount).where(TreasuryAccount.state == TreasuryState.APPROVED)
    row = session.scalars(query.order_by(TreasuryAccount.approved_at.desc(), TreasuryAccount.id.desc()).limit(1)).first()
    return None if row is None else BasicAccount(row.name, row.number, row.bank)


def listed(session: Session, person: object) -> tuple[TreasuryView, ...]:
    """For finance, the newest first; `person`: who looks."""
    proposer, approver = aliased(Person), aliased(Person)
    query = (
        select(TreasuryAccount, proposer.name, approver.name)
        .join(proposer, proposer.id == TreasuryAccount.proposed_by)
        .outerjoin(approver, approver.id == TreasuryAccount.approved_by)
        .order_by(TreasuryAccount.proposed_at.desc(), TreasuryAccount.id.desc())
    )
    rows = session.execute(query).all()
    approved = [row for row, _, _ in rows if row.approved_at is not None]
    newest = max(approved, key=lambda row: (row.approved_at, row.id), default=None)
    return tuple(
        TreasuryView(
            sha256=row.sha256,
            account=BasicAccount(row.name, row.number, row.bank),
            source=row.source,
            state=row.state,
            proposed_by=proposed,
            proposed_at=row.proposed_at,
            approved_by=approved_by or "",
            approved_at=row.approved_at,
            is_mine=row.proposed_by == person,
            holds=row is newest,
        )
        for row, proposed, approved_by in rows
    )
