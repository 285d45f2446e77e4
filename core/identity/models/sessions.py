"""Table of logins: what a cookie stands for, kept here so that it can be ended from here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime


class LoginSession(Base):
    """One browser's login. The cookie holds a random token, this table its SHA-256 alone: who reads the table cannot log in.

    `grant_id` is the role chosen, empty until one is. `challenge` waits for the answer of an authenticator. `licence_at`: when an
    electronic licence was shown for it, empty where a password was.
    """

    __tablename__ = "login_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("role_grant.id"))
    device: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    licence_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    challenged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
