"""Tables of what is handed in sealed, bids and applications; of its envelopes version by version, and of the boxes that hold the keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from core.kernel.sealing import Purpose
from trading.domain.bid import BidState, EnvelopeState


class Submission(Base):
    """What one firm hands in sealed for one lot; `ver` counts the versions that were sealed, 0 before the first.

    Whoever asks for `Bid` or `Application` gets that kind alone: a query about bids cannot meet an application.
    """

    __tablename__ = "bid"
    __table_args__ = (UniqueConstraint("lot_id", "org_id", "purpose"), CheckConstraint("ver >= 0", name="ver_not_negative"))
    __mapper_args__ = {"polymorphic_on": "purpose"}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[Purpose] = state_column(Purpose, server_default=Purpose.BID.value)
    org_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[BidState] = state_column(BidState)
    ver: Mapped[int]
    consortium: Mapped[JSON] = mapped_column(JsonText, nullable=True)  # of an application: members named in its seal, the lead first
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Bid(Submission):
    """A bid (投标文件)."""

    __mapper_args__ = {"polymorphic_identity": Purpose.BID}


class Application(Submission):
    """An application to be admitted to bid (资格预审申请文件)."""

    __mapper_args__ = {"polymorphic_identity": Purpose.APPLICATION}


KINDS: Mapping[Purpose, type[Bid | Application]] = {Purpose.BID: Bid, Purpose.APPLICATION: Application}


class BidEnvelope(Base):
    """A sealed envelope. The ciphertext lies in the content store; replaced versions keep their row and their ciphertext as evidence."""

    __tablename__ = "bid_envelope"
    __table_args__ = (UniqueConstraint("bid_id", "ver", "env"), Index("ix_bid_envelope_lot_env", "lot_id", "env", "state"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"), index=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    ver: Mapped[int]
    env: Mapped[str] = mapped_column(String(20))
    state: Mapped[EnvelopeState] = state_column(EnvelopeState)
    bid_pub: Mapped[str] = mapped_column(String(100), unique=True)  # one single-use key for ever, so that nobody resubmits another's bid
    ct_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    ct_size: Mapped[int] = mapped_column(BigInteger)
    bidder_box: Mapped[bytes]
    seal_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    receipt_no: Mapped[str] = mapped_column(String(32), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the database's clock, read while the lot was held
    waited_ms: Mapped[int]  # from the request's arrival to `received_at`
    pt_sha256: Mapped[str] = mapped_column(String(64))  # of the plaintext; "" until opened
    pt_size: Mapped[int] = mapped_column(BigInteger)
    read_out: Mapped[JSON] = mapped_column(JsonText, nullable=True)
    cause: Mapped[str] = mapped_column(String(20))  # why it could not be opened; "" otherwise
    asked_in: Mapped[int | None]  # the later round that asks for it, which an earlier one had shut


class ShareBox(Base):
    """An office's share of an envelope's key, sealed to that office; deleted when the version is replaced or withdrawn."""

    __tablename__ = "share_box"
    __table_args__ = (UniqueConstraint("envelope_id", "office"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("bid_envelope.id"))
    office: Mapped[str] = mapped_column(String(20))
    box: Mapped[bytes]
    box_sha256: Mapped[str] = mapped_column(String(64))
    share_commit: Mapped[str] = mapped_column(String(64))
