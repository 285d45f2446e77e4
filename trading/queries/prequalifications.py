"""Rounds of prequalification as other rooms and pages see them; nothing here counts or names who applied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.ids import LotId, OrgId, PersonId
from core.kernel.roles import Role
from trading.domain.document import FileEntry
from trading.domain.lot import LotState
from trading.domain.periods import LegalRegime
from trading.domain.prequalification import Criterion, Reviewers, RoundDocument, RoundFacts, RoundState
from trading.models.lot import Lot
from trading.models.prequalification import Prequalification, RoundResult, RoundReviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """A round. Applications are taken from `release_at` until `deadline`, on which they are closed; moments are None before the notice."""

    lot: LotId
    state: RoundState
    document: RoundDocument
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
    amended_at: datetime | None
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
        return cls(lot=LotId(row.lot_id), document=said, files=said.files, criteria=said.criteria, state_funds=said.state_funds, **same)


_SAME = (
    *("state", "document_sha256", "reviewers", "title", "notice", "release_at", "release_until", "deadline", "noticed_at", "amended_at"),
    *("closed_at", "opened_at", "drawn", "concluded_at", "result_sha256", "unanswered", "halted_at"),
)


def of(session: Session, lot: LotId) -> RoundView | None:
    """The round of a lot, None for one that has none."""
    row = session.get(Prequalification, lot)
    return None if row is None else RoundView.of(row)


def round_facts(row: Prequalification | RoundView, regime: LegalRegime, now: datetime) -> RoundFacts:
    """What the round's table looks at; counts of applications, sheets and passers are not among it."""
    return RoundFacts(now=now, regime=regime, release_at=row.release_at, deadline=row.deadline, unanswered=row.unanswered)


def round_of(session: Session, lot: Lot) -> str:
    """The digest of the signed conclusion of a lot's round, which its tender notice names; "" for a lot without one that has ended."""
    row = session.get(Prequalification, lot.id) if lot.prequalified else None
    return "" if row is None else row.result_sha256


def with_committee(facts: RoundFacts, named: bool, waiting: int) -> RoundFacts:
    """The same, with what the review looks at."""
    return replace(facts, committee_named=named, waiting=waiting)


def reviewers(session: Session, lot: LotId) -> tuple[PersonId, ...]:
    """Who reviews; known to who named them and to themselves."""
    return tuple(PersonId(one) for one in session.scalars(select(RoundReviewer.person_id).where(RoundReviewer.lot_id == lot)))


def due(session: Session, now: datetime) -> tuple[LotId, ...]:
    """Lots whose applications are to be closed: the deadline has come, and no objection stops them."""
    query = select(Prequalification.lot_id).join(Lot, Lot.id == Prequalification.lot_id)
    query = query.where(Prequalification.state == RoundState.NOTICED, Prequalification.deadline <= now, Lot.state == LotState.REGISTERED)
    stopped = (Prequalification.unanswered > 0) & (Lot.regime == LegalRegime.CONSTRUCTION)
    return tuple(LotId(lot) for lot in session.scalars(query.where(~stopped).order_by(Prequalification.deadline)))


# Letters


@dataclass(frozen=True, slots=True)
class Letter:
    """A firm's own result (资格预审结果通知书)."""

    number: str
    org: OrgId
    name: str
    uscc: str
    passed: bool
    failures: tuple[dict[str, str], ...]
    told_at: datetime


def passers(session: Session, lot: LotId) -> tuple[Letter, ...]:
    """Who passed."""
    rows = session.scalars(select(RoundResult).where(RoundResult.lot_id == lot, RoundResult.passed).order_by(RoundResult.org_name))
    return tuple(_letter(row) for row in rows)


def own_letter(session: Session, lot: LotId, actor: Actor) -> Letter | None:
    """The actor's own firm's letter, None where it has none."""
    if actor.org is None or Role.BIDDER not in actor.roles:
        return None
    row = session.scalar(select(RoundResult).where(RoundResult.lot_id == lot, RoundResult.org_id == actor.org))
    return None if row is None else _letter(row)


def org_of_letter(session: Session, number: str) -> OrgId | None:
    """To whom a letter is."""
    found = session.scalar(select(RoundResult.org_id).where(RoundResult.number == number))
    return None if found is None else OrgId(found)


def _letter(row: RoundResult) -> Letter:
    failures = tuple(cast("list[dict[str, str]]", row.failures))
    return Letter(row.number, OrgId(row.org_id), row.org_name, row.uscc, row.passed, failures, row.told_at)
