"""When a room stood still by a supervisor's word, for time limits that stand still with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import clock
from evaluation.domain.room_pause import Stop
from evaluation.domain.supervision import Measure
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionAct


def of_evaluation(session: Session, evaluation: UUID) -> tuple[Stop, ...]:
    """The pauses of a room, in their order."""
    lot = select(Evaluation.lot_id).where(Evaluation.id == evaluation).scalar_subquery()
    mine = SupervisionAct.lot_id == lot, SupervisionAct.measure == Measure.PAUSE
    rows = session.scalars(select(SupervisionAct).where(*mine).order_by(SupervisionAct.no))
    return tuple(_stop(row) for row in rows)


def _stop(row: SupervisionAct) -> Stop:
    words = cast("Sequence[Mapping[str, str]]", row.words)
    ended = next((clock.moment(word["at"]) for word in words if word["what"] == "resume"), None)
    return Stop(row.at, ended)
