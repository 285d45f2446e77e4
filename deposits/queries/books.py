"""The days whose books were compared, and the differences that finance may see: those of opened lots, and those of nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from core.kernel.money import Money
from deposits.domain.account import normal_name, plain_number
from deposits.domain.deposit import KNOWN_TO_FINANCE
from deposits.domain.reconciliation import DifferenceCause, DifferenceKind, DifferenceState
from deposits.models.reconciliations import BookDay, BookDifference
from deposits.models.requirement import Requirement
from deposits.queries.passbooks import any_sealed
from deposits.queries.suspense import secret_payers

MOST = 500
BACK = timedelta(days=31)  # how far a platform that was away looks back


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be told while lots are sealed: whose names and accounts pay into them, and whether there are any."""

    names: frozenset[str]
    accounts: frozenset[str]
    any: bool

    def hides(self, name: str, account: str) -> bool:
        """Whether this is one of them."""
        return normal_name(name) in self.names or plain_number(account) in self.accounts


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A difference. `fen` is signed: how much more the bank, or for a deposit the deposit itself, has."""

    id: UUID
    day: date
    kind: DifferenceKind
    ref: str
    fen: int
    lot: str
    party: str
    state: DifferenceState
    cause: DifferenceCause | None
    reason: str
    closed_by: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayView:
    """A compared day. `closing` and `entries` are None while any lot is sealed: they would tell how much was paid."""

    day: date
    compared_at: datetime
    closing: Money | None
    entries: int | None
    open: int
    closed: int


@dataclass(frozen=True, slots=True)
class BooksPage:
    """The newest days and the differences of those asked for."""

    days: tuple[DayView, ...]
    differences: tuple[DifferenceView, ...]


def to_compare(session: Session, now: datetime) -> list[date]:
    """Days that are over and were not compared, the oldest first: all since the last one, or yesterday where none was."""
    yesterday = legal_day(now) - timedelta(days=1)
    last = session.scalar(select(BookDay.day).order_by(BookDay.day.desc()).limit(1))
    first = yesterday if last is None else max(last + timedelta(days=1), yesterday - BACK)
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]


def page(session: Session, open_only: bool = False, sought: str = "") -> BooksPage:
    """For finance. `sought`: part of a reference, a lot's number or a party's name."""
    query = (
        select(BookDifference, Requirement.number)
        .outerjoin(Requirement, Requirement.lot_id == BookDifference.lot_id)
        .where(BookDifference.lot_id.is_(None) | Requirement.state.in_(KNOWN_TO_FINANCE))
        .order_by(BookDifference.day.desc(), BookDifference.found_at.desc(), BookDifference.id)
    )
    secret = _secret(session)
    rows = [(row, number or "") for row, number in session.execute(query.limit(5 * MOST)) if not _is_secret(row, secret)]
    seen = [
        _view(row, number)
        for row, number in rows
        if (not open_only or row.closed_at is None) and sought.strip() in f"{row.ref} {number} {row.party_name}"
    ]
    return BooksPage(_days(session, [row for row, _ in rows], secret), tuple(seen[:MOST]))


def may_be_closed(session: Session, row: BookDifference) -> bool:
    """Whether finance sees this difference: one that it cannot see is answered like one that is not there."""
    lot = None if row.lot_id is None else session.get_one(Requirement, row.lot_id)
    return (lot is None or lot.state in KNOWN_TO_FINANCE) and not _is_secret(row, _secret(session))


def _secret(session: Session) -> Secret:
    names, accounts = secret_payers(session)
    return Secret(frozenset(names), frozenset(accounts), any_sealed(session))


def _is_secret(row: BookDifference, secret: Secret) -> bool:
    """Nobody's entry whose payer has a sub-account in a lot still sealed: that it paid is secret; so is a sum that may tell of it."""
    if row.kind in (DifferenceKind.BALANCE, DifferenceKind.LEDGER):
        return secret.any
    return row.lot_id is None and secret.hides(row.party_name, row.party_account)


def _view(row: BookDifference, number: str) -> DifferenceView:
    party = f"{row.party_name} {row.party_account}".strip()
    kept = (row.state, row.cause, row.reason, row.closed_by, row.closed_at)
    return DifferenceView(row.id, row.day, row.kind, row.ref, row.fen, number, party, *kept)


def _days(session: Session, rows: list[BookDifference], secret: Secret) -> tuple[DayView, ...]:
    found = session.scalars(select(BookDay).order_by(BookDay.day.desc()).limit(31))
    return tuple(
        DayView(
            day=day.day,
            compared_at=day.compared_at,
            closing=None if secret.any else day.closing,
            entries=None if secret.any else day.entries,
            open=sum(row.day == day.day and row.closed_at is None for row in rows),
            closed=sum(row.day == day.day and row.closed_at is not None for row in rows),
        )
        for day in found
    )
