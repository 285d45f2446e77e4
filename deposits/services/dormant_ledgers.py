"""Old ledgers: previewed, confirmed by finance's signature, booked by the clock, some rows at a time; and this platform's own orphans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID, uuid5

from sqlalchemy import func, insert, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.encoding import sha256
from core.kernel.errors import NotAllowed, Stale
from core.kernel.ids import CaseId, new_id, sayable
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import deposit as deposits
from deposits.domain import dormant_books as books
from deposits.domain.account import COLLECTING, normal_name
from deposits.domain.deposit import DepositAction
from deposits.domain.dormant import DormantState, Payer
from deposits.domain.dormant_ledger import MOVES, LedgerAction, LedgerFacts, LedgerKind, LedgerState
from deposits.domain.dormant_said import TakenOver, chain_of
from deposits.domain.dormant_sheet import OldDeposit, Sheet, paper
from deposits.domain.ledger import Account, held, suspense
from deposits.events_dormant import OldLedgerBooked, OldLedgerImported, OrphansTakenOver
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.dormant import DormantCount, DormantDeposit, OldLedger, OldLedgerRow
from deposits.models.requirement import Deposit
from deposits.queries import dormant as queries
from deposits.queries import orphans
from deposits.services import ledger

CHUNK = 200
SYSTEM = frozenset({Role.SYSTEM})
Source = tuple[Account, str]
"""Whence a deposit comes on the ledger, and the sub-account on which its money lies."""


def preview(work: Work, sheet: Sheet, title: str, file_sha256: str) -> str:
    """Keeps what became of a sheet; nothing of it stands on the ledger yet. Returns its number."""
    faults: list[JSON] = [one.to_json() for one in sheet.faults]
    return _keep(work, LedgerKind.IMPORTED, [row for _, row in sheet.rows], title, (file_sha256, faults))


def gather_orphans(work: Work, title: str) -> str:
    """Keeps a preview of what lies on this platform's own ledger and nobody has. Returns its number."""
    rows = orphans.to_take_over(work.session, work.now())
    return _keep(work, LedgerKind.TAKEN_OVER, rows, title, ("", []))


def _keep(work: Work, kind: LedgerKind, rows: Sequence[OldDeposit], title: str, file: tuple[str, list[JSON]]) -> str:
    if Role.FINANCE not in work.actor.roles:
        raise NotAllowed("old_ledger.confirm.not_allowed")
    now, (file_sha256, faults) = work.now(), file
    made = OldLedger(
        id=new_id(now),
        number=_next_number(work, now),
        kind=kind,
        state=LedgerState.PREVIEWED,
        title=title[:120],
        file_sha256=file_sha256,
        rows_sha256=sha256(paper(rows)).hex(),
        rows=len(rows),
        total=Money(sum(row.amount.fen for row in rows)),
        faults=faults,
        statement_sha256="",
        handed_in_at=now,
    )
    work.session.add(made)
    work.session.flush()
    kept = [{"ledger_id": made.id, "row": place, "content": row.to_json()} for place, row in enumerate(rows, 1)]
    if kept:
        work.session.execute(insert(OldLedgerRow), kept)
    return made.number


def _next_number(work: Work, now: datetime) -> str:
    year = legal_day(now).year
    insert_new(work.session.connection(), DormantCount, [{"year": year, "count": 0}])
    counter = lock(work.session, DormantCount, DormantCount.year == year)
    counter.count += 1
    return sayable("Y", year, counter.count)


def discard(work: Work, number: str) -> None:
    """Finance does not want it."""
    row = lock(work.session, OldLedger, OldLedger.number == number)
    row.state = MOVES.choose(LedgerAction.DISCARD, row.state, work.actor.roles, LedgerFacts())


def confirm(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`dormant.import`, `dormant.take_over`: finance answers for the rows. The clock books a sheet; what lies on the ledger already is
    rebooked at once.

    Raises RuleBroken for a file that was confirmed before or while a row is out and is not left out by the statement, Stale when the
    statement is about another preview.
    """
    row = lock(work.session, OldLedger, OldLedger.number == number)
    kind = "dormant.import" if row.kind is LedgerKind.IMPORTED else "dormant.take_over"
    expect = Expect(kind, CaseId(chain_of(number)), role=Role.FINANCE, step_up=True)
    return once(work, request, expect, lambda act: _confirm(work, row, act))


def _confirm(work: Work, row: OldLedger, act: Act) -> dict[str, JSON]:
    said, bad = TakenOver.read(act.body), len(cast("list[JSON]", row.faults))
    facts = LedgerFacts(row.rows, bad, said.left_out, queries.is_known_file(work.session, row.file_sha256))
    row.state = MOVES.choose(LedgerAction.CONFIRM, row.state, frozenset({act.role}), facts)
    kept = TakenOver(
        ledger=row.number, file_sha256=row.file_sha256, rows_sha256=row.rows_sha256, rows=row.rows, total=row.total, left_out=bad
    )
    if said != kept:
        raise Stale("old_ledger.other")
    row.statement_sha256, row.confirmed_at = act.payload_sha256, work.now()
    work.session.flush()
    event = OldLedgerImported if row.kind is LedgerKind.IMPORTED else OrphansTakenOver
    work.record(event(case=CaseId(chain_of(row.number)), signed=act.envelope))
    if row.kind is LedgerKind.TAKEN_OVER:
        _rebook(work, row)
    return {"ledger": row.number, "rows": row.rows, "total_fen": row.total.fen}


def book(work: Work, ledger_id: UUID) -> None:
    """Some of a confirmed sheet's rows come on the ledger; the last ones finish it. Records OldLedgerBooked."""
    sheet = lock(work.session, OldLedger, OldLedger.id == ledger_id)
    if LedgerAction.BOOK not in MOVES.available(sheet.state, SYSTEM, LedgerFacts()):
        return
    done = work.session.scalar(select(func.count()).select_from(DormantDeposit).where(DormantDeposit.ledger_id == sheet.id)) or 0
    lines = _content(work, sheet, done, CHUNK)
    if lines:
        _book(work, sheet, lines, [(books.old_bank(str(sheet.id)), COLLECTING.number)] * len(lines), is_here=False)
    if done + len(lines) == sheet.rows:
        _finish(work, sheet)


def _content(work: Work, sheet: OldLedger, after: int, most: int) -> list[tuple[int, OldDeposit]]:
    query = select(OldLedgerRow).where(OldLedgerRow.ledger_id == sheet.id, OldLedgerRow.row > after).order_by(OldLedgerRow.row)
    return [(one.row, OldDeposit.of_json(cast("Mapping[str, object]", one.content))) for one in work.session.scalars(query.limit(most))]


def _book(work: Work, sheet: OldLedger, lines: Sequence[tuple[int, OldDeposit]], sources: Sequence[Source], is_here: bool) -> None:
    now = work.now()
    made = [
        _row(sheet, place, line, now) | {"is_here": is_here, "lies_at": lies_at}
        for (place, line), (_, lies_at) in zip(lines, sources, strict=True)
    ]
    work.session.execute(insert(DormantDeposit), made)
    moved = [(source, str(row["id"]), line.amount) for (source, _), row, (_, line) in zip(sources, made, lines, strict=True)]
    ledger.book(work, books.take_over(str(uuid5(sheet.id, str(lines[0][0]))), moved))


def _row(sheet: OldLedger, place: int, line: OldDeposit, now: datetime) -> dict[str, object]:
    same = ("old_ref", "payer", "uscc", "project_number", "project", "amount", "received_on", "due_on", "bears_interest", "account")
    number = _number(sheet.number, place)
    named = line.payer if line.kind is Payer.FIRM else ""
    search = "\n".join((named, line.project, line.project_number, number))
    return {name: getattr(line, name) for name in same} | {
        "id": new_id(now),
        "number": number,
        "ledger_id": sheet.id,
        "key": line.key,
        "state": DormantState.LISTED,
        "payer_key": normal_name(line.payer),
        "payer_kind": line.kind,
        "search_text": search[:600],
        "note": line.note,
        "source": line.source,
        "reason": line.reason,
        "reason_note": "",
        "contacts": 0,
        "listed_at": now,
    }


def _number(ledger_number: str, place: int) -> str:
    """`Y2026-000001-00012`: the twelfth row that held of an old ledger."""
    return f"{ledger_number}-{place:05d}"


def _finish(work: Work, sheet: OldLedger) -> None:
    sheet.state, sheet.booked_at = MOVES.choose(LedgerAction.BOOK, sheet.state, SYSTEM, LedgerFacts()), work.now()
    case = CaseId(chain_of(sheet.number))
    work.record(OldLedgerBooked(case=case, statement_sha256=sheet.statement_sha256, rows=sheet.rows, total_fen=sheet.total))


def _rebook(work: Work, sheet: OldLedger) -> None:
    """What lay in suspense or was held goes over to the dormant deposits; raises Stale when one of them has moved since the preview."""
    lines = _content(work, sheet, 0, sheet.rows)
    found = {row.key for row in orphans.to_take_over(work.session, work.now())}
    if any(line.key not in found for _, line in lines):
        raise Stale("old_ledger.moved")
    sources = [_release(work, line) for _, line in lines]
    _book(work, sheet, lines, sources, is_here=True)
    _finish(work, sheet)


def _release(work: Work, line: OldDeposit) -> Source:
    """Takes the money from where it lay: nobody else can send it back from now on."""
    entry = work.session.scalar(select(BankEntryRow).where(BankEntryRow.ref == line.source).with_for_update(key_share=True))
    if entry is not None:
        entry.returned = entry.amount
        return suspense(str(entry.id)), entry.sub_account
    deposit = lock(work.session, Deposit, Deposit.id == UUID(line.source))
    deposit.state = deposits.MOVES.choose(DepositAction.GO_DORMANT, deposit.state, work.actor.roles, None)
    deposit.changed_at = work.now()
    for refund in work.session.scalars(select(Refund).where(Refund.deposit_id == deposit.id).with_for_update(key_share=True)):
        refund.replaced = True
    return held(str(deposit.id)), deposit.sub_account
