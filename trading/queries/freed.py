"""Whether projects of a kind are freed of deposits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from deposits.domain.relief import Freed
from deposits.domain.relief import Project as Kind
from deposits.queries import reliefs
from trading.models.project import Project
from trading.queries.lots import LotView


def freed_of(session: Session, of: LotView | Project, at: datetime) -> Freed | None:
    """What frees such projects of deposits at a moment, by signatures that stood then; None where nothing does."""
    return reliefs.freed(session, Kind(of.regime.value, of.category.value, of.region), at)
