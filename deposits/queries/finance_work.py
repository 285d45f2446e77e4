"""What waits for a person of finance, kind by kind, of opened lots alone: counted from what the pages behind show that person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy.orm import Session

from core.kernel.ids import PersonId
from deposits.domain.rate import RateState
from deposits.domain.refund_recall import RecallState
from deposits.domain.treasury import TreasuryState
from deposits.queries import batches, books, new_accounts, rates, recalls, suspense, treasuries, watch


class Chore(Enum):
    """What finance has to do, the most pressing first."""

    OVERDUE = "overdue"  # refunds past their legal day that no hold keeps back
    RELEASE = "release"  # batches that wait for this person's signature
    ACCOUNT = "account"  # requests for another account that wait for this person's answer
    RECALL = "recall"  # recalls that another person has proposed
    SUSPENSE = "suspense"  # payments that matched nothing
    DIFFERENCE = "difference"  # differences between the books of a day
    RATE = "rate"  # rates that another person has proposed
    TREASURY = "treasury"  # treasury accounts that another person has proposed


@dataclass(frozen=True, slots=True)
class ChoreLine:
    """How many of a kind wait. `since`: when the oldest was due or came, None where it does not matter."""

    chore: Chore
    count: int
    since: datetime | None


def waiting(session: Session, person: PersonId, now: datetime) -> tuple[ChoreLine, ...]:
    """What waits for this person of finance; kinds of which nothing waits are left out."""
    found = ((chore, look(session, person, now)) for chore, look in _LOOKS)
    return tuple(ChoreLine(chore, len(moments), _oldest(moments)) for chore, moments in found if moments)


def _oldest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


_Look = Callable[[Session, PersonId, datetime], Sequence[datetime | None]]


def _overdue(session: Session, _person: PersonId, now: datetime) -> list[datetime | None]:
    return [line.due_at for line in watch.late(session, now) if line.held_until is None]


def _release(session: Session, person: PersonId, _now: datetime) -> list[datetime | None]:
    return list(batches.unsigned(session, person))


def _account(session: Session, person: PersonId, _now: datetime) -> list[datetime | None]:
    return [line.asked_at for line in new_accounts.listed(session, person, "", True) if not line.is_mine]


def _recall(session: Session, person: PersonId, _now: datetime) -> list[datetime | None]:
    found = recalls.listed(session, person)
    return [line.proposed_at for line in found if line.state is RecallState.PROPOSED and not line.is_mine]


def _suspense(session: Session, _person: PersonId, _now: datetime) -> list[datetime | None]:
    return [line.value_at for line in suspense.listed(session, "", True)]


def _difference(session: Session, _person: PersonId, _now: datetime) -> list[datetime | None]:
    return [None for _ in books.page(session, True).differences]


def _rate(session: Session, person: PersonId, now: datetime) -> list[datetime | None]:
    found = rates.page(session, person, now).rates
    return [line.proposed_at for line in found if line.state is RateState.PROPOSED and not line.is_mine]


def _treasury(session: Session, person: PersonId, _now: datetime) -> list[datetime | None]:
    found = treasuries.listed(session, person)
    return [line.proposed_at for line in found if line.state is TreasuryState.PROPOSED and not line.is_mine]


_LOOKS: tuple[tuple[Chore, _Look], ...] = (
    (Chore.OVERDUE, _overdue),
    (Chore.RELEASE, _release),
    (Chore.ACCOUNT, _account),
    (Chore.RECALL, _recall),
    (Chore.SUSPENSE, _suspense),
    (Chore.DIFFERENCE, _difference),
    (Chore.RATE, _rate),
    (Chore.TREASURY, _treasury),
)
