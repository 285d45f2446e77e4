"""What the bank has booked, taken in: each entry once, each with its meaning, and how far we have read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.kernel.bulk import among, insert_many, update_many
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import CaseId, DepositId, LotId, OrgId, RefundId, new_ids
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import ledger as books
from deposits.domain.deposit import MOVES, NO_LOT, SYSTEM, DepositAction, DepositState, chain_of, has_closed, takes_payments
from deposits.domain.ledger import Entry
from deposits.domain.matching import Asked, Judgement, Outcome, Payment, judge
from deposits.domain.messages import BankEntry
from deposits.domain.suspense import check_assign
from deposits.events import DepositsMatched, Matched, Noticed, PaymentsNoticed
from deposits.models.bank import BankEntryRow, BankPosition, Refund
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.queries.terms import TermsView, terms_of_all
from deposits.services import ledger, letters, refunds, requirements, sending
from deposits.services.sending import Booked

POSITION = "bank"
NOTHING = Money(0)
AS_IT_STANDS = {"populate_existing": True}


def reach(work: Work, seq: int) -> int:
    """Notes that all the bank's notices up to that number have been taken in; returns how far we have read."""
    insert_new(work.session.connection(), BankPosition, [{"name": POSITION, "seq": 0}])
    position = lock(work.session, BankPosition, BankPosition.name == POSITION)
    position.seq = max(position.seq, seq)
    return position.seq


def take(work: Work, entries: Iterable[BankEntry]) -> list[UUID]:
    """Takes in what the bank has booked, in the bank's order, whichever way it came: each reference once. Returns the new ones' ids.

    Hundreds cost a dozen statements of SQL, not a dozen each; the payments of one lot stand together in one signed event.
    """
    fresh = _unknown(work, entries)
    came = _take_credits(work, [entry for entry in fresh if entry.credit])
    return came + _take_debits(work, [entry for entry in fresh if not entry.credit])


def _unknown(work: Work, entries: Iterable[BankEntry]) -> list[BankEntry]:
    told: dict[str, BankEntry] = {}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        told.setdefault(entry.ref, entry)
    connection = work.session.connection()
    known = set(work.session.scalars(select(BankEntryRow.ref).where(among(connection, BankEntryRow.ref, told))))
    return [entry for ref, entry in told.items() if ref not in known]


def _take_debits(work: Work, entries: list[BankEntry]) -> list[UUID]:
    if not entries:
        return []
    settled = sending.confirm_all(work, [Booked(entry.end_to_end_id, entry.amount, entry.ref, entry.booked_at) for entry in entries])
    now = work.now()
    rows = [_row(entry, now, Outcome.REFUND if ours else Outcome.UNEXPLAINED) for entry, ours in zip(entries, settled, strict=True)]
    _name(rows, now)
    insert_many(work.session.connection(), BankEntryRow, rows)
    return [row["id"] for row in rows]


def _name(rows: Sequence[dict[str, Any]], now: datetime) -> None:
    for row, key in zip(rows, new_ids(now, len(rows)), strict=True):
        row["id"] = key


def _row(entry: BankEntry, now: datetime, outcome: Outcome, deposit: DepositId | None = None, taken: Money = NOTHING) -> dict[str, Any]:
    """An entry to be stored, but for its id; what a deposit did not take of it is to be returned."""
    return {
        "ref": entry.ref,
        "seq": entry.seq,
        "credit": entry.credit,
        "amount": entry.amount,
        "booked_at": entry.booked_at,
        "value_at": entry.value_at,
        "sub_account": entry.sub_account,
        "party_name": entry.party_name,
        "party_account": entry.party_account,
        "end_to_end_id": entry.end_to_end_id,
        "received_at": now,
        "outcome": outcome,
        "deposit_id": deposit,
        "taken": taken,
        "returned": entry.amount - taken if deposit else NOTHING,
    }


@dataclass(slots=True)
class _Target:
    """Whose sub-account it is: the deposit and what its lot asks for, both locked, and the basic account."""

    deposit: DepositId
    org: OrgId
    lot: LotId
    bidder_name: str
    basic_account: str
    asked: Requirement
    terms: TermsView
    required: Money
    paid: Money
    state: DepositState


@dataclass(frozen=True, slots=True)
class _Taken:
    """A credit and what it means; `completes`: the deposit is whole by it."""

    row: dict[str, Any]
    target: _Target | None
    completes: bool = False


def _take_credits(work: Work, entries: list[BankEntry]) -> list[UUID]:
    """First what each means, one after the other, then all postings and rows at once, then what follows from each."""
    if not entries:
        return []
    targets = _targets(work, {entry.sub_account for entry in entries if not entry.interest})
    now = work.now()
    taken = [_judge(entry, None if entry.interest else targets.get(entry.sub_account), now) for entry in entries]
    connection = work.session.connection()
    _name([one.row for one in taken], now)
    ledger.book_all(work, [_booked(one.row) for one in taken])
    changed = {one.target.deposit: one.target for one in taken if one.target is not None and one.row["taken"].fen}
    values = [{"id": key, "paid": one.paid, "state": one.state, "changed_at": now} for key, one in changed.items()]
    update_many(connection, Deposit, "id", values)
    insert_many(connection, BankEntryRow, [one.row for one in taken])
    insert_many(connection, Refund, _follow(work, [one for one in taken if one.row["outcome"] is not Outcome.INTEREST]))
    return [one.row["id"] for one in taken]


def _targets(work: Work, sub_accounts: set[str]) -> dict[str, _Target]:
    connection = work.session.connection()
    paid_into = among(connection, Deposit.sub_account, sub_accounts)
    lots = select(Deposit.lot_id).where(paid_into)
    asking = select(Requirement).where(Requirement.lot_id.in_(lots)).order_by(Requirement.lot_id).with_for_update(read=True)
    asked = {row.lot_id: row for row in work.session.scalars(asking, execution_options=AS_IT_STANDS)}
    columns = (
        Deposit.sub_account,
        Deposit.id,
        Deposit.org_id,
        Deposit.lot_id,
        Deposit.org_name,
        Deposit.required,
        Deposit.paid,
        Deposit.state,
        BasicAccountRow.number,
    )
    owing = select(*columns).outerjoin(BasicAccountRow, BasicAccountRow.org_id == Deposit.org_id).where(paid_into).order_by(Deposit.id)
    deposits = work.session.execute(owing.with_for_update(of=Deposit, key_share=True)).all()
    terms = terms_of_all(work.session, [LotId(lot) for lot in asked])
    return {
        sub_account: _Target(
            DepositId(key), OrgId(org), LotId(lot), name, basic or "", asked[lot], terms[LotId(lot)], required, paid, state
        )
        for sub_account, key, org, lot, name, required, paid, state, basic in deposits
    }


def _judge(entry: BankEntry, target: _Target | None, now: datetime) -> _Taken:
    """What a credit means, and the deposit after it."""
    if target is None:
        return _Taken(_row(entry, now, Outcome.INTEREST if entry.interest else Outcome.UNKNOWN), None)
    facts = Asked(
        bidder_name=target.bidder_name,
        basic_account=target.basic_account,
        required=target.required,
        paid=target.paid,
        deadline=target.asked.deadline,
        open=takes_payments(target.state),
        basic_only=target.terms.basic_only,
        several=target.terms.terms.several,
    )
    judgement = judge(Payment(entry.party_name, entry.party_account, entry.amount, entry.value_at), facts)
    if judgement.taken.fen:
        target.paid += judgement.taken
        action = DepositAction.COMPLETE if target.paid == target.required else DepositAction.TAKE
        target.state = MOVES.choose(action, target.state, SYSTEM, None)
    row = _row(entry, now, judgement.outcome, target.deposit, judgement.taken)
    return _Taken(row, target, bool(judgement.taken.fen) and target.paid == target.required)


def _booked(row: Mapping[str, Any]) -> Entry:
    if row["outcome"] is Outcome.INTEREST:
        return books.earn(str(row["id"]), row["amount"])
    return books.receive(str(row["id"]), row["amount"], str(row["deposit_id"]) if row["deposit_id"] else "", row["taken"])


def _follow(work: Work, taken: Sequence[_Taken]) -> list[dict[str, Any]]:
    """Records what was noticed and what follows from each, and has it told; the rows of refunds to be stored where something goes back."""
    chains = _by_chain(taken)
    for case, some in chains.items():
        work.record(PaymentsNoticed(case=case, payments=tuple(_noticed(one.row, one.target) for one in some)))
        if matched := tuple(_matched(one.row, one.target) for one in some if one.target is not None and one.completes):
            work.record(DepositsMatched(case=case, deposits=matched))
    letters.send(work, [one.row["id"] for one in taken])
    return [refund for case, some in chains.items() for refund in _conclude(work, case, some)]


def _by_chain(taken: Sequence[_Taken]) -> dict[CaseId, list[_Taken]]:
    chains: dict[CaseId, list[_Taken]] = {}
    for one in taken:
        chains.setdefault(CaseId(chain_of(one.target.asked.number) if one.target else NO_LOT), []).append(one)
    return chains


def _conclude(work: Work, case: CaseId, taken: Sequence[_Taken]) -> list[dict[str, Any]]:
    """What follows on a lot's chain: deposits that are complete after the deadline, and what of the payments goes back."""
    ours = [(one, one.target) for one in taken if one.target is not None]
    for one, target in ours:
        if one.completes and has_closed(target.asked.state):
            requirements.settle_late_notice(work, lock(work.session, Deposit, Deposit.id == target.deposit))
    return refunds.returning(
        work, case, [refunds.Returning(one.row, target.lot, target.org) for one, target in ours if one.row["returned"].fen]
    )


def _matched(row: Mapping[str, Any], target: _Target) -> Matched:
    return Matched(target.deposit, target.org, target.paid, row["outcome"].value)


def _noticed(row: Mapping[str, Any], target: _Target | None) -> Noticed:
    return Noticed(
        ref=row["ref"],
        deposit=target.deposit if target else None,
        bidder=target.org if target else None,
        sub_account=row["sub_account"],
        amount_fen=row["amount"],
        value_at=row["value_at"],
        outcome=row["outcome"].value,
        taken_fen=row["taken"],
        returned_fen=row["returned"],
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


def assign(work: Work, row: BankEntryRow, sub_account: str) -> str:
    """What waited in suspense came for this sub-account after all: judged as if it had come there. Returns the outcome.

    Raises RuleBroken "suspense.does_not_fit" where it would have gone back, and then nothing has changed.
    """
    target = _targets(work, {sub_account})[sub_account]
    entry = BankEntry(
        seq=row.seq,
        ref=row.ref,
        credit=True,
        amount=row.amount,
        booked_at=row.booked_at,
        value_at=row.value_at,
        sub_account=row.sub_account,
        party_name=row.party_name,
        party_account=row.party_account,
        end_to_end_id=row.end_to_end_id,
        interest=False,
    )
    now = work.now()
    found = _judge(entry, target, now)
    check_assign(Judgement(found.row["outcome"], found.row["taken"], found.row["returned"]))
    row.outcome, row.deposit_id, row.taken, row.returned = (found.row[name] for name in ("outcome", "deposit_id", "taken", "returned"))
    values = {"id": target.deposit, "paid": target.paid, "state": target.state, "changed_at": now}
    update_many(work.session.connection(), Deposit, "id", [values])
    ledger.book(work, books.match(str(row.id), str(target.deposit), row.taken))
    insert_many(work.session.connection(), Refund, _follow(work, [_Taken(found.row | {"id": row.id}, target, found.completes)]))
    return str(row.outcome.value)
