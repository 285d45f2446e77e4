"""The books of a day: the bank's statement held against ours, what does not agree kept, and closed by a person with its cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, case, func, select, type_coerce

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import end_of, start_of
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, Stale
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import HOLDS_MONEY
from deposits.domain.ledger import BANK, AccountKind
from deposits.domain.matching import Outcome
from deposits.domain.reconciliation import (
    CHAIN,
    MOVES,
    Booked,
    ClosingBody,
    Difference,
    DifferenceAction,
    DifferenceState,
    compare_deposits,
    compare_entries,
    compare_sums,
)
from deposits.domain.statement import Statement
from deposits.events_reconciliation import DifferenceClosed
from deposits.models.bank import BankEntryRow
from deposits.models.ledger import LedgerAccount
from deposits.models.reconciliations import BookDay, BookDifference
from deposits.models.requirement import Deposit
from deposits.queries.books import may_be_closed


def compare_day(work: Work, statement: Statement) -> int:
    """Holds the statement of a day against the entries that we took in, the ledger and the deposits; keeps what does not agree. A day is
    compared once. Returns the number of differences."""
    now, day = work.now(), statement.day
    fresh = {"day": day, "compared_at": now, "closing": statement.closing, "entries": len(statement.entries), "gap": 0}
    if not insert_new(work.session.connection(), BookDay, [fresh]):
        return 0
    bank = [Booked(one.ref, one.credit, one.amount, one.sub_account, one.party_name, one.party_account) for one in statement.entries]
    known = _known(work, day)
    row = work.session.get_one(BookDay, day)
    row.gap = statement.closing.fen - known
    found = compare_entries(bank, _ours(work, day))
    found += compare_sums(
        closing=statement.closing.fen, known=known, explained=_explained(work), ledger=_ledger(work), gap_before=_gap_before(work, day)
    )
    found += compare_deposits(*_deposits(work))
    lots = _lots(work, found)
    work.session.add_all(_row(now, day, one, lots) for one in found)
    return len(found)


def _row(now: object, day: date, one: Difference, lots: dict[str, UUID]) -> BookDifference:
    about = one.about
    return BookDifference(
        id=new_id(now),  # type: ignore[arg-type]
        day=day,
        kind=one.kind,
        ref=one.ref,
        fen=one.fen,
        lot_id=lots.get(about.sub_account if about else one.ref),
        party_name=about.party_name if about else "",
        party_account=about.party_account if about else "",
        found_at=now,
        state=DifferenceState.OPEN,
        cause=None,
        reason="",
        closed_by="",
        closed_at=None,
    )


def _ours(work: Work, day: date) -> list[Booked]:
    row = BankEntryRow
    columns = row.ref, row.credit, row.amount, row.sub_account, row.party_name, row.party_account, row.outcome
    found = select(*columns).where(row.booked_at >= start_of(day), row.booked_at < end_of(day))
    return [
        Booked(ref, credit, amount, sub_account, name, account, explained=outcome is not Outcome.UNEXPLAINED)
        for ref, credit, amount, sub_account, name, account, outcome in work.session.execute(found)
    ]


_FEN = type_coerce(BankEntryRow.amount, BigInteger)  # signed sums are no Money
_SUM = func.coalesce(func.sum(case((BankEntryRow.credit.is_(True), _FEN), else_=-_FEN)), 0)


def _known(work: Work, day: date) -> int:
    return int(work.session.scalar(select(_SUM).where(BankEntryRow.booked_at < end_of(day))) or 0)


def _explained(work: Work) -> int:
    return int(work.session.scalar(select(_SUM).where(BankEntryRow.outcome != Outcome.UNEXPLAINED)) or 0)


def _ledger(work: Work) -> int:
    row = work.session.get(LedgerAccount, BANK.key)
    return row.balance.fen if row else 0


def _gap_before(work: Work, day: date) -> int:
    query = select(BookDay.gap).where(BookDay.day < day).order_by(BookDay.day.desc()).limit(1)
    return work.session.scalar(query) or 0


def _deposits(work: Work) -> tuple[dict[UUID, int], dict[UUID, int]]:
    says = select(Deposit.id, Deposit.paid).where(Deposit.state.in_(HOLDS_MONEY))
    holds = select(LedgerAccount.of, LedgerAccount.balance).where(LedgerAccount.kind == AccountKind.HELD)
    expected = {key: paid.fen for key, paid in work.session.execute(says)}
    return expected, {UUID(of): balance.fen for of, balance in work.session.execute(holds) if balance.fen}


def _lots(work: Work, found: Sequence[Difference]) -> dict[str, UUID]:
    """Sub-account or deposit → lot, for those that are a lot's."""
    accounts = {one.about.sub_account for one in found if one.about}
    deposits = {UUID(one.ref) for one in found if not one.about and one.ref}
    query = select(Deposit.id, Deposit.sub_account, Deposit.lot_id).where(Deposit.sub_account.in_(accounts) | Deposit.id.in_(deposits))
    lots: dict[str, UUID] = {}
    for key, account, lot in work.session.execute(query):
        lots |= {account: lot, str(key): lot}
    return lots


def close(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """A person of finance closes a difference with its cause and a reason. Raises Stale "difference.other", NotFound for
    what finance may not see yet. Records DifferenceClosed."""
    return once(work, request, Expect("difference.close", CHAIN, role=Role.FINANCE, step_up=True), lambda act: _close(work, act))


def _close(work: Work, act: Act) -> dict[str, JSON]:
    said = ClosingBody.read(act.body)
    row = lock(work.session, BookDifference, BookDifference.id == said.difference)
    if not may_be_closed(work.session, row):
        raise NotFound("book_difference.not_found")
    if (row.day, row.kind) != (said.day, said.kind):
        raise Stale("difference.other")
    row.state = MOVES.choose(DifferenceAction.CLOSE, row.state, frozenset({act.role}), None)
    row.cause, row.reason, row.closed_at = said.cause, said.reason, work.now()
    row.closed_by = people.person(work.session, act.person).name
    work.record(DifferenceClosed(case=CHAIN, signed=act.envelope, subject=str(row.id)))
    return {"difference": str(row.id)}
