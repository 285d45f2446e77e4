"""Tables of authorities that are not ours, of the keys that they vouch for, and of what they say of those certificates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.identity.domain.anchor import AnchorState
from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON

_LIVE = text("state IN ('proposed', 'recognised', 'ending')")


class TrustAnchor(Base):
    """An authority whose certificates count here, or did. `body` is that of its signed admission; `proposal` waits for a second person."""

    __tablename__ = "trust_anchor"
    __table_args__ = (
        # One live row of a root; ended ones stay as history.
        Index("uq_trust_anchor_live", "root_sha256", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        CheckConstraint("(state IN ('proposed', 'ending')) = (proposal IS NOT NULL)", name="second_person"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_when"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    root_sha256: Mapped[str] = mapped_column(String(64))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    body: Mapped[dict[str, JSON]] = mapped_column(JsonText)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[AnchorState] = state_column(AnchorState)
    proposal: Mapped[dict[str, JSON] | None] = mapped_column(JsonText)
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recognised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str] = mapped_column(String(500))


class Vouch(Base):
    """That an authority vouches for a key which is certified here too: its path of certificates, the holder's first, and when it is asked
    again. `revoked_at` is the authority's moment, `learned_at` ours."""

    __tablename__ = "vouch"
    __table_args__ = (CheckConstraint("(revoked_at IS NULL) = (learned_at IS NULL)", name="revoked_when"),)

    key_id: Mapped[str] = mapped_column(ForeignKey("certificate.key_id"), primary_key=True)
    anchor_id: Mapped[UUID] = mapped_column(ForeignKey("trust_anchor.id"), index=True)
    certificate_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    chain: Mapped[list[JSON]] = mapped_column(JsonText)
    subject: Mapped[str] = mapped_column(String(1000))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the newest good answer's own moment
    good_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ask_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    learned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StatusPaper(Base):
    """An OCSP answer or a revocation list, byte for byte as it came."""

    __tablename__ = "status_paper"
    __table_args__ = (CheckConstraint("source IN ('ocsp', 'crl')", name="source"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(4))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class StatusKept(Base):
    """Which paper speaks of which certificate of a key's path (0: the holder's own)."""

    __tablename__ = "status_kept"
    __table_args__ = (UniqueConstraint("key_id", "place", "paper_sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("vouch.key_id"))
    place: Mapped[int]
    paper_sha256: Mapped[str] = mapped_column(ForeignKey("status_paper.sha256"))
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
