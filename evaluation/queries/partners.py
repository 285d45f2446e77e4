"""Whose word is taken for a partner's: authorities that are recognised today, and what an agreement calls the partner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import anchors
from core.kernel.errors import NotFound
from evaluation.domain.partner_word import Authority
from evaluation.models.experts import PoolAgreement


def authorities(session: Session, now: datetime) -> tuple[Authority, ...]:
    """The roots that end a partner's chain."""
    return tuple(Authority(one.root, one.demands) for one in anchors.vouching(session) if now < one.until)


def partner(session: Session, agreement: str) -> str:
    """The partner of an agreement; raises NotFound."""
    found = session.scalar(select(PoolAgreement.partner).where(PoolAgreement.number == agreement))
    if found is None:
        raise NotFound("pool_agreement.not_found")
    return found
