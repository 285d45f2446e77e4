"""Tables of people's public keys with their certificates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.identity.domain.certificate import Life
from core.kernel.db import Base, UtcDateTime, state_column


class Certificate(Base):
    """A key and its one certificate. A key is never certified twice: who needs another certificate makes another key."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("kind IN ('es256', 'webauthn-es256')", name="kind"),
        CheckConstraint("(purpose = 'step-up') = (kind = 'webauthn-es256')", name="step_up_is_webauthn"),
        CheckConstraint("(purpose = 'step-up') = (recipient = '')", name="step_up_cannot_decrypt"),
        CheckConstraint("(life = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_when"),
        CheckConstraint("not_before < not_after", name="times"),
    )

    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(20), index=True)
    suite: Mapped[str] = mapped_column(String(20))
    spki: Mapped[bytes] = mapped_column(LargeBinary)
    recipient: Mapped[str] = mapped_column(String(80))
    label: Mapped[str] = mapped_column(String(120))
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
    life: Mapped[Life] = state_column(Life)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(20))


class Credential(Base):
    """What WebAuthn needs beside the key: the credential's name, and the one site that it answers."""

    __tablename__ = "webauthn_credential"

    key_id: Mapped[str] = mapped_column(ForeignKey("certificate.key_id"), primary_key=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    rp_id: Mapped[str] = mapped_column(String(253))
    origin: Mapped[str] = mapped_column(String(300))


class PlatformCertificate(Base):
    """A key with which the platform itself signs."""

    __tablename__ = "platform_certificate"

    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    der: Mapped[bytes] = mapped_column(LargeBinary)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
