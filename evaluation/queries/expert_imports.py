"""Sheets of experts that were handed in: what became of each row, and which wait to be taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from evaluation.domain.expert import ExpertState
from evaluation.domain.expert_import import ImportState
from evaluation.models.experts import Expert, PoolImport, PoolImportRow

SHOWN, LATEST, AT_ONCE = 20, 20, 10


@dataclass(frozen=True, slots=True)
class ImportView:
    """A sheet: counts, its first rows, all faults, and how many rows stand in the pool by now."""

    id: UUID
    state: ImportState
    file_name: str
    file_sha256: str
    origin: str
    rows: int
    faults: tuple[dict[str, Any], ...]
    handed_in_at: datetime
    shown: tuple[dict[str, Any], ...]
    taken_over: int


def one(session: Session, import_id: UUID) -> ImportView:
    """One sheet; raises NotFound."""
    row = session.get(PoolImport, import_id)
    if row is None:
        raise NotFound("pool_import.not_found")
    return _view(session, row)


def latest(session: Session) -> tuple[ImportView, ...]:
    """The newest sheets."""
    return tuple(_view(session, row) for row in session.scalars(select(PoolImport).order_by(PoolImport.id.desc()).limit(LATEST)))


def waiting(session: Session, now: datetime) -> list[UUID]:
    """Confirmed sheets, each as often as some of its rows may be taken over in one beat of the clock."""
    rows = session.scalars(select(PoolImport.id).where(PoolImport.state == ImportState.CONFIRMED).order_by(PoolImport.id))
    return [row for row in rows for _ in range(AT_ONCE)]


def known(session: Session) -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """Who stands in the pool, by name and credit code of the employer, and by what partners call them."""
    rows = list(session.execute(select(Expert.name, Expert.employer_uscc, Expert.origin_key).where(Expert.state != ExpertState.REMOVED)))
    return frozenset((name, uscc) for name, uscc, _ in rows), frozenset(key for _, _, key in rows if key)


def _view(session: Session, row: PoolImport) -> ImportView:
    mine = select(PoolImportRow).where(PoolImportRow.import_id == row.id).order_by(PoolImportRow.row)
    shown = tuple(cast("dict[str, Any]", one.content) for one in session.scalars(mine.limit(SHOWN)))
    done = session.scalar(
        select(func.count()).select_from(PoolImportRow).where(PoolImportRow.import_id == row.id, PoolImportRow.number != "")
    )
    faults = tuple(cast("list[dict[str, Any]]", row.faults))
    return ImportView(row.id, row.state, row.file_name, row.file_sha256, row.origin, row.rows, faults, row.handed_in_at, shown, done or 0)
