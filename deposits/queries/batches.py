"""Batches of refunds as finance sees them: how far each is, what waits for a second person, and what is in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.identity.models.people import Person
from core.kernel.errors import NotFound
from core.kernel.money import Money
from deposits.domain.batch import BatchState, digest_of
from deposits.domain.refund import OPEN, RefundState
from deposits.models.bank import Refund
from deposits.models.batches import RefundBatch
from deposits.models.requirement import Deposit, Requirement

MOST = 500  # batches of a list


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch with how far its payments are. `released`: by whom, "" for the clock."""

    number: str
    state: BatchState
    made_at: datetime
    due_at: datetime
    released_at: datetime | None
    count: int
    principal: Money
    interest: Money
    sent: int
    confirmed: int
    rejected: int
    first: str
    second: str

    @property
    def percent(self) -> int:
        """How much of it is booked by the bank or refused, in whole per cent."""
        return 100 * (self.confirmed + self.rejected) // max(self.count, 1)

    @property
    def is_under_way(self) -> bool:
        """Whether the bank has still something to say of it, so that a page looks again."""
        return self.state is BatchState.RELEASED and self.confirmed + self.rejected < self.count


@dataclass(frozen=True, slots=True)
class Paid:
    """A refund of a batch."""

    lot: str
    org_name: str
    principal: Money
    interest: Money
    account: str
    state: str
    cause: str
    due_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch, what is in it, and what a release of it says: `body` is signed."""

    line: BatchLine
    refunds: tuple[Paid, ...]
    body: Mapping[str, str | int]
    is_first: bool  # the caller has signed it


def listed(session: Session, sought: str = "", unsettled: bool = False) -> tuple[BatchLine, ...]:
    """The newest batches; `sought`: part of a number; `unsettled`: those alone that are not paid to the end."""
    query = select(RefundBatch).where(RefundBatch.number.contains(sought.strip(), autoescape=True))
    rows = session.scalars(query.order_by(RefundBatch.number.desc()).limit(MOST)).all()
    counted = _counted(session, [row.id for row in rows])
    names = _names(session, rows)
    lines = tuple(_line(row, counted[row.id], names) for row in rows)
    return tuple(line for line in lines if not unsettled or line.confirmed + line.rejected < line.count)


def unsigned(session: Session, person: object) -> Sequence[datetime]:
    """When the batches are due that wait for this person: those that nobody has signed, or one other."""
    others = (RefundBatch.state == BatchState.SIGNED) & (RefundBatch.first_by != person)
    return session.scalars(select(RefundBatch.due_at).where((RefundBatch.state == BatchState.WAITING) | others)).all()


def page(session: Session, number: str, person: object) -> BatchPage:
    """One batch for `person`. Raises NotFound "refund_batch.not_found"."""
    row = session.scalar(select(RefundBatch).where(RefundBatch.number == number))
    if row is None:
        raise NotFound("refund_batch.not_found")
    query = (
        select(Refund, Requirement.number, Deposit.org_name)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .join(Deposit, Deposit.id == Refund.deposit_id, isouter=True)
        .where(Refund.batch_id == row.id)
        .order_by(Requirement.number, Deposit.org_name, Refund.id)
    )
    found = session.execute(query).all()
    left = [refund for refund, _, _ in found if refund.state is RefundState.SCHEDULED]
    total = sum((refund.principal for refund in left), Money(0))
    digest = digest_of((refund.id, refund.principal, refund.payee_account) for refund in left)
    body: dict[str, str | int] = {"batch": number, "count": len(left), "principal_fen": total.fen, "refunds_sha256": digest}
    refunds = tuple(
        Paid(
            lot=lot,
            org_name=name or refund.payee_name,
            principal=refund.principal,
            interest=refund.interest,
            account=refund.payee_account,
            state=refund.state.value,
            cause=refund.cause,
            due_at=refund.due_at,
            confirmed_at=refund.confirmed_at,
        )
        for refund, lot, name in found
    )
    return BatchPage(_line(row, _counted(session, [row.id])[row.id], _names(session, [row])), refunds, body, row.first_by == person)


_Counts = dict[RefundState, tuple[int, Money]]


def _counted(session: Session, batches: list[UUID]) -> dict[UUID, _Counts]:
    columns = Refund.batch_id, Refund.state, func.count(), func.sum(Refund.interest)
    query = select(*columns).where(Refund.batch_id.in_(batches)).group_by(Refund.batch_id, Refund.state)
    found: dict[UUID, _Counts] = defaultdict(dict)
    for batch, state, count, interest in session.execute(query):
        assert batch is not None
        found[batch][state] = (count, interest if isinstance(interest, Money) else Money(int(interest or 0)))
    return found


def _names(session: Session, rows: object) -> dict[UUID, str]:
    people = {person for row in rows for person in (row.first_by, row.second_by) if person is not None}  # type: ignore[attr-defined]
    return dict(session.execute(select(Person.id, Person.name).where(Person.id.in_(people))).all())


def _line(row: RefundBatch, counts: _Counts, names: Mapping[UUID, str]) -> BatchLine:
    nothing = (0, Money(0))
    return BatchLine(
        number=row.number,
        state=row.state,
        made_at=row.made_at,
        due_at=row.due_at,
        released_at=row.released_at,
        count=row.count,
        principal=row.principal,
        interest=sum((interest for _, interest in counts.values()), Money(0)),
        sent=sum(counts.get(state, nothing)[0] for state in OPEN),
        confirmed=counts.get(RefundState.CONFIRMED, nothing)[0],
        rejected=counts.get(RefundState.REJECTED, nothing)[0],
        first="" if row.first_by is None else names.get(row.first_by, ""),
        second="" if row.second_by is None else names.get(row.second_by, ""),
    )
