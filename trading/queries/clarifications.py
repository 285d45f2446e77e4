"""Questions about a tender document as the agency, their own firm and, once answered, everybody sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from trading.domain.clarification import Answer
from trading.models.clarification import DocumentClarification, DocumentQuestion


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits, as the agency sees it: the words alone. Neither who asked, nor when, nor how many asked the same."""

    digest: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question as its own firm sees it; `settled_by` is the clarification that answered it, 0 while it waits."""

    text: str
    asked_at: datetime
    settled_by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarificationView:
    """A published clarification."""

    number: int
    answers: tuple[Answer, ...]
    affects_bids: bool
    deadline_before: datetime
    deadline: datetime
    notice: str
    published_at: datetime

    @property
    def moved(self) -> bool:
        """Whether the deadline moved with it."""
        return self.deadline != self.deadline_before


def waiting(session: Session, lot: LotId) -> tuple[Waiting, ...]:
    """The questions that wait, each wording once, in the order of their digests, which says nothing of who came first."""
    query = select(DocumentQuestion.digest, DocumentQuestion.text).where(DocumentQuestion.lot_id == lot, DocumentQuestion.settled_by == 0)
    return tuple(Waiting(digest, text) for digest, text in session.execute(query.distinct().order_by(DocumentQuestion.digest)))


def own(session: Session, lot: LotId, org: OrgId) -> tuple[OwnQuestion, ...]:
    """A firm's own questions, the youngest first."""
    query = select(DocumentQuestion).where(DocumentQuestion.lot_id == lot, DocumentQuestion.org_id == org)
    rows = session.scalars(query.order_by(DocumentQuestion.asked_at.desc(), DocumentQuestion.id.desc()))
    return tuple(OwnQuestion(row.text, row.asked_at, row.settled_by) for row in rows)


def count(session: Session, lot: LotId) -> int:
    """How many clarifications are out."""
    return session.scalar(select(func.count()).select_from(DocumentClarification).where(DocumentClarification.lot_id == lot)) or 0


def published(session: Session, lot: LotId) -> tuple[ClarificationView, ...]:
    """The clarifications that are out, in order."""
    query = select(DocumentClarification).where(DocumentClarification.lot_id == lot).order_by(DocumentClarification.number)
    return tuple(_view(row) for row in session.scalars(query))


def _view(row: DocumentClarification) -> ClarificationView:
    return ClarificationView(
        number=row.number,
        answers=tuple(_answer(entry) for entry in cast("list[Mapping[str, object]]", row.answers)),
        affects_bids=row.affects_bids,
        deadline_before=row.deadline_before,
        deadline=row.deadline,
        notice=row.notice,
        published_at=row.published_at,
    )


def _answer(entry: Mapping[str, object]) -> Answer:
    return Answer(str(entry["question"]), str(entry["answer"]), tuple(cast("list[str]", entry["settles"])))
