"""The archive for centre and supervisor: cases that wait to be filed, the list with its search, one case with checks and holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, exists, func, select, tuple_
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, OrgId
from core.kernel.roles import Role
from trading.domain.archive import MOVES, ArchiveAction, ArchiveFacts, ArchiveState, Filing, Secrecy
from trading.domain.clock import LegalRegime
from trading.domain.project import ProjectState, roles_of
from trading.domain.retention import Retention, allowed
from trading.models.archive import Archive, ArchiveHold
from trading.models.project import Project

MOST = 100
KEEPERS = frozenset({Role.CENTRE, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLine:
    """A filed case as a list shows it; `holds`: how many orders keep it as it is."""

    case: CaseId
    number: str
    title: str
    responsible: str
    regime: LegalRegime
    secrecy: Secrecy
    retention: Retention
    kept_until: date | None
    files: int
    package_size: int
    filed_at: datetime
    holds: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A closed case that is not filed yet."""

    case: CaseId
    title: str
    tenderer_name: str
    closed_at: datetime
    state: ArchiveState


@dataclass(frozen=True, slots=True)
class HoldView:
    """An order that keeps a case as it is, or did; `may_lift`: the reader may lift it."""

    document: str
    reason: str
    org_name: str
    placed_by: Role
    placed_at: datetime
    statement_sha256: str
    lifted_at: datetime | None
    lifted_by: str
    lift_document: str
    lift_reason: str
    may_lift: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveView:
    """One closed case on its way into the archive or in it. Before it is described its own members are None or empty."""

    case: CaseId
    project_title: str
    regime: LegalRegime
    tenderer_name: str
    agency_name: str
    registered_at: datetime
    closed_at: datetime
    allowed: tuple[Retention, ...]
    state: ArchiveState
    number: str
    fonds: str
    title: str
    responsible: str
    secrecy: Secrecy
    retention: Retention
    kept_until: date | None
    reasons: dict[str, str]
    checks: dict[str, Any] | None
    checks_hold: bool
    package_sha256: str
    package_size: int
    files: int
    filing: dict[str, Any] | None  # what is signed, once a package is prepared
    prepared_at: datetime | None
    filed_at: datetime | None
    statement_sha256: str
    holds: tuple[HoldView, ...]
    available: tuple[ArchiveAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFilter:
    """What a reader looks for; "" or None leaves it open. `words`: all must stand in number, title, responsible party, case or tenderer."""

    words: str = ""
    retention: Retention | None = None
    secrecy: Secrecy | None = None
    regime: LegalRegime | None = None
    year: int | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """Some filed cases, the youngest first; `after` is where the next page begins, "" on the last."""

    archives: tuple[ArchiveLine, ...]
    after: str


def page(session: Session, wanted: ArchiveFilter, after: str = "", limit: int = 20) -> ArchivePage:
    """At most `limit` (100) filed cases before that of the case `after`; raises NotFound for one that is not filed."""
    query = _filtered(wanted)
    if after:
        last = session.execute(_filed().where(Project.number == after)).one_or_none()
        if last is None:
            raise NotFound("archive.not_found")
        query = query.where(tuple_(Archive.filed_at, Archive.id) < (last[0].filed_at, last[0].id))
    limit = min(limit, MOST)
    rows = [_line(*row) for row in session.execute(query.limit(limit + 1))]
    return ArchivePage(tuple(rows[:limit]), rows[limit - 1].case if len(rows) > limit else "")


def lines(session: Session, wanted: ArchiveFilter, limit: int) -> tuple[ArchiveLine, ...]:
    """At most `limit` filed cases, the youngest first."""
    return tuple(_line(*row) for row in session.execute(_filtered(wanted).limit(limit)))


def years(session: Session) -> tuple[int, ...]:
    """The years under which cases are filed, the newest first."""
    found = select(Archive.year).where(Archive.state == ArchiveState.FILED).distinct().order_by(Archive.year.desc())
    return tuple(session.scalars(found))


def waiting(session: Session) -> tuple[Waiting, ...]:
    """At most 100 closed cases that are not filed yet, the oldest first."""
    query = select(Project, Archive.state).outerjoin(Archive, Archive.project_id == Project.id)
    query = query.where(Project.state == ProjectState.CLOSED, (Archive.id.is_(None)) | (Archive.state != ArchiveState.FILED))
    rows = session.execute(query.order_by(Project.closed_at, Project.number).limit(MOST))
    return tuple(
        Waiting(CaseId(row.number), row.title, row.tenderer_name, row.closed_at, state or ArchiveState.NONE)
        for row, state in rows
        if row.closed_at is not None
    )


def by_case(session: Session, case: str, actor: Actor) -> ArchiveView:
    """A closed case for centre and supervisor; raises NotFound for everybody else, and while it is open."""
    project = session.scalar(select(Project).where(Project.number == case))
    if project is None or not is_closed(project) or not actor.roles & KEEPERS:
        raise NotFound("archive.not_found")
    row = session.scalar(select(Archive).where(Archive.project_id == project.id))
    return _view(session, project, row, actor)


def filing_of(row: Archive) -> Filing:
    """What the archivist signs of a prepared package."""
    return Filing(
        number=row.number,
        retention=row.retention,
        kept_until=row.kept_until,
        package_sha256=row.package_sha256,
        metadata_sha256=row.metadata_sha256,
        checks_sha256=row.checks_sha256,
    )


def filed(session: Session, case: str) -> Filing | None:
    """What was filed of a case, None while nothing is."""
    row = session.scalar(select(Archive).join(Project, Project.id == Archive.project_id).where(Project.number == case))
    return filing_of(row) if row is not None and row.state is ArchiveState.FILED else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive says of a case: whether it is closed and filed, and how many orders hold it."""

    is_closed: bool
    is_filed: bool
    holds: int


def kept(session: Session, case: str) -> Kept:
    """The same for whoever keeps something of that case. Raises NotFound."""
    project = session.scalar(select(Project).where(Project.number == case))
    if project is None:
        raise NotFound("project.not_found")
    row = session.scalar(select(Archive).where(Archive.project_id == project.id))
    if row is None:
        return Kept(is_closed(project), False, 0)
    standing = select(func.count()).where(ArchiveHold.archive_id == row.id, ArchiveHold.lifted_at.is_(None))
    return Kept(is_closed(project), row.filed_at is not None, session.scalar(standing) or 0)


def is_closed(project: Project) -> bool:
    """Whether the chain of the case has its end."""
    return project.state is ProjectState.CLOSED and project.closed_at is not None


def _filed() -> Select[Archive, Project, int]:
    standing = select(func.count()).where(ArchiveHold.archive_id == Archive.id, ArchiveHold.lifted_at.is_(None))
    query = select(Archive, Project, standing.scalar_subquery()).join(Project, Project.id == Archive.project_id)
    return cast("Select[Archive, Project, int]", query.where(Archive.state == ArchiveState.FILED))


def _filtered(wanted: ArchiveFilter) -> Select[Archive, Project, int]:
    query = _filed()
    for word in wanted.words.split()[:8]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(Archive.search_text.ilike(pattern, escape="\\"))
    for name in ("retention", "secrecy", "year"):
        if value := getattr(wanted, name):
            query = query.where(getattr(Archive, name) == value)
    if wanted.regime:
        query = query.where(Project.regime == wanted.regime)
    if wanted.held:
        query = query.where(exists().where(ArchiveHold.archive_id == Archive.id, ArchiveHold.lifted_at.is_(None)))
    return query.order_by(Archive.filed_at.desc(), Archive.id.desc())


def _line(row: Archive, project: Project, holds: int) -> ArchiveLine:
    assert row.filed_at is not None  # it is filed
    same = {name: getattr(row, name) for name in _LINE}
    return ArchiveLine(case=CaseId(project.number), regime=project.regime, filed_at=row.filed_at, holds=holds, **same)


_LINE = ("number", "title", "responsible", "secrecy", "retention", "kept_until", "files", "package_size")
_OWN = (
    *("number", "fonds", "title", "responsible", "secrecy", "retention", "kept_until", "checks_hold"),
    *("package_sha256", "package_size", "files", "prepared_at", "filed_at", "statement_sha256", "state"),
)


def _view(session: Session, project: Project, row: Archive | None, actor: Actor) -> ArchiveView:
    assert project.closed_at is not None  # it is closed
    classes = allowed(project.regime, legal_day(project.closed_at))
    facts = ArchiveFacts(case_closed=True, checks_hold=row is not None and row.checks_hold)
    roles = roles_of(actor, OrgId(project.tenderer_org), OrgId(project.agency_org))
    state = ArchiveState.NONE if row is None else row.state
    prepared = row is not None and row.prepared_at is not None and state is not ArchiveState.DESCRIBED
    own: dict[str, Any] = _nothing(project, classes) if row is None else {name: getattr(row, name) for name in _OWN}
    return ArchiveView(
        case=CaseId(project.number),
        project_title=project.title,
        regime=project.regime,
        tenderer_name=project.tenderer_name,
        agency_name=project.agency_name,
        registered_at=project.drafted_at,
        closed_at=project.closed_at,
        allowed=classes,
        reasons=cast("dict[str, str]", row.reasons) if row is not None else {},
        checks=cast("dict[str, Any]", row.checks) if row is not None and prepared else None,
        filing=filing_of(row).to_json() if row is not None and prepared else None,
        holds=() if row is None else _holds(session, row, roles),
        available=MOVES.available(state, roles, facts),
        **own,
    )


def _nothing(project: Project, classes: tuple[Retention, ...]) -> dict[str, Any]:
    """What stands in the form before anything was said: the project's own title and tenderer."""
    texts = dict.fromkeys(("number", "fonds", "package_sha256", "statement_sha256"), "")
    chosen = Retention.YEARS_30 if Retention.YEARS_30 in classes else classes[0]
    moments = dict.fromkeys(("kept_until", "prepared_at", "filed_at"))
    said = {"title": project.title, "responsible": project.tenderer_name, "secrecy": Secrecy.INTERNAL, "retention": chosen}
    return {**texts, **moments, **said, "checks_hold": False, "package_size": 0, "files": 0, "state": ArchiveState.NONE}


def _holds(session: Session, row: Archive, roles: frozenset[Role]) -> tuple[HoldView, ...]:
    placed = session.scalars(select(ArchiveHold).where(ArchiveHold.archive_id == row.id).order_by(ArchiveHold.placed_at, ArchiveHold.id))
    return tuple(_hold(one, row.state, roles) for one in placed)


def _hold(one: ArchiveHold, state: ArchiveState, roles: frozenset[Role]) -> HoldView:
    facts = ArchiveFacts(
        stands=one.lifted_at is None,
        by_supervisor=one.placed_by is Role.SUPERVISOR,
        is_supervisor=Role.SUPERVISOR in roles,
    )
    same = {name: getattr(one, name) for name in _HOLD}
    return HoldView(may_lift=ArchiveAction.LIFT in MOVES.available(state, roles, facts), **same)


_HOLD = (
    *("document", "reason", "org_name", "placed_by", "placed_at", "statement_sha256"),
    *("lifted_at", "lifted_by", "lift_document", "lift_reason"),
)
