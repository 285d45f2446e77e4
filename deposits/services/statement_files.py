"""Sheets of the bank's statements: previewed, confirmed by finance's signature, then booked by the clock, some rows at a time."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, acting_person, once
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, Stale
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import NO_LOT, SYSTEM
from deposits.domain.messages import BankEntry
from deposits.domain.statement_file import MOVES, FileAction, FileBody, FileFacts, FileState, Sheet, kept_entry
from deposits.events_suspense import StatementImported
from deposits.models.bank import BankEntryRow, BankPosition
from deposits.models.suspense import StatementFile
from deposits.services import payments

CHUNK = 200  # rows booked in one use case


def preview(work: Work, sheet: Sheet, file_name: str, file_sha256: str) -> str:
    """Keeps what became of each row; nothing of it is booked. A reference that the bank has told otherwise is a fault. Returns the id."""
    if Role.FINANCE not in work.actor.roles:
        raise NotAllowed("bank_statement.finance_only")
    told = _known(work, [one.entry.ref for one in sheet.rows])
    other = [one for one in sheet.rows if one.entry.ref in told and told[one.entry.ref] != _said(one.entry)]
    faults: list[JSON] = [one.to_json() for one in sheet.faults]
    faults += [{"row": one.row, "column": "ref", "code": "bank_statement.differs", "facts": {}} for one in other]
    now = work.now()
    row = StatementFile(
        id=new_id(now),
        state=FileState.PREVIEWED,
        file_name=file_name[:120],
        file_sha256=file_sha256,
        rows=[one.to_json() for one in sheet.rows if one not in other],
        faults=faults,
        booked=0,
        known=0,
        handed_in_at=now,
        handed_in_by=acting_person(work),
    )
    work.session.add(row)
    work.session.flush()
    return str(row.id)


def _known(work: Work, refs: list[str]) -> dict[str, tuple[object, ...]]:
    found = dict[str, tuple[object, ...]]()
    for start in range(0, len(refs), 1000):
        query = select(BankEntryRow).where(BankEntryRow.ref.in_(refs[start : start + 1000]))
        found |= {row.ref: (row.credit, row.amount, row.sub_account) for row in work.session.scalars(query)}
    return found


def _said(entry: BankEntry) -> tuple[object, ...]:
    return entry.credit, entry.amount, entry.sub_account


def discard(work: Work, file_id: UUID) -> None:
    """Finance does not want it."""
    row = lock(work.session, StatementFile, StatementFile.id == file_id)
    row.state = MOVES.choose(FileAction.DISCARD, row.state, work.actor.roles, FileFacts())


def confirm(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`bank_statement.import`: finance answers for the rows that are booked. Records StatementImported; the clock books them.

    Raises RuleBroken while a row has a fault that the statement does not leave out, Stale when it is about another preview.
    """
    expect = Expect("bank_statement.import", CaseId(NO_LOT), role=Role.FINANCE, step_up=True)
    return once(work, request, expect, lambda act: _confirm(work, act))


def _confirm(work: Work, act: Act) -> dict[str, JSON]:
    said = FileBody.read(act.body)
    row = lock(work.session, StatementFile, StatementFile.id == said.id)
    rows, faults = cast("list[Any]", row.rows), cast("list[Any]", row.faults)
    facts = FileFacts(good=len(rows), bad=len(faults), left_out=said.left_out)
    row.state = MOVES.choose(FileAction.CONFIRM, row.state, frozenset({act.role}), facts)
    if (said.file_sha256, said.rows) != (row.file_sha256, len(rows)):
        raise Stale("bank_statement.other")
    work.session.flush()
    work.record(StatementImported(case=CaseId(NO_LOT), signed=act.envelope, subject=str(row.id)))
    return {"file": str(row.id), "rows": len(rows)}


def book_some(work: Work, file_id: UUID) -> None:
    """Some of a confirmed sheet's rows are taken in as the bank's notices are; a reference that came by wire changes nothing. The last ones
    finish it."""
    row = lock(work.session, StatementFile, StatementFile.id == file_id)
    if FileAction.FINISH not in MOVES.available(row.state, SYSTEM, FileFacts()):
        return
    rows = cast("list[dict[str, JSON]]", row.rows)
    seq = work.session.scalar(select(BankPosition.seq)) or 0
    some = [kept_entry(one, seq) for one in rows[row.booked : row.booked + CHUNK]]
    fresh = payments.take(work, some)
    row.booked, row.known = row.booked + len(some), row.known + len(some) - len(fresh)
    if row.booked >= len(rows):
        row.state = MOVES.choose(FileAction.FINISH, row.state, SYSTEM, FileFacts())
