"""What finance sees: deposits and refunds of opened lots, what waits in suspense, and whether ledger and bank agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from core.kernel.ids import OrgId
from core.kernel.money import Money
from deposits.domain.deposit import KNOWN_TO_FINANCE, SETTLED
from deposits.domain.ledger import Account, AccountKind, is_balanced
from deposits.domain.matching import Outcome
from deposits.domain.refund import UNANSWERED, RefundState
from deposits.domain.suspense import Waiting
from deposits.models.bank import BankEntryRow, BankPosition, Refund
from deposits.models.ledger import LedgerAccount, LedgerTransfer
from deposits.models.requirement import Deposit, Requirement
from deposits.queries import suspense, watch
from deposits.queries.requirements import RefundView, refund_view

Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Line:
    """A deposit of an opened lot with its refunds."""

    lot: str
    org: OrgId
    org_name: str
    state: str
    paid: Money
    refunds: tuple[RefundView, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A payment that belongs to nobody."""

    ref: str
    payer: str
    account: str
    amount: Money
    value_at: datetime
    state: str

    @property
    def sent_back(self) -> bool:
        """Whether it waits no more, whatever was decided."""
        return self.state != Waiting.WAITING.value


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Whether ledger and bank agree. Both balances are None while any lot is sealed: their difference tells nothing of who has paid, their
    size would. `agrees` None: not compared yet."""

    agrees: bool | None
    checked_at: datetime | None
    ledger: Money | None
    bank: Money | None


@dataclass(frozen=True, slots=True)
class FinanceView:
    """The finance page. Counts are of opened lots alone; `left_out` lines are in the workbook."""

    lines: tuple[Line, ...]
    left_out: int
    unknown: tuple[Unknown, ...]
    reconciliation: Reconciliation
    overdue: int
    in_doubt: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deposits are listed: part of a lot's number or a firm's name, only what is not settled, and how many at most."""

    sought: str = ""
    standing: bool = False
    most: int | None = None


def page(session: Session, now: datetime, wanted: Wanted = Wanted()) -> FinanceView:
    """Everything finance may see, as far as it is wanted."""
    found = lines(session, wanted)
    told = select(Refund.state, func.count()).join(Requirement, Requirement.lot_id == Refund.lot_id)
    told = told.where(Requirement.state.in_(KNOWN_TO_FINANCE), Refund.replaced.is_(False))
    counted = {state: count for state, count in session.execute(told.group_by(Refund.state))}  # noqa: C416 - rows are no pairs to mypy
    return FinanceView(
        lines=found,
        left_out=_count(session, wanted) - len(found),
        unknown=unknown(session),
        reconciliation=reconciliation(session),
        overdue=sum(one.held_until is None for one in watch.late(session, now)),
        in_doubt=sum(counted.get(state, 0) for state in UNANSWERED),
        rejected=counted.get(RefundState.REJECTED, 0),
    )


def reconciliation(session: Session) -> Reconciliation:
    """The last comparison of the two balances."""
    position = session.scalar(select(BankPosition))
    if position is None or position.checked_at is None or position.bank_balance is None or position.ledger_balance is None:
        return Reconciliation(None, None, None, None)
    agrees = position.bank_balance == position.ledger_balance
    if _any_sealed(session):
        return Reconciliation(agrees, position.checked_at, None, None)
    return Reconciliation(agrees, position.checked_at, position.ledger_balance, position.bank_balance)


def _any_sealed(session: Session) -> bool:
    return session.scalar(select(Requirement.lot_id).where(Requirement.state.not_in(KNOWN_TO_FINANCE)).limit(1)) is not None


def lines(session: Session, wanted: Wanted) -> tuple[Line, ...]:
    """The deposits of lots that are opened or ended, the newest lots first."""
    opened = _known(select(Deposit, Requirement.number), wanted).order_by(Requirement.number.desc(), Deposit.org_name, Deposit.no)
    rows = session.execute(opened.limit(wanted.most)).all()
    refunds = _refunds_of(session, [deposit for deposit, _ in rows])
    return tuple(Line(number, OrgId(row.org_id), row.org_name, row.state.value, row.paid, tuple(refunds[row.id])) for row, number in rows)


def _count(session: Session, wanted: Wanted) -> int:
    return session.execute(_known(select(func.count(Deposit.id)), wanted)).scalar_one()


def _known(query: Select[*Ts], wanted: Wanted) -> Select[*Ts]:
    known = query.join(Requirement, Requirement.lot_id == Deposit.lot_id).where(Requirement.state.in_(KNOWN_TO_FINANCE))
    if wanted.sought:
        found = [column.contains(wanted.sought, autoescape=True) for column in (Requirement.number, Deposit.org_name)]
        known = known.where(or_(*found))
    return known.where(Deposit.state.not_in(SETTLED)) if wanted.standing else known


def _refunds_of(session: Session, deposits: list[Deposit]) -> Mapping[object, list[RefundView]]:
    found: dict[object, list[RefundView]] = defaultdict(list)
    lots = {deposit.lot_id for deposit in deposits}
    source = func.coalesce(Refund.deposit_id, BankEntryRow.deposit_id)
    query = select(Refund, source).outerjoin(BankEntryRow, BankEntryRow.id == Refund.bank_entry_id).where(Refund.lot_id.in_(lots))
    for refund, deposit in session.execute(query.order_by(Refund.scheduled_at, Refund.id)):
        found[deposit].append(refund_view(refund))
    return found


def unknown(session: Session) -> tuple[Unknown, ...]:
    """Payments of nobody's, the newest last; not those whose payer has a deposit in a lot still sealed."""
    rows = reversed(suspense.listed(session))
    return tuple(Unknown(row.ref, row.payer, row.account, row.amount, row.value_at, row.state) for row in rows)


@dataclass(frozen=True, slots=True)
class Audit:
    """The books recomputed from their transfers: all three must be empty or true."""

    wrong_balances: tuple[str, ...]
    balanced: bool
    unexplained: tuple[str, ...]  # the bank's references of debits that fit no refund


def audit(session: Session) -> Audit:
    """Recomputes every balance from the transfers. Not for a page: it walks all of them."""
    sums: dict[str, int] = defaultdict(int)
    for transfer in session.scalars(select(LedgerTransfer)):
        sums[transfer.debit] += transfer.amount.fen
        sums[transfer.credit] -= transfer.amount.fen
    accounts = {Account(AccountKind(row.kind), row.of): row.balance for row in session.scalars(select(LedgerAccount))}
    wrong = [account.key for account, kept in accounts.items() if sums[account.key] != (kept.fen if account.rises_by_debit else -kept.fen)]
    odd = select(BankEntryRow.ref).where(BankEntryRow.outcome == Outcome.UNEXPLAINED)
    return Audit(tuple(sorted(wrong)), is_balanced(accounts), tuple(session.scalars(odd)))
