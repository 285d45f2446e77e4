"""The archive: a closed case is described, its package taken in, filed under the archivist's signature, held and let go again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.archive import (
    MOVES,
    ArchiveAction,
    ArchiveFacts,
    ArchiveState,
    Description,
    Filing,
    Order,
    archive_number,
    chain_of,
)
from trading.domain.lot import MOVES as LOT_MOVES
from trading.domain.lot import LotAction
from trading.domain.project import roles_of
from trading.domain.retention import check_retention, kept_until
from trading.events_archive import ArchiveHeld, ArchiveHoldLifted, CaseArchived
from trading.models.archive import Archive, ArchiveCount, ArchiveHold
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.archives import filing_of, is_closed
from trading.queries.lots import facts as lot_facts
from trading.services.openings import force_checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A package that was made outside the transaction, with the report of its checks."""

    package_sha256: str
    package_size: int
    metadata_sha256: str
    checks_sha256: str
    checks: Mapping[str, JSON]
    holds: bool
    files: int


def describe(work: Work, case: str, content: Mapping[str, JSON]) -> str:
    """The centre says what the case is filed as; it gets its file number, which stays as long as fonds and class stay. What was prepared
    before counts no more. Returns the number; raises RuleBroken with the article for a class that is too short."""
    project = _hold(work, case)
    said = Description.read(content)
    row = work.session.scalar(select(Archive).where(Archive.project_id == project.id))
    state = ArchiveState.NONE if row is None else row.state
    state = MOVES.choose(ArchiveAction.DESCRIBE, state, _roles(work, project), ArchiveFacts(case_closed=is_closed(project)))
    assert project.closed_at is not None  # the table let nobody pass without it
    closed_on = legal_day(project.closed_at)
    check_retention(said.retention, project.regime, closed_on)
    if row is None:
        row = _begun(work, project)
    if (row.fonds, row.year, row.retention) != (said.fonds, closed_on.year, said.retention):
        row.serial = _next(work, said, closed_on.year)
    row.state, row.fonds, row.year, row.retention = state, said.fonds, closed_on.year, said.retention
    row.number = archive_number(said.fonds, closed_on.year, said.retention, row.serial)
    row.title, row.responsible, row.secrecy, row.reasons = said.title, said.responsible, said.secrecy, dict(said.reasons)
    row.kept_until = kept_until(said.retention, closed_on)
    words = (row.number, said.title, said.responsible, project.number, project.title, project.tenderer_name)
    row.search_text = "\n".join(words)[:1000]
    work.session.add(row)
    return row.number


def _begun(work: Work, project: Project) -> Archive:
    digests = dict.fromkeys(("package_sha256", "metadata_sha256", "checks_sha256", "statement_sha256"), "")
    counts = dict.fromkeys(("serial", "package_size", "files"), 0)
    return Archive(id=new_id(work.now()), project_id=project.id, fonds="", year=0, checks_hold=False, **digests, **counts)


def _next(work: Work, said: Description, year: int) -> int:
    """The next number of the fonds in that year and class; its row is the lock."""
    key = {"fonds": said.fonds, "year": year, "retention": said.retention}
    insert_new(work.session.connection(), ArchiveCount, [key | {"count": 0}])
    same = (ArchiveCount.fonds == said.fonds) & (ArchiveCount.year == year) & (ArchiveCount.retention == said.retention)
    counter = lock(work.session, ArchiveCount, same)
    counter.count += 1
    return counter.count


def prepare(work: Work, case: str, number: str, made: Made) -> str:
    """Takes in the package that was made for `number`; it waits for the signature. Returns the digest of the package that it replaces, ""
    for none. Raises WrongState where the case was described anew meanwhile."""
    project = _hold(work, case)
    row = _row(work, project)
    row.state = MOVES.choose(ArchiveAction.PREPARE, row.state, _roles(work, project), ArchiveFacts(case_closed=is_closed(project)))
    if row.number != number:
        raise WrongState("archive.described_anew")
    before = row.package_sha256
    row.package_sha256, row.package_size, row.files = made.package_sha256, made.package_size, made.files
    row.metadata_sha256, row.checks_sha256 = made.metadata_sha256, made.checks_sha256
    row.checks, row.checks_hold, row.prepared_at = dict(made.checks), made.holds, work.now()
    return before if before != made.package_sha256 else ""


def file(work: Work, case: str, request: SignedRequest) -> dict[str, JSON]:
    """The archivist signs what goes into the archive; lots that ended with a contract are archived by it. Raises RuleBroken while a check
    does not hold, or where another package was signed."""
    expect = Expect("case.archive", chain_of(case), role=Role.CENTRE, step_up=True)
    return once(work, request, expect, lambda act: _file(work, case, act))


def _file(work: Work, case: str, act: Act) -> dict[str, JSON]:
    project = _hold(work, case)
    row = _row(work, project)
    said = Filing.read(act.body)
    facts = ArchiveFacts(checks_hold=row.checks_hold, is_same=said == filing_of(row))
    row.state = MOVES.choose(ArchiveAction.FILE, row.state, _roles(work, project) & {act.role}, facts)
    row.filed_at, row.statement_sha256 = work.now(), act.payload_sha256
    for lot in work.session.scalars(select(Lot).where(Lot.project_id == project.id).order_by(Lot.number).with_for_update()):
        told = lot_facts(lot, row.filed_at)
        if LotAction.ARCHIVE in LOT_MOVES.available(lot.state, frozenset({act.role}), told):
            lot.state = LOT_MOVES.choose(LotAction.ARCHIVE, lot.state, frozenset({act.role}), told)
    event = CaseArchived(case=chain_of(case), signed=act.envelope, number=said.number, package_sha256=said.package_sha256)
    work.record(event)
    force_checkpoint(work, "case.archive", case)
    return {"case": case, "number": row.number, "state": row.state.value}


def hold(work: Work, case: str, request: SignedRequest) -> dict[str, JSON]:
    """Centre or supervisor has a filed case kept as it is (封存); several holds may stand at once."""
    expect = Expect("archive.hold", chain_of(case), step_up=True)
    return once(work, request, expect, lambda act: _place(work, case, act))


def _place(work: Work, case: str, act: Act) -> dict[str, JSON]:
    project = _hold(work, case)
    row = _row(work, project)
    row.state = MOVES.choose(ArchiveAction.HOLD, row.state, _roles(work, project) & {act.role}, ArchiveFacts())
    said = Order.read(act.body, lifts=False)
    placed = ArchiveHold(
        id=new_id(work.now()),
        archive_id=row.id,
        placed_by=act.role,
        org_name=_org_name(work, act),
        document=said.document,
        reason=said.reason,
        statement_sha256=act.payload_sha256,
        placed_at=work.now(),
        **dict.fromkeys(("lifted_by", "lift_document", "lift_reason"), ""),
    )
    work.session.add(placed)
    work.record(ArchiveHeld(case=chain_of(case), signed=act.envelope, document=said.document, reason=said.reason))
    work.session.flush()
    return {"case": case, "hold": act.payload_sha256, "holds": standing(work, row)}


def lift(work: Work, case: str, request: SignedRequest) -> dict[str, JSON]:
    """Lifts a hold; a supervisor's is lifted by a supervisor alone."""
    expect = Expect("archive.lift", chain_of(case), step_up=True)
    return once(work, request, expect, lambda act: _lift(work, case, act))


def _lift(work: Work, case: str, act: Act) -> dict[str, JSON]:
    project = _hold(work, case)
    row = _row(work, project)
    said = Order.read(act.body, lifts=True)
    placed = lock(work.session, ArchiveHold, ArchiveHold.archive_id == row.id, ArchiveHold.statement_sha256 == said.hold)
    facts = ArchiveFacts(
        stands=placed.lifted_at is None,
        by_supervisor=placed.placed_by is Role.SUPERVISOR,
        is_supervisor=act.role is Role.SUPERVISOR,
    )
    row.state = MOVES.choose(ArchiveAction.LIFT, row.state, _roles(work, project) & {act.role}, facts)
    placed.lifted_at, placed.lifted_by = work.now(), _org_name(work, act)
    placed.lift_document, placed.lift_reason = said.document, said.reason
    event = ArchiveHoldLifted(case=chain_of(case), signed=act.envelope, hold=said.hold, document=said.document, reason=said.reason)
    work.record(event)
    work.session.flush()
    return {"case": case, "hold": said.hold, "holds": standing(work, row)}


def standing(work: Work, row: Archive) -> int:
    """How many holds stand on a filed case."""
    query = select(func.count()).where(ArchiveHold.archive_id == row.id, ArchiveHold.lifted_at.is_(None))
    return int(work.session.scalar(query) or 0)


def keeping(work: Work, case: str) -> tuple[bool, int]:
    """Whether a case is filed in the archive, and how many holds stand on it; nobody files, holds or lifts until this use case is over.
    Raises NotFound."""
    project = _hold(work, case)
    row = work.session.scalar(select(Archive).where(Archive.project_id == project.id))
    return (False, 0) if row is None else (row.filed_at is not None, standing(work, row))


def _hold(work: Work, case: str) -> Project:
    """The project of a case, locked: all that is done to its archive queues here."""
    return lock(work.session, Project, Project.number == CaseId(case))


def _row(work: Work, project: Project) -> Archive:
    row = work.session.scalar(select(Archive).where(Archive.project_id == project.id).with_for_update())
    if row is None:
        raise NotFound("archive.not_found")
    return row


def _roles(work: Work, project: Project) -> frozenset[Role]:
    return roles_of(work.actor, OrgId(project.tenderer_org), OrgId(project.agency_org))


def _org_name(work: Work, act: Act) -> str:
    if act.org is None:
        raise RuleBroken("archive.no_organisation")
    return people.organisation(work.session, act.org).name
