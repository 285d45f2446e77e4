"""Numbers of invented tenders."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.drills import PREFIX
from core.kernel.ids import CaseId, sayable
from trading.models.project import Project


def next_case(session: Session, year: int) -> CaseId:
    """The number that the next drill of a Beijing year gets."""
    count = session.scalar(select(func.count()).select_from(Project).where(Project.number.like(f"{PREFIX}{year}-%"))) or 0
    return CaseId(sayable(PREFIX, year, count + 1))
