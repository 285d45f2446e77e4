"""What lots ask for, and where a bidder stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.account import COLLECTING, BasicAccount
from deposits.domain.deposit import MET, READS, STANDS_STILL, DepositState, See
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.queries import guarantees, waivers
from deposits.queries.waivers import WaivedView

WAIVED = "waived"
"""The state of a firm of whom its waiver asks nothing: it has no deposit."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a bidder stands with its deposit for a lot; `asked` None: the lot asks for none; zero: its waiver leaves nothing.
    `met`: there is nothing to be wished for."""

    asked: Money | None
    paid: Money
    state: DepositState | None
    met: bool


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment into a deposit's sub-account, and what it meant."""

    ref: str
    amount: Money
    value_at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """Money that goes back. `interest` stands from the moment it is sent."""

    id: str
    reason: str
    principal: Money
    interest: Money
    state: str
    due_at: datetime
    sent_at: datetime | None
    confirmed_at: datetime | None
    cause: str


@dataclass(frozen=True, slots=True)
class DepositView:
    """One bidder's deposit as that bidder sees it, and after the opening those who may see the list. Before it asks for a sub-account
    `state` and `sub_account` are ""."""

    lot: str
    org: OrgId
    org_name: str
    state: str
    required: Money
    paid: Money
    sub_account: str
    account_name: str
    bank: str
    deadline: datetime | None  # None while the lot stands still
    payments: tuple[PaymentView, ...] = ()
    refunds: tuple[RefundView, ...] = ()
    id: UUID | None = None  # None: nothing was asked for yet
    waived: WaivedView | None = None


def standing(session: Session, lot_id: LotId, org_id: OrgId) -> Standing:
    """Where this bidder stands; before the opening for that bidder's eyes alone."""
    found = standings(session, lot_id).get(org_id) or _without(session, lot_id, org_id)
    return found if found.met else replace(found, met=_met_otherwise(session, lot_id, org_id))


def _met_otherwise(session: Session, lot_id: LotId, org_id: OrgId) -> bool:
    """By a guarantee, or a waiver that leaves nothing to be paid."""
    waived = waivers.own(session, lot_id, org_id)
    return (waived is not None and waived.asked.fen == 0) or guarantees.met(session, lot_id).get(org_id, False)


def standings(session: Session, lot_id: LotId) -> Mapping[OrgId, Standing]:
    """Where each bidder with a deposit stands, by its latest one; for callers that may know who bids."""
    rows = session.scalars(select(Deposit).where(Deposit.lot_id == lot_id).order_by(Deposit.no))
    return {OrgId(row.org_id): Standing(row.required, row.paid, row.state, row.state in MET) for row in rows}


def _without(session: Session, lot_id: LotId, org_id: OrgId) -> Standing:
    row = session.get(Requirement, lot_id)
    if row is None or row.amount.fen == 0:
        return Standing(None, Money(0), None, met=True)
    left = waivers.asked_of(session, row, org_id)
    return Standing(left, Money(0), None, met=left.fen == 0)


def own(session: Session, number: str, org: OrgId, name: str) -> DepositView:
    """The latest deposit of this bidder for this lot, or what it would be. Raises NotFound "deposit.not_asked"."""
    asked = _asked(session, number)
    row = session.scalars(select(Deposit).where(Deposit.lot_id == asked.lot_id, Deposit.org_id == org).order_by(Deposit.no.desc())).first()
    waived = waivers.own(session, LotId(asked.lot_id), org)
    if row is not None:
        return replace(view_of(session, asked, row), waived=waived)
    if asked.amount.fen == 0:
        raise NotFound("deposit.not_asked")
    return _unpaid(asked, org, name, waived)


def _unpaid(asked: Requirement, org: OrgId, name: str, waived: WaivedView | None) -> DepositView:
    """Where there is no deposit: what it would be, or that a waiver leaves nothing of it."""
    left = asked.amount if waived is None else waived.asked
    state = "" if left.fen else WAIVED
    told = DepositView(asked.number, org, name, state, left, Money(0), "", COLLECTING.name, COLLECTING.bank, _deadline(asked))
    return replace(told, waived=waived)


def listed(session: Session, number: str, roles: frozenset[Role]) -> tuple[DepositView, ...]:
    """All deposits of a lot, for those of `roles` (computed for this lot) who may see them. Raises NotAllowed before the opening."""
    asked = _asked(session, number)
    if not READS.may(See.LIST, asked.state, roles):
        raise NotAllowed("deposit.sealed")
    rows = session.scalars(select(Deposit).where(Deposit.lot_id == asked.lot_id).order_by(Deposit.org_name, Deposit.no))
    used = dict(waivers.used(session, LotId(asked.lot_id)))
    found = [replace(view_of(session, asked, row), waived=used.pop(OrgId(row.org_id), None)) for row in rows]
    found += [_unpaid(asked, org, one.org_name, one) for org, one in used.items() if one.asked.fen == 0]
    return tuple(sorted(found, key=lambda view: view.org_name))


def basic_account(session: Session, org: OrgId) -> BasicAccount:
    """A firm's basic account. Raises NotFound "basic_account.not_found"."""
    row = session.get(BasicAccountRow, org)
    if row is None:
        raise NotFound("basic_account.not_found")
    return BasicAccount(row.name, row.number, row.bank)


def own_org(actor: Actor) -> OrgId:
    """The organisation for which an actor bids. Raises NotAllowed."""
    if actor.org is None or Role.BIDDER not in actor.roles:
        raise NotAllowed("deposit.bidders_only")
    return actor.org


def _asked(session: Session, number: str) -> Requirement:
    row = session.scalar(select(Requirement).where(Requirement.number == number))
    if row is None:
        raise NotFound("deposit.not_asked")
    return row


def _deadline(asked: Requirement) -> datetime | None:
    return None if asked.deadline == STANDS_STILL else asked.deadline


def view_of(session: Session, asked: Requirement, row: Deposit) -> DepositView:
    """A deposit's row as pages show it; who may see it was decided before."""
    entries = session.scalars(select(BankEntryRow).where(BankEntryRow.deposit_id == row.id).order_by(BankEntryRow.seq)).all()
    of_entries = Refund.bank_entry_id.in_([entry.id for entry in entries])
    sent = session.scalars(select(Refund).where((Refund.deposit_id == row.id) | of_entries).order_by(Refund.scheduled_at, Refund.id))
    return DepositView(
        lot=asked.number,
        org=OrgId(row.org_id),
        org_name=row.org_name,
        state=row.state.value,
        required=row.required,
        paid=row.paid,
        sub_account=row.sub_account,
        account_name=COLLECTING.name,
        bank=COLLECTING.bank,
        deadline=_deadline(asked),
        payments=tuple(PaymentView(entry.ref, entry.amount, entry.value_at, entry.outcome.value) for entry in entries),
        refunds=tuple(refund_view(refund) for refund in sent),
        id=row.id,
    )


def refund_view(refund: Refund) -> RefundView:
    """A refund as pages show it."""
    return RefundView(
        id=str(refund.id),
        reason=refund.reason.value,
        principal=refund.principal,
        interest=refund.interest,
        state=refund.state.value,
        due_at=refund.due_at,
        sent_at=refund.sent_at,
        confirmed_at=refund.confirmed_at,
        cause=refund.cause,
    )
