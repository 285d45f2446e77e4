"""The bank's notices taken in: each entry once, each with its meaning, and how far we have read."""

from __future__ import annotations

from sqlalchemy import select

from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import CaseId, DepositId, LotId, OrgId, RefundId, new_id
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import ledger as books
from deposits.domain.deposit import MOVES, NO_LOT, SYSTEM, DepositAction, chain_of, takes_payments
from deposits.domain.matching import Asked, Judgement, Outcome, Payment, judge
from deposits.domain.messages import BankEntry, Notices
from deposits.events import DepositMatched, PaymentNoticed
from deposits.models.bank import BankEntryRow, BankPosition
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.queries.terms import terms_of
from deposits.services import ledger, refunds, requirements

POSITION = "bank"
NOTHING = Money(0)


def take_in(work: Work, notices: Notices) -> int:
    """Takes in a page of the bank's notices; entries that are known change nothing, however often they come. Returns the new position."""
    position = _position(work)
    for entry in notices.entries:
        _take(work, entry)
    position.seq = max(position.seq, notices.last)
    return position.seq


def _position(work: Work) -> BankPosition:
    insert_new(work.session.connection(), BankPosition, [{"name": POSITION, "seq": 0}])
    return lock(work.session, BankPosition, BankPosition.name == POSITION)


def _take(work: Work, entry: BankEntry) -> None:
    if work.session.scalar(select(BankEntryRow.id).where(BankEntryRow.ref == entry.ref)) is not None:
        return
    if not entry.credit:
        settled = refunds.confirm(work, entry.end_to_end_id, entry.amount, entry.ref, entry.booked_at)
        _keep(work, entry, Outcome.REFUND if settled else Outcome.UNEXPLAINED)
    elif entry.interest:
        row = _keep(work, entry, Outcome.INTEREST)
        ledger.book(work, books.earn(str(row.id), entry.amount))
    else:
        _take_payment(work, entry)


def _keep(work: Work, entry: BankEntry, outcome: Outcome, deposit: Deposit | None = None, taken: Money = NOTHING) -> BankEntryRow:
    """Stores an entry; what a deposit did not take of it is to be returned."""
    now = work.now()
    row = BankEntryRow(
        id=new_id(now),
        ref=entry.ref,
        seq=entry.seq,
        credit=entry.credit,
        amount=entry.amount,
        booked_at=entry.booked_at,
        value_at=entry.value_at,
        sub_account=entry.sub_account,
        party_name=entry.party_name,
        party_account=entry.party_account,
        end_to_end_id=entry.end_to_end_id,
        received_at=now,
        outcome=outcome,
        deposit_id=deposit.id if deposit else None,
        taken=taken,
        returned=entry.amount - taken if deposit else NOTHING,
    )
    work.session.add(row)
    work.session.flush()
    return row


def _take_payment(work: Work, entry: BankEntry) -> None:
    found = work.session.execute(select(Deposit.id, Deposit.lot_id).where(Deposit.sub_account == entry.sub_account)).one_or_none()
    if found is None:
        row = _keep(work, entry, Outcome.UNKNOWN)
        ledger.book(work, books.receive(str(row.id), entry.amount))
        _notice(work, row, "", None)
        return
    asked = lock(work.session, Requirement, Requirement.lot_id == found.lot_id, shared=True)
    deposit = lock(work.session, Deposit, Deposit.id == found.id)
    judgement = _judge(work, entry, deposit, asked)
    row = _keep(work, entry, judgement.outcome, deposit, judgement.taken)
    ledger.book(work, books.receive(str(row.id), entry.amount))
    ledger.book(work, books.match(str(row.id), str(deposit.id), judgement.taken))
    _notice(work, row, asked.number, deposit)
    if judgement.taken.fen:
        _add(work, asked, deposit, judgement)
    if judgement.returned.fen:
        refunds.send_back(work, row, asked.number, deposit, judgement.outcome)


def _judge(work: Work, entry: BankEntry, deposit: Deposit, asked: Requirement) -> Judgement:
    basic = work.session.get(BasicAccountRow, deposit.org_id)
    terms = terms_of(work.session, LotId(asked.lot_id))
    facts = Asked(
        bidder_name=deposit.org_name,
        basic_account=basic.number if basic else "",
        required=deposit.required,
        paid=deposit.paid,
        deadline=asked.deadline,
        open=takes_payments(deposit.state),
        basic_only=terms.basic_only,
        several=terms.terms.several,
    )
    return judge(Payment(entry.party_name, entry.party_account, entry.amount, entry.value_at), facts)


def _add(work: Work, asked: Requirement, deposit: Deposit, judgement: Judgement) -> None:
    """What was taken of a payment is part of the deposit."""
    deposit.paid, deposit.changed_at = deposit.paid + judgement.taken, work.now()
    is_complete = deposit.paid == deposit.required
    deposit.state = MOVES.choose(DepositAction.COMPLETE if is_complete else DepositAction.TAKE, deposit.state, SYSTEM, None)
    work.session.flush()
    if is_complete:
        ids = {"deposit": DepositId(deposit.id), "bidder": OrgId(deposit.org_id)}
        case = CaseId(chain_of(asked.number))
        work.record(DepositMatched(case=case, **ids, paid_fen=deposit.paid, outcome=judgement.outcome.value))  # type: ignore[arg-type]
        requirements.settle_late_notice(work, deposit)


def _notice(work: Work, row: BankEntryRow, number: str, deposit: Deposit | None) -> None:
    work.record(
        PaymentNoticed(
            case=CaseId(chain_of(number) if number else NO_LOT),
            subject=row.ref,
            ref=row.ref,
            deposit=DepositId(deposit.id) if deposit else None,
            bidder=OrgId(deposit.org_id) if deposit else None,
            sub_account=row.sub_account,
            amount_fen=row.amount,
            value_at=row.value_at,
            outcome=row.outcome.value,
            taken_fen=row.taken,
            returned_fen=row.returned,
        )
    )


def send_back_unknown(work: Work, ref: str) -> RefundId:
    """Finance decides that nobody's payment goes back to where it came from."""
    row = lock(work.session, BankEntryRow, BankEntryRow.ref == ref)
    if Role.FINANCE not in work.actor.roles or row.outcome is not Outcome.UNKNOWN:
        raise NotFound("bank_entry.not_found")
    if row.returned.fen:
        raise WrongState("bank_entry.sent_back")
    row.returned = row.amount
    return refunds.send_back(work, row, "", None, Outcome.UNKNOWN)
