"""Rounds of prequalification as other rooms and pages see them; nothing here counts or names who applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from trading.domain.document import FileEntry
from trading.domain.lot import LotState
from trading.domain.periods import LegalRegime
from trading.domain.prequalification import Criterion, Reviewers, RoundDocument, RoundFacts, RoundState
from trading.models.lot import Lot
from trading.models.prequalification import Prequalification


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round. Applications are taken from `release_at` until `deadline`, on which they are closed; moments are None before the notice."""

    lot: LotId
    state: RoundState
    document_sha256: str
    files: tuple[FileEntry, ...]
    criteria: tuple[Criterion, ...]
    reviewers: Reviewers
    state_funds: bool
    title: str
    notice: str
    release_at: datetime | None
    release_until: datetime | None
    deadline: datetime | None
    noticed_at: datetime | None
    closed_at: datetime | None
    opened_at: datetime | None
    drawn: str
    concluded_at: datetime | None
    result_sha256: str
    unanswered: int
    halted_at: datetime | None

    @classmethod
    def of(cls, row: Prequalification) -> Self:
        """The view of a round's row."""
        said = RoundDocument.read(cast("dict[str, Any]", row.document))
        same = {name: getattr(row, name) for name in _SAME}
        return cls(lot=LotId(row.lot_id), files=said.files, criteria=said.criteria, state_funds=said.state_funds, **same)


_SAME = (
    *("state", "document_sha256", "reviewers", "title", "notice", "release_at", "release_until", "deadline", "noticed_at"),
    *("closed_at", "opened_at", "drawn", "concluded_at", "result_sha256", "unanswered", "halted_at"),
)


def of(session: Session, lot: LotId) -> RoundView | None:
    """The round of a lot, None for one that has none."""
    row = session.get(Prequalification, lot)
    return None if row is None else RoundView.of(row)


def round_facts(row: Prequalification | RoundView, regime: LegalRegime, now: datetime) -> RoundFacts:
    """What the round's table looks at; counts of applications, sheets and passers are not among it."""
    return RoundFacts(now=now, regime=regime, release_at=row.release_at, deadline=row.deadline, unanswered=row.unanswered)


def due(session: Session, now: datetime) -> tuple[LotId, ...]:
    """Lots whose applications are to be closed: the deadline has come, and no objection stops them."""
    query = select(Prequalification.lot_id).join(Lot, Lot.id == Prequalification.lot_id)
    query = query.where(Prequalification.state == RoundState.NOTICED, Prequalification.deadline <= now, Lot.state == LotState.REGISTERED)
    stopped = (Prequalification.unanswered > 0) & (Lot.regime == LegalRegime.CONSTRUCTION)
    return tuple(LotId(lot) for lot in session.scalars(query.where(~stopped).order_by(Prequalification.deadline)))
