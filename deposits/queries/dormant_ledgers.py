"""Old ledgers as finance sees them: what became of a sheet, what was booked, what money of theirs has come, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.identity.models.people import Person
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.kernel.money import Money
from deposits.domain.dormant import PAYOUT_OPEN, PayoutState, Way
from deposits.domain.dormant_ledger import LedgerKind, LedgerState
from deposits.domain.dormant_sheet import OldDeposit
from deposits.models.bank import Refund
from deposits.models.dormant import DormantClaim, DormantDeposit, DormantPayout, DormantPayoutRow, OldLedger, OldLedgerRow
from deposits.queries import dormant, finance

SHOWN = 20


@dataclass(frozen=True, slots=True)
class LedgerView:
    """An old ledger; `unpublished` is what is not in the public list yet."""

    number: str
    kind: LedgerKind
    state: LedgerState
    title: str
    file_sha256: str
    rows_sha256: str
    rows: int
    total: Money
    faults: tuple[Mapping[str, Any], ...]
    handed_in_at: datetime
    booked: int
    unpublished: tuple[int, Money]
    elsewhere: Money
    available: Money
    is_known_file: bool


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A decision to pay out."""

    id: str
    ledger: str
    state: PayoutState
    way: Way
    rows: tuple[str, ...]
    total: Money
    interest: Money | None
    payee_name: str
    payee_account: str
    payee_bank: str
    reason: str
    answer: str
    proposer: str
    proposer_id: PersonId
    approver: str
    statement_sha256: str
    claim_sha256: str
    proposed_at: datetime
    decided_at: datetime | None
    settled_at: datetime | None


def listed(session: Session) -> tuple[LedgerView, ...]:
    """All of them, the newest first, but for those that were discarded."""
    query = select(OldLedger).where(OldLedger.state != LedgerState.DISCARDED).order_by(OldLedger.number.desc())
    return tuple(_view(session, row) for row in session.scalars(query))


def one(session: Session, number: str) -> LedgerView:
    """One old ledger; raises NotFound "old_ledger.not_found"."""
    row = session.scalar(select(OldLedger).where(OldLedger.number == number))
    if row is None:
        raise NotFound("old_ledger.not_found")
    return _view(session, row)


def _view(session: Session, row: OldLedger) -> LedgerView:
    mine = DormantDeposit.ledger_id == row.id
    booked = session.scalar(select(func.count()).select_from(DormantDeposit).where(mine)) or 0
    hidden = session.scalars(select(DormantDeposit.amount).where(mine, DormantDeposit.published_on.is_(None))).all()
    return LedgerView(
        number=row.number,
        kind=row.kind,
        state=row.state,
        title=row.title,
        file_sha256=row.file_sha256,
        rows_sha256=row.rows_sha256,
        rows=row.rows,
        total=row.total,
        faults=tuple(cast("list[Mapping[str, Any]]", row.faults)),
        handed_in_at=row.handed_in_at,
        booked=booked,
        unpublished=(len(hidden), Money(sum(amount.fen for amount in hidden))),
        elsewhere=dormant.still_elsewhere(session, row.id),
        available=dormant.available(session, row.id),
        is_known_file=dormant.is_known_file(session, row.file_sha256),
    )


def shown(session: Session, number: str) -> tuple[OldDeposit, ...]:
    """The first rows of a preview."""
    query = select(OldLedgerRow).join(OldLedger, OldLedger.id == OldLedgerRow.ledger_id).where(OldLedger.number == number)
    rows = session.scalars(query.order_by(OldLedgerRow.row).limit(SHOWN))
    return tuple(OldDeposit.of_json(cast("Mapping[str, object]", row.content)) for row in rows)


def content(session: Session, number: str) -> tuple[OldDeposit, ...]:
    """All rows, as they were signed for."""
    query = select(OldLedgerRow).join(OldLedger, OldLedger.id == OldLedgerRow.ledger_id).where(OldLedger.number == number)
    return tuple(OldDeposit.of_json(cast("Mapping[str, object]", row.content)) for row in session.scalars(query.order_by(OldLedgerRow.row)))


def arrivals(session: Session) -> tuple[finance.Unknown, ...]:
    """Payments of nobody's that may be an old account's or a holder's, as finance may see them."""
    return tuple(entry for entry in finance.unknown(session) if not entry.sent_back)


def payouts(session: Session, *, number: str = "", row: str = "", is_open: bool = False) -> tuple[PayoutView, ...]:
    """Decisions to pay out, the newest first: of an old ledger, of one deposit, or those still open."""
    query = select(DormantPayout, OldLedger.number).join(OldLedger, OldLedger.id == DormantPayout.ledger_id)
    if number:
        query = query.where(OldLedger.number == number)
    if row:
        of_row = select(DormantPayoutRow.payout_id).join(DormantDeposit, DormantDeposit.id == DormantPayoutRow.dormant_id)
        query = query.where(DormantPayout.id.in_(of_row.where(DormantDeposit.number == row)))
    if is_open:
        query = query.where(DormantPayout.state.in_(PAYOUT_OPEN))
    return tuple(_payout(session, found, ledger) for found, ledger in session.execute(query.order_by(DormantPayout.proposed_at.desc())))


def _payout(session: Session, row: DormantPayout, ledger: str) -> PayoutView:
    interest = session.scalar(select(Refund.interest).where(Refund.payout_id == row.id, Refund.sent_at.is_not(None)))
    claim = session.scalar(select(DormantClaim.statement_sha256).where(DormantClaim.id == row.claim_id))
    return PayoutView(
        id=str(row.id),
        ledger=ledger,
        state=row.state,
        way=row.way,
        rows=tuple(one.number for one in dormant.rows_of(session, row.id)),
        total=row.total,
        interest=interest,
        payee_name=row.payee_name,
        payee_account=row.payee_account,
        payee_bank=row.payee_bank,
        reason=row.reason,
        answer=row.answer,
        proposer=_name(session, row.proposer),
        proposer_id=PersonId(row.proposer),
        approver=_name(session, row.approver),
        statement_sha256=row.statement_sha256,
        claim_sha256=claim or "",
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        settled_at=row.settled_at,
    )


def _name(session: Session, person: object) -> str:
    found = session.get(Person, person) if person is not None else None
    return found.name if found is not None else ""
