"""Tables of practices: emptied by the clock and by who practises; nothing real refers to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.bid import BidState, EnvelopeState


class Practice(Base):
    """What one person practises; `lot_file` holds the practice's own office keys, `deadline` is when they said that it had come."""

    __tablename__ = "practice"
    __table_args__ = (CheckConstraint("ver >= 0", name="ver_not_negative"),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(String(40), unique=True)
    lot_file: Mapped[JSON] = mapped_column(JsonText)
    state: Mapped[BidState] = state_column(BidState)
    ver: Mapped[int]
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PracticeEnvelope(Base):
    """A sealed envelope of a practice: its ciphertext stays with the upload."""

    __tablename__ = "practice_envelope"
    __table_args__ = (UniqueConstraint("person_id", "ver", "env"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("practice.person_id"))
    upload_id: Mapped[UUID]
    ver: Mapped[int]
    env: Mapped[str] = mapped_column(String(20))
    state: Mapped[EnvelopeState] = state_column(EnvelopeState)
    bid_pub: Mapped[str] = mapped_column(String(100))
    ct_sha256: Mapped[str] = mapped_column(String(64))
    ct_size: Mapped[int] = mapped_column(BigInteger)
    bidder_box: Mapped[bytes]
    seal_sha256: Mapped[str] = mapped_column(String(64))
    receipt_no: Mapped[str] = mapped_column(String(32))
    seal: Mapped[JSON] = mapped_column(JsonText)
    receipt: Mapped[JSON] = mapped_column(JsonText)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waited_ms: Mapped[int]
