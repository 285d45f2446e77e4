"""Refunds: what is to go back, the promise in the ledger, the order to the bank, and what the bank says to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.kernel.db import lock
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import CaseId, DepositId, LotId, OrgId, RefundId, new_id
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain import deposit as deposits
from deposits.domain import ledger as books
from deposits.domain.account import BasicAccount
from deposits.domain.deposit import FINANCE, NO_LOT, PROMPTLY, SYSTEM, TENDERER, DepositAction, chain_of, may_refund
from deposits.domain.dormant_said import chain_of as dormant_chain
from deposits.domain.forfeiture import ForfeitureState
from deposits.domain.matching import Outcome
from deposits.domain.messages import PaymentStatus
from deposits.domain.refund import MOVES, RefundAction, RefundReason, RefundState, may, meaning, reason_of
from deposits.domain.refund_source import source
from deposits.events import RefundFailed, RefundsScheduled, Scheduled
from deposits.events_holds import RefundCancelled
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.dormant import DormantPayout
from deposits.models.holds import Forfeiture
from deposits.models.requirement import Deposit, Requirement
from deposits.queries import dormant
from deposits.queries.holds import is_held
from deposits.queries.new_accounts import is_asked
from deposits.services import ledger, sending
from deposits.services.sending import Booked

ORDER = "deposits.refund_order"
"""The outbox topic by which an order leaves for the bank."""


# Scheduling


def schedule(work: Work, lot: LotId, bidders: Sequence[OrgId], reason: str, due_at: datetime) -> None:
    """Makes the deposits of these bidders for this lot due for refund by `due_at`, with interest; a bidder without one is passed over.

    `reason` is the value of a RefundReason. The order goes out at once: `due_at` is the law's last moment, not a plan.
    """
    asked = work.session.scalar(select(Requirement).where(Requirement.lot_id == lot))
    if asked is None:
        return
    query = select(Deposit).where(Deposit.lot_id == lot, Deposit.org_id.in_(bidders)).order_by(Deposit.id)
    found = list(work.session.scalars(query.with_for_update(key_share=True), execution_options={"populate_existing": True}))
    for deposit in (deposit for deposit in found if not may_refund(deposit.state)):
        if (decided := _undecided(work, deposit)) is not None and decided.due_at is None:
            decided.due_reason, decided.due_at = RefundReason(reason), due_at  # made when the supervisor's note refuses the decision
    schedule_all(work, asked, [deposit for deposit in found if may_refund(deposit.state)], RefundReason(reason), due_at)


def schedule_all(work: Work, asked: Requirement, held: Sequence[Deposit], reason: RefundReason, due_at: datetime) -> list[RefundId]:
    """Schedules the refunds of held deposits of a lot, each to the account that paid it; returns them in that order."""
    now = work.now()
    for deposit in held:
        deposit.state, deposit.changed_at = deposits.MOVES.choose(DepositAction.SCHEDULE_REFUND, deposit.state, SYSTEM, None), now
    made = [_of_deposit(work, deposit, _fresh(now, reason, due_at)) for deposit in held]
    return _scheduled(work, made, CaseId(chain_of(asked.number)))


def schedule_one(work: Work, asked: Requirement, deposit: Deposit, reason: RefundReason, due_at: datetime) -> RefundId:
    """The same of one."""
    return schedule_all(work, asked, [deposit], reason, due_at)[0]


def _of_deposit(work: Work, deposit: Deposit, fresh: dict[str, Any]) -> dict[str, Any]:
    payments = select(BankEntryRow).where(BankEntryRow.deposit_id == deposit.id, BankEntryRow.taken > Money(0))
    last = work.session.scalars(payments.order_by(BankEntryRow.seq.desc())).first()
    if last is None:
        raise NotFound("deposit.no_payment")
    return fresh | {
        "deposit_id": deposit.id,
        "lot_id": deposit.lot_id,
        "org_id": deposit.org_id,
        "principal": deposit.paid,
        "from_account": deposit.sub_account,
        "payee_name": last.party_name,
        "payee_account": last.party_account,
    }


def _undecided(work: Work, deposit: Deposit) -> Forfeiture | None:
    """The tenderer's decision to keep a deposit, to which the supervisor has not spoken."""
    query = select(Forfeiture).where(Forfeiture.deposit_id == deposit.id, Forfeiture.state.in_((ForfeitureState.DECIDED,)))
    return work.session.scalar(query.with_for_update(key_share=True))


def cancel(work: Work, deposit: Deposit, case: CaseId, decision: str) -> tuple[RefundReason, datetime] | None:
    """The tenderer decides to keep a deposit whose refund was not sent yet: it is not made. Returns why and by when it would have been,
    None where none was due."""
    query = select(Refund).where(Refund.deposit_id == deposit.id, Refund.state.in_((RefundState.SCHEDULED,)))
    refund = work.session.scalar(query.with_for_update(key_share=True))
    if refund is None:
        return None
    refund.state = MOVES.choose(RefundAction.CANCEL, refund.state, TENDERER, None)
    ids = {"refund": RefundId(refund.id), "deposit": DepositId(deposit.id), "bidder": OrgId(deposit.org_id)}
    work.record(RefundCancelled(case=case, **ids, decision_sha256=decision))  # type: ignore[arg-type]
    return refund.reason, refund.due_at


def pay_over(work: Work, number: str, deposit: Deposit, decided: Forfeiture) -> RefundId:
    """Schedules the payment of a forfeited deposit to who may keep it, under the same rules as a refund: once, by one key."""
    now = work.now()
    made = _fresh(now, RefundReason.FORFEITED, now + PROMPTLY) | {
        "deposit_id": deposit.id,
        "lot_id": deposit.lot_id,
        "org_id": deposit.org_id,
        "principal": decided.amount,
        "from_account": deposit.sub_account,
        "payee_name": decided.payee_name,
        "payee_account": decided.payee_account,
    }
    return _scheduled(work, [made], CaseId(chain_of(number)))[0]


def send_back(work: Work, entry: BankEntryRow, number: str, whose: tuple[UUID, UUID] | None, outcome: Outcome) -> RefundId:
    """Schedules the return of what was not taken of a payment to where it came from, without interest: it never was a deposit.

    `number` is the lot's, "" for nobody's payment; `whose`: the lot and the organisation of its sub-account.
    """
    now = work.now()
    made = _fresh(now, reason_of(outcome), now + PROMPTLY) | {
        "bank_entry_id": entry.id,
        "lot_id": whose[0] if whose else None,
        "org_id": whose[1] if whose else None,
        "principal": entry.returned,
        "from_account": entry.sub_account,
        "payee_name": entry.party_name,
        "payee_account": entry.party_account,
    }
    return _scheduled(work, [made], CaseId(chain_of(number) if number else NO_LOT), entry.ref)[0]


@dataclass(frozen=True, slots=True)
class Returning:
    """What a deposit did not take of a payment: the bank's entry as it is stored, and whose sub-account it came to."""

    row: Mapping[str, Any]
    lot: LotId
    org: OrgId


def returning(work: Work, case: CaseId, payments: Sequence[Returning]) -> list[dict[str, Any]]:
    """The same for payments on one chain that were taken in together: the refunds' rows, which the caller stores with those of others."""
    made = [_return_of(payment) for payment in payments]
    told = [_told_of(row, payment.row["ref"]) for row, payment in zip(made, payments, strict=True)]
    if told:
        work.record(RefundsScheduled(case=case, refunds=tuple(told)))
    return made


def _return_of(payment: Returning) -> dict[str, Any]:
    row = payment.row
    now: datetime = row["received_at"]  # asked for once for the page
    return _fresh(now, reason_of(row["outcome"]), now + PROMPTLY) | {
        "bank_entry_id": row["id"],
        "lot_id": payment.lot,
        "org_id": payment.org,
        "principal": row["returned"],
        "from_account": row["sub_account"],
        "payee_name": row["party_name"],
        "payee_account": row["party_account"],
    }


def schedule_payout(work: Work, payout: DormantPayout, ledger: str, lies_at: str, due_at: datetime) -> RefundId:
    """Schedules what two persons have decided of dormant deposits of an old ledger (its number), from the sub-account that they lie on."""
    made = _fresh(work.now(), RefundReason.DORMANT, due_at) | {
        "payout_id": payout.id,
        "principal": payout.total,
        "from_account": lies_at,
        "payee_name": payout.payee_name,
        "payee_account": payout.payee_account,
    }
    return _scheduled(work, [made], CaseId(dormant_chain(ledger)))[0]


def _fresh(now: datetime, reason: RefundReason, due_at: datetime) -> dict[str, Any]:
    common: dict[str, Any] = {"state": RefundState.SCHEDULED, "interest": Money(0), "cause": "", "replaced": False}
    return common | {"id": new_id(now), "reason": reason, "due_at": due_at, "scheduled_at": now}


def _scheduled(work: Work, made: Sequence[Mapping[str, Any]], case: CaseId, payment: str = "") -> list[RefundId]:
    """Stores refunds of one chain and says once that they are due; `payment`: the bank's reference where one goes back."""
    if made:
        work.session.add_all([Refund(**values) for values in made])  # stored with whatever is asked next
        work.record(RefundsScheduled(case=case, refunds=tuple(_told_of(values, payment) for values in made)))
    return [RefundId(values["id"]) for values in made]


def _told_of(made: Mapping[str, Any], payment: str) -> Scheduled:
    return Scheduled(
        refund=RefundId(made["id"]),
        deposit=made.get("deposit_id"),
        bidder=made.get("org_id"),
        payment=payment,
        principal_fen=made["principal"],
        reason=made["reason"].value,
        due_at=made["due_at"],
    )


# Sending


def send(work: Work, refund_id: RefundId) -> None:
    """Promises a scheduled refund in the ledger, with interest to this day, and has its order go to the bank under the refund's id."""
    refund = lock(work.session, Refund, Refund.id == refund_id)
    if refund.deposit_id is not None and is_held(work.session, refund.deposit_id):
        raise WrongState("refund.held")
    MOVES.choose(RefundAction.SEND, refund.state, SYSTEM, None)
    sending.send_all(work, [refund_id])
    work.send(ORDER, str(refund_id), {"refund": str(refund_id)})


# What the bank says


def doubt(work: Work, refund_id: RefundId) -> None:
    """The bank did not answer: it may have paid or not. Asked again later under the same key."""
    refund = lock(work.session, Refund, Refund.id == refund_id)
    if may(RefundAction.DOUBT, refund.state):
        refund.state, refund.asked_at = MOVES.choose(RefundAction.DOUBT, refund.state, SYSTEM, None), work.now()


def take_answer(work: Work, refund_id: RefundId, answer: PaymentStatus) -> None:
    """The bank answered an order. That it has been paid is believed only when the bank's notice books it."""
    refund = lock(work.session, Refund, Refund.id == refund_id)
    action = meaning(answer.status)
    if not may(action, refund.state):
        return
    refund.state, refund.asked_at = MOVES.choose(action, refund.state, SYSTEM, None), work.now()
    if action is RefundAction.REJECT:
        _reject(work, refund, answer.cause)


def _reject(work: Work, refund: Refund, cause: str) -> None:
    refund.cause, now = cause, work.now()
    if refund.deposit_id is not None:
        _move_deposit(work, refund, DepositAction.FAIL_REFUND, now)
    ledger.book(
        work,
        books.undo(
            _key(refund),
            source(refund.reason, refund.deposit_id, refund.bank_entry_id, refund.payout_id),
            refund.principal,
            refund.interest,
        ),
    )
    told = _Told.of(refund)
    case, ids = _case(work, refund), {"refund": told.refund, "deposit": told.deposit, "bidder": told.bidder}
    work.record(RefundFailed(case=case, subject=_key(refund), **ids, cause=cause))  # type: ignore[arg-type]


def confirm(work: Work, key: str, total: Money, ref: str, booked_at: datetime) -> bool:
    """The bank's notice books a payment of `total` under this key; False when no refund of ours over that sum is on its way."""
    return sending.confirm_all(work, [Booked(key, total, ref, booked_at)])[0]


def retry(work: Work, refund_id: RefundId) -> RefundId:
    """Finance has a rejected refund tried again to the same account: a new refund under a new key. Raises WrongState
    "refund.account_asked" while the firm has asked for another account."""
    refund = lock(work.session, Refund, Refund.id == refund_id)
    MOVES.choose(RefundAction.RETRY, refund.state, work.actor.roles & FINANCE, None)
    if is_asked(work.session, refund.id):
        raise WrongState("refund.account_asked")
    return _again(work, refund)


def redirect(work: Work, refund_id: RefundId, payee: BasicAccount) -> tuple[RefundId, UUID | None]:
    """A rejected refund is made anew, under a new key and to another account of the same firm, which two persons of finance have approved.
    Returns the new refund and the deposit that it gives back, None for a payment that never was one."""
    refund = lock(work.session, Refund, Refund.id == refund_id)
    MOVES.choose(RefundAction.RETRY, refund.state, FINANCE, None)
    made = _again(work, refund)
    work.session.flush()
    row = work.session.get_one(Refund, made)
    row.payee_name, row.payee_account = payee.name, payee.number
    return made, row.deposit_id


def _again(work: Work, refund: Refund) -> RefundId:
    if refund.replaced or refund.payout_id is not None:  # a payout that failed is decided anew by two persons
        raise NotFound("refund.replaced")
    refund.replaced, now = True, work.now()
    work.session.flush()
    if refund.deposit_id is None:
        entry = lock(work.session, BankEntryRow, BankEntryRow.id == refund.bank_entry_id)
        deposit = work.session.get(Deposit, entry.deposit_id) if entry.deposit_id else None
        return send_back(work, entry, _number(work, refund), (deposit.lot_id, deposit.org_id) if deposit else None, entry.outcome)
    deposit = lock(work.session, Deposit, Deposit.id == refund.deposit_id)
    if refund.reason is RefundReason.FORFEITED:
        decided = work.session.scalars(
            select(Forfeiture).where(Forfeiture.deposit_id == deposit.id, Forfeiture.state.in_((ForfeitureState.AGREED,)))
        )
        return pay_over(work, _number(work, refund), deposit, decided.one())
    deposit.state = deposits.MOVES.choose(DepositAction.RETRY_REFUND, deposit.state, FINANCE, None)
    deposit.changed_at = now
    made = _of_deposit(work, deposit, _fresh(now, refund.reason, refund.due_at))
    return _scheduled(work, [made], CaseId(chain_of(_number(work, refund))))[0]


# Rows


@dataclass(frozen=True, slots=True)
class _Told:
    """The ids that every event of a refund tells."""

    refund: RefundId
    deposit: DepositId | None
    bidder: OrgId | None

    @classmethod
    def of(cls, refund: Refund) -> _Told:
        deposit = None if refund.deposit_id is None else DepositId(refund.deposit_id)
        return cls(RefundId(refund.id), deposit, None if refund.org_id is None else OrgId(refund.org_id))


def _move_deposit(work: Work, refund: Refund, action: DepositAction, now: datetime) -> Deposit:
    """Moves the deposit that a refund gives back; a forfeited one stays what it is, wherever its payment has got to."""
    deposit = lock(work.session, Deposit, Deposit.id == refund.deposit_id)
    if refund.reason is RefundReason.FORFEITED:
        return deposit
    deposit.state, deposit.changed_at = deposits.MOVES.choose(action, deposit.state, SYSTEM, None), now
    return deposit


def _key(refund: Refund) -> str:
    return str(refund.id)


def _number(work: Work, refund: Refund) -> str:
    found = work.session.scalar(select(Requirement.number).where(Requirement.lot_id == refund.lot_id))
    return found or ""


def _case(work: Work, refund: Refund) -> CaseId:
    if refund.payout_id is not None:
        return CaseId(dormant_chain(dormant.ledger_of(work.session, refund.payout_id)))
    number = _number(work, refund)
    return CaseId(chain_of(number) if number else NO_LOT)
