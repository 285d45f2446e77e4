"""What lies on this platform's own accounts and nobody has: nobody's payments, refunds that no bank would pay."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.people import Organisation
from core.kernel.calendar import legal_day
from core.kernel.ids import OrgId
from core.kernel.money import Money
from deposits.domain.account import normal_name
from deposits.domain.deposit import KNOWN_TO_FINANCE, DepositState
from deposits.domain.dormant import DormantState, Payer, Reason
from deposits.domain.dormant_sheet import OldDeposit
from deposits.domain.refund import RefundState
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.dormant import DormantDeposit
from deposits.models.requirement import Deposit, Requirement
from deposits.queries import finance
from deposits.queries.holds import waits

OLD_ENOUGH = timedelta(days=30)
"""How long a person has to give money back the usual way, before it counts as dormant."""
NO_PROJECT = "—"


@dataclass(frozen=True, slots=True)
class Known:
    """A firm that still has a living account on this platform, and old deposits: it can simply be told."""

    org: OrgId
    name: str
    deposits: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Orphans:
    """The page of the orphan finder."""

    rows: tuple[OldDeposit, ...]
    known: tuple[Known, ...]

    @property
    def total(self) -> Money:
        """Of what can be taken over."""
        return Money(sum(row.amount.fen for row in self.rows))


def page(session: Session, now: datetime) -> Orphans:
    """Everything that was found; of lots still sealed nothing."""
    return Orphans(tuple(to_take_over(session, now)), known(session))


def to_take_over(session: Session, now: datetime) -> list[OldDeposit]:
    """Payments of nobody's and refunds that no bank would pay, for longer than thirty days; of lots still sealed nothing."""
    return [*_unknown(session, now), *_undeliverable(session, now)]


def _unknown(session: Session, now: datetime) -> list[OldDeposit]:
    """As finance may see them: a payer with a sub-account in a sealed lot is left out there."""
    seen = finance.unknown(session)
    return [
        _orphan(
            ref=one.ref,
            payer=one.payer,
            amount=one.amount,
            received=legal_day(one.value_at),
            due=legal_day(one.value_at + OLD_ENOUGH),
            account=one.account,
            reason=Reason.UNKNOWN_PAYER,
            interest=False,
        )
        for one in seen
        if not one.sent_back and one.value_at < now - OLD_ENOUGH
    ]


def _undeliverable(session: Session, now: datetime) -> list[OldDeposit]:
    query = (
        select(Deposit, Requirement.number, Refund.due_at, Refund.payee_account)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .join(Refund, Refund.deposit_id == Deposit.id)
        .where(Deposit.state == DepositState.REFUND_FAILED, Requirement.state.in_(KNOWN_TO_FINANCE))
        .where(Refund.state == RefundState.REJECTED, Refund.replaced.is_(False), Refund.due_at < now - OLD_ENOUGH, ~waits(Deposit.id))
        .order_by(Requirement.number, Deposit.org_name)
    )
    first = _first_days(session)
    return [
        _orphan(
            ref=str(row.id),
            payer=row.org_name,
            amount=row.paid,
            received=first.get(row.id, legal_day(row.requested_at)),
            due=legal_day(due_at),
            account=account,
            reason=Reason.ACCOUNT_CLOSED,
            interest=True,
            project=number,
        )
        for row, number, due_at, account in session.execute(query)
    ]


def _first_days(session: Session) -> dict[object, date]:
    """The last value date of each such deposit: interest is reckoned from when all of it was there."""
    query = (
        select(BankEntryRow.deposit_id, BankEntryRow.value_at)
        .join(Deposit, Deposit.id == BankEntryRow.deposit_id)
        .where(Deposit.state == DepositState.REFUND_FAILED, BankEntryRow.taken > Money(0))
        .order_by(BankEntryRow.seq)
    )
    return {deposit: legal_day(value_at) for deposit, value_at in session.execute(query)}


def _orphan(
    *, ref: str, payer: str, amount: Money, received: date, due: date, account: str, reason: Reason, interest: bool, project: str = ""
) -> OldDeposit:
    return OldDeposit(
        old_ref=ref[:40],
        payer=payer[:120],
        uscc="",
        kind=Payer.FIRM,
        project_number=project,
        project=project or NO_PROJECT,
        amount=amount,
        received_on=received,
        due_on=due,
        bears_interest=interest,
        account=account,
        reason=reason,
        note="",
        source=ref,
    )


def known(session: Session) -> tuple[Known, ...]:
    """Firms with a living account here whose names old deposits stand under."""
    waiting = select(DormantDeposit.payer_key, DormantDeposit.amount).where(DormantDeposit.state == DormantState.LISTED)
    owed: dict[str, list[Money]] = defaultdict(list)
    for key, amount in session.execute(waiting):
        owed[key].append(amount)
    if not owed:
        return ()
    rows = session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name)).all()
    found = [(org, name, owed[normal_name(name)]) for org, name in rows if normal_name(name) in owed]
    return tuple(Known(OrgId(org), name, len(sums), Money(sum(one.fen for one in sums))) for org, name, sums in found)
