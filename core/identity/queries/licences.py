"""Who came in by an electronic licence, and has no password."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.licences import LicenceHolder
from core.kernel.ids import PersonId


def issuer_of(session: Session, person: PersonId) -> str:
    """The issuer of the licence that a person came in by; "" for whoever has a password."""
    return session.scalar(select(LicenceHolder.issuer).where(LicenceHolder.person_id == person).limit(1)) or ""


def is_holder(session: Session, person: PersonId) -> bool:
    """Whether a person came in by a licence."""
    return bool(issuer_of(session, person))
