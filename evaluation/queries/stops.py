"""When a room stood still by a supervisor's word, a fault, or for the night, for time limits that stand still with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import clock
from evaluation.domain.room_pause import Stop
from evaluation.domain.supervision import Measure
from evaluation.models.contingency import Halt
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionAct


def of_evaluation(session: Session, evaluation: UUID) -> tuple[Stop, ...]:
    """The pauses and halts of a room, each kind in its order."""
    lot = select(Evaluation.lot_id).where(Evaluation.id == evaluation).scalar_subquery()
    mine = SupervisionAct.lot_id == lot, SupervisionAct.measure == Measure.PAUSE
    rows = session.scalars(select(SupervisionAct).where(*mine).order_by(SupervisionAct.no))
    halts = session.execute(select(Halt.at, Halt.ended_at).where(Halt.evaluation_id == evaluation).order_by(Halt.at))
    return (*(_stop(row) for row in rows), *(Stop(at, ended_at) for at, ended_at in halts))


def _stop(row: SupervisionAct) -> Stop:
    words = cast("Sequence[Mapping[str, str]]", row.words)
    ended = next((clock.moment(word["at"]) for word in words if word["what"] == "resume"), None)
    return Stop(row.at, ended)
