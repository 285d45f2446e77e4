"""Tables of logins by electronic business licence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime


class LicenceHolder(Base):
    """Whom a provider's name for somebody stands for here, since they first showed their licence."""

    __tablename__ = "licence_holder"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class LicenceShown(Base):
    """A login that came back from a provider, by the digest of its nonce: each is good once."""

    __tablename__ = "licence_shown"

    nonce_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
