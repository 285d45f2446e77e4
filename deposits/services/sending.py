"""Many refunds at a time: promised in one transaction, and confirmed a page of notices at a time, by a dozen statements in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.kernel.calendar import legal_day
from core.kernel.ids import CaseId, DepositId, OrgId, RefundId
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain import deposit as deposits
from deposits.domain import ledger as books
from deposits.domain.deposit import NO_LOT, SYSTEM, DepositAction, chain_of
from deposits.domain.dormant_said import chain_of as dormant_chain
from deposits.domain.interest import Part, interest
from deposits.domain.ledger import Account
from deposits.domain.refund import MOVES, RefundAction, RefundReason, may
from deposits.domain.refund_source import refund_of, source
from deposits.events import RefundConfirmed, RefundSent
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.requirement import Deposit, Requirement
from deposits.queries import dormant, holds, rates
from deposits.services import ledger

AS_IT_STANDS = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Booked:
    """A debit as the bank tells it: under which key it paid how much, by which of its references, when."""

    key: str
    total: Money
    ref: str
    booked_at: datetime


def send_all(work: Work, ids: Sequence[RefundId]) -> list[RefundId]:
    """Promises those of these refunds that may be sent, with interest to this day. Returns them; the orders are the caller's to send."""
    held = holds.waits(Refund.deposit_id)
    query = select(Refund).where(Refund.id.in_(ids), ~held).order_by(Refund.id).with_for_update(key_share=True)
    found = [row for row in work.session.scalars(query, execution_options=AS_IT_STANDS) if may(RefundAction.SEND, row.state)]
    now, own = work.now(), _deposits(work, found)
    parts, numbers, table = _parts(work, found), _numbers(work, found), rates.table_of(work.session)
    entries = []
    for row in found:
        row.state, row.sent_at = MOVES.choose(RefundAction.SEND, row.state, SYSTEM, None), now
        until = ""
        if row.deposit_id is not None:
            until = legal_day(now).isoformat()
            row.interest = interest(parts[row.deposit_id], legal_day(now), table)
            _move(own, row, DepositAction.SEND_REFUND, now)
        elif row.payout_id is not None:
            row.interest, until = dormant.earned(work.session, row.payout_id, legal_day(now))
        entries.append(books.order(str(row.id), _source(row), row.principal, row.interest))
        told = _told(work, numbers, row)
        total = row.principal + row.interest
        sums = {"principal_fen": row.principal, "interest_fen": row.interest, "total_fen": total, "interest_until": until}
        work.record(RefundSent(**told, **sums))  # type: ignore[arg-type]
    ledger.book_all(work, entries)
    return [RefundId(row.id) for row in found]


def confirm_all(work: Work, told: Sequence[Booked]) -> list[bool]:
    """The bank's notices book payments: True for each that is a refund of ours on its way over that very sum; each once."""
    wanted = {key for one in told if (key := refund_of(one.key)) is not None}
    query = select(Refund).where(Refund.id.in_(wanted)).order_by(Refund.id).with_for_update(key_share=True)
    rows = {row.id: row for row in work.session.scalars(query, execution_options=AS_IT_STANDS)}
    own, numbers, now = _deposits(work, list(rows.values())), _numbers(work, list(rows.values())), work.now()
    settled, entries = [], []
    for one in told:
        row = rows.get(refund_of(one.key))  # type: ignore[arg-type]  # None is no key of it
        ours = row is not None and may(RefundAction.CONFIRM, row.state) and row.principal + row.interest == one.total
        settled.append(ours)
        if row is None or not ours:
            continue
        row.state, row.confirmed_at = MOVES.choose(RefundAction.CONFIRM, row.state, SYSTEM, None), one.booked_at
        if row.deposit_id is not None:
            _move(own, row, DepositAction.CONFIRM_REFUND, now)
        entries.append(books.settle(str(row.id), one.total))
        work.record(RefundConfirmed(**_told(work, numbers, row), total_fen=one.total, ref=one.ref, booked_at=one.booked_at))  # type: ignore[arg-type]
    ledger.book_all(work, entries)
    return settled


def _source(refund: Refund) -> Account:
    return source(refund.reason, refund.deposit_id, refund.bank_entry_id, refund.payout_id)


def _move(own: Mapping[UUID, Deposit], refund: Refund, action: DepositAction, now: datetime) -> None:
    """Moves the deposit that a refund gives back; a forfeited one stays what it is, wherever its payment has got to."""
    assert refund.deposit_id is not None
    deposit = own[refund.deposit_id]
    if refund.reason is not RefundReason.FORFEITED:
        deposit.state, deposit.changed_at = deposits.MOVES.choose(action, deposit.state, SYSTEM, None), now


def _deposits(work: Work, rows: Sequence[Refund]) -> dict[UUID, Deposit]:
    ids = {row.deposit_id for row in rows if row.deposit_id is not None}
    query = select(Deposit).where(Deposit.id.in_(ids)).order_by(Deposit.id).with_for_update(key_share=True)
    return {row.id: row for row in work.session.scalars(query, execution_options=AS_IT_STANDS)}


def _parts(work: Work, rows: Sequence[Refund]) -> dict[UUID, list[Part]]:
    ids = {row.deposit_id for row in rows if row.deposit_id is not None}
    columns = BankEntryRow.deposit_id, BankEntryRow.taken, BankEntryRow.value_at
    found: dict[UUID, list[Part]] = defaultdict(list)
    for deposit, taken, value_at in work.session.execute(select(*columns).where(BankEntryRow.deposit_id.in_(ids))):
        if deposit is not None and taken.fen:
            found[deposit].append(Part(taken, legal_day(value_at)))
    return found


def _numbers(work: Work, rows: Sequence[Refund]) -> dict[UUID, str]:
    lots = {row.lot_id for row in rows if row.lot_id is not None}
    query = select(Requirement.lot_id, Requirement.number).where(Requirement.lot_id.in_(lots))
    return dict(work.session.execute(query).all())


def _told(work: Work, numbers: Mapping[UUID, str], refund: Refund) -> dict[str, object]:
    """The case and the ids that every event of a refund tells."""
    number = "" if refund.lot_id is None else numbers.get(refund.lot_id, "")
    case = chain_of(number) if number else NO_LOT
    if refund.payout_id is not None:
        case = dormant_chain(dormant.ledger_of(work.session, refund.payout_id))
    return {
        "case": CaseId(case),
        "subject": str(refund.id),
        "refund": RefundId(refund.id),
        "deposit": None if refund.deposit_id is None else DepositId(refund.deposit_id),
        "bidder": None if refund.org_id is None else OrgId(refund.org_id),
    }
