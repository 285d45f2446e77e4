"""Sheets of experts: previewed, confirmed by the keeper's signature, then taken over by the clock, some rows at a time."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, acting_person, once
from core.kernel.db import lock
from core.kernel.errors import Stale
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.expert import ExpertState
from evaluation.domain.expert_import import MOVES, ImportAction, ImportBody, ImportFacts, ImportState
from evaluation.domain.expert_said import Profile
from evaluation.domain.expert_sheet import Sheet
from evaluation.events_experts import POOL, ExpertsImported, ExpertTakenOver
from evaluation.models.experts import ExpertTraining, PoolImport, PoolImportRow
from evaluation.services.pool import agreement_id, as_keeper, new_entry

CHUNK = 100


def preview(work: Work, sheet: Sheet, file_name: str, file_sha256: str, origin: str) -> str:
    """Keeps what became of a sheet; nothing of it stands in the pool yet. Returns its id. Raises RuleBroken for an unknown agreement."""
    as_keeper(work)
    agreement_id(work, origin)
    faults: list[JSON] = [one.to_json() for one in sheet.faults]
    row = PoolImport(
        id=new_id(work.now()),
        state=ImportState.PREVIEWED,
        file_name=file_name[:120],
        file_sha256=file_sha256,
        origin=origin,
        rows=len(sheet.rows),
        faults=faults,
        statement_sha256="",
        handed_in_at=work.now(),
        handed_in_by=acting_person(work),
    )
    work.session.add(row)
    work.session.flush()
    work.session.add_all(PoolImportRow(import_id=row.id, row=one.row, content=one.to_json(), number="") for one in sheet.rows)
    return str(row.id)


def discard(work: Work, import_id: UUID) -> None:
    """The keeper does not want it."""
    row = lock(work.session, PoolImport, PoolImport.id == import_id)
    row.state = MOVES.choose(ImportAction.DISCARD, row.state, work.actor.roles, ImportFacts())


def confirm(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """`pool.import`: the keeper answers for the rows that come in. Records ExpertsImported; the clock takes them over.

    Raises RuleBroken while a row is out and is not left out by the statement, Stale when the statement is about another preview.
    """
    return once(work, request, Expect("pool.import", POOL, role=Role.CENTRE, step_up=True), lambda act: _confirm(work, act))


def _confirm(work: Work, act: Act) -> dict[str, JSON]:
    said = ImportBody.read(act.body)
    row = lock(work.session, PoolImport, PoolImport.id == said.id)
    bad = len(cast("list[Any]", row.faults))
    facts = ImportFacts(good=row.rows, bad=bad, leaves_out=said.left_out == bad)
    row.state = MOVES.choose(ImportAction.CONFIRM, row.state, work.actor.roles, facts)
    if (said.file_sha256, said.origin, said.rows) != (row.file_sha256, row.origin, row.rows):
        raise Stale("import.other")
    row.statement_sha256 = act.payload_sha256
    work.session.flush()
    work.record(ExpertsImported(case=POOL, signed=act.envelope, subject=str(row.id)))
    return {"import": str(row.id), "rows": row.rows}


def take_over(work: Work, import_id: UUID) -> None:
    """Some of a confirmed sheet's rows become entries, each on a chain of its own; the last ones finish it. Records ExpertTakenOver."""
    sheet = lock(work.session, PoolImport, PoolImport.id == import_id)
    if MOVES.available(sheet.state, work.actor.roles, ImportFacts()) != (ImportAction.FINISH,):
        return
    waiting = select(PoolImportRow).where(PoolImportRow.import_id == sheet.id, PoolImportRow.number == "").order_by(PoolImportRow.row)
    for row in work.session.scalars(waiting.limit(CHUNK)).all():
        row.number = _take_over(work, sheet, cast("dict[str, Any]", row.content))
    work.session.flush()
    left = work.session.scalar(select(func.count()).select_from(waiting.subquery()))
    if not left:
        sheet.state = MOVES.choose(ImportAction.FINISH, sheet.state, work.actor.roles, ImportFacts())


def _take_over(work: Work, sheet: PoolImport, content: dict[str, Any]) -> str:
    profile = Profile.read(content["profile"])
    entry = new_entry(work, profile)
    entry.state, entry.profile_sha256, entry.admitted_at = ExpertState.ACTIVE, profile.sha256, work.now()
    work.session.flush()
    if (told := content["training"]) is not None:
        work.session.add(
            ExpertTraining(
                id=new_id(work.now()),
                expert_id=entry.id,
                on_day=date.fromisoformat(told["on"]),
                until_day=date.fromisoformat(told["until"]),
                hours=told["hours"],
                course=told["course"],
                is_partners=bool(sheet.origin),
            )
        )
    event = ExpertTakenOver(
        case=CaseId(entry.number),
        statement_sha256=sheet.statement_sha256,
        row=content["row"],
        profile=profile.to_json(),
        training=told,
    )
    work.record(event)
    return entry.number
