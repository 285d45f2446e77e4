"""The letters of a bidder's payments, for that bidder alone, and what the clock is to tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from deposits.domain.deposit import is_in_time, is_standing
from deposits.domain.letter import Letter, Situation, letter
from deposits.domain.matching import Judgement
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.queries.requirements import RefundView, refund_view
from deposits.queries.terms import terms_of


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter with what it is about. `account`: the registered basic account, "" for none; `refund`: what goes back, None for nothing."""

    lot: str
    title: str
    org_name: str
    ref: str
    amount: Money
    value_at: datetime
    received_at: datetime
    required: Money
    paid: Money
    deadline: datetime
    account: str
    sub_account: str
    said: Letter
    refund: RefundView | None


def letter_of(session: Session, number: str, org: OrgId, ref: str, now: datetime) -> LetterView:
    """The letter on one payment of this firm's for this lot. Raises NotFound "deposit_letter.not_found", for another firm's too."""
    query = (
        select(BankEntryRow, Deposit, Requirement)
        .join(Deposit, Deposit.id == BankEntryRow.deposit_id)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .where(Requirement.number == number, Deposit.org_id == org, BankEntryRow.ref == ref)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound("deposit_letter.not_found")
    entry, deposit, asked = found
    sent_back = session.scalars(select(Refund).where(Refund.bank_entry_id == entry.id).order_by(Refund.scheduled_at.desc())).first()
    basic = session.get(BasicAccountRow, org)
    now_stands = Situation(deposit.required, deposit.paid, is_standing(deposit.state), is_in_time(asked.state, asked.deadline, now))
    judged = Judgement(entry.outcome, entry.taken, entry.returned)
    return LetterView(
        lot=number,
        title=terms_of(session, LotId(asked.lot_id)).title,
        org_name=deposit.org_name,
        ref=ref,
        amount=entry.amount,
        value_at=entry.value_at,
        received_at=entry.received_at,
        required=deposit.required,
        paid=deposit.paid,
        deadline=asked.deadline,
        account="" if basic is None else basic.number,
        sub_account=deposit.sub_account,
        said=letter(judged, None if sent_back is None else sent_back.due_at, now_stands),
        refund=None if sent_back is None else refund_view(sent_back),
    )
