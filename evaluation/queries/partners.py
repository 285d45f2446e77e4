"""Whose word is taken for a partner's: authorities that are recognised today, and what an agreement calls the partner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import anchors
from core.kernel.errors import NotFound
from evaluation.domain.expert import ExpertState
from evaluation.domain.partner_word import Authority
from evaluation.models.experts import Expert, PoolAgreement


def authorities(session: Session, now: datetime) -> tuple[Authority, ...]:
    """The roots that end a partner's chain."""
    return tuple(Authority(one.root, one.demands) for one in anchors.vouching(session) if now < one.until)


def entries(session: Session, agreement: str) -> dict[str, UUID]:
    """Who stands in the pool under an agreement, by what the partner calls them."""
    query = select(Expert.origin_key, Expert.id).join(PoolAgreement, PoolAgreement.id == Expert.origin_id)
    return dict(session.execute(query.where(PoolAgreement.number == agreement, Expert.state == ExpertState.ACTIVE)).all())


def employers(session: Session, agreement: str) -> dict[str, str]:
    """The firm's code of everybody who was ever admitted under an agreement, by what the partner calls them."""
    query = select(Expert.origin_key, Expert.employer_uscc).join(PoolAgreement, PoolAgreement.id == Expert.origin_id)
    return dict(session.execute(query.where(PoolAgreement.number == agreement)).all())


def partner(session: Session, agreement: str) -> str:
    """The partner of an agreement; raises NotFound."""
    found = session.scalar(select(PoolAgreement.partner).where(PoolAgreement.number == agreement))
    if found is None:
        raise NotFound("pool_agreement.not_found")
    return found
