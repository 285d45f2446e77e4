"""Agreements with the pools of other cities, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from evaluation.models.experts import Expert, PoolAgreement


class Standing(Enum):
    """How an agreement stands on a day."""

    COMING = "coming"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with how it stands today, and how many experts came by it."""

    number: str
    partner: str
    city: str
    document: str
    since: date
    until: date
    recognises: tuple[str, ...]
    note: str
    statement_sha256: str
    ended_on: date | None
    end_reason: str
    standing: Standing
    experts: int


def all_of(session: Session, now: datetime) -> tuple[AgreementView, ...]:
    """Every agreement, the newest first."""
    day = legal_day(now)
    counted = select(Expert.origin_id, func.count()).where(Expert.origin_id.is_not(None)).group_by(Expert.origin_id)
    experts = dict(session.execute(counted).all())
    rows = session.scalars(select(PoolAgreement).order_by(PoolAgreement.number.desc()))
    return tuple(_view(row, day, experts.get(row.id, 0)) for row in rows)


def _view(row: PoolAgreement, day: date, experts: int) -> AgreementView:
    what = tuple(cast("list[str]", row.recognises))
    said = (row.number, row.partner, row.city, row.document, row.since_day, row.until_day, what, row.note, row.statement_sha256)
    return AgreementView(*said, row.ended_on, row.end_reason, _standing(row, day), experts)


def _standing(row: PoolAgreement, day: date) -> Standing:
    if row.ended_on is not None and row.ended_on <= day:
        return Standing.ENDED
    if day < row.since_day:
        return Standing.COMING
    return Standing.IN_FORCE if day <= row.until_day else Standing.EXPIRED
