"""Statements of the bank that were handed in as sheets: what became of each row, and which wait to be booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from deposits.domain.statement_file import FileState
from deposits.models.suspense import StatementFile

SHOWN, LATEST, AT_ONCE = 20, 30, 5


@dataclass(frozen=True, slots=True)
class FileView:
    """A sheet: its first rows, all its faults, and how many rows are booked."""

    id: UUID
    state: str
    file_name: str
    file_sha256: str
    rows: int
    faults: tuple[dict[str, Any], ...]
    shown: tuple[dict[str, Any], ...]
    booked: int
    known: int
    handed_in_at: datetime


def one(session: Session, file_id: UUID) -> FileView:
    """One sheet; raises NotFound "statement_file.not_found"."""
    row = session.get(StatementFile, file_id)
    if row is None:
        raise NotFound("statement_file.not_found")
    return _view(row)


def latest(session: Session) -> tuple[FileView, ...]:
    """The newest sheets."""
    return tuple(_view(row) for row in session.scalars(select(StatementFile).order_by(StatementFile.id.desc()).limit(LATEST)))


def waiting(session: Session, _now: datetime) -> list[UUID]:
    """Confirmed sheets, each as often as some of its rows may be booked in one beat of the clock."""
    rows = session.scalars(select(StatementFile.id).where(StatementFile.state.in_((FileState.CONFIRMED,))).order_by(StatementFile.id))
    return [row for row in rows for _ in range(AT_ONCE)]


def _view(row: StatementFile) -> FileView:
    rows, faults = cast("list[dict[str, Any]]", row.rows), cast("list[dict[str, Any]]", row.faults)
    by_row = sorted(faults, key=lambda fault: int(fault["row"]))
    ids = (row.id, row.state.value, row.file_name, row.file_sha256)
    return FileView(*ids, len(rows), tuple(by_row), tuple(rows[:SHOWN]), row.booked, row.known, row.handed_in_at)
