"""Tables of openings: who came, which keys were released, what was read out, objected to and signed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, UtcDateTime, state_column
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from trading.domain.opening import OpeningState


class AnyOpening(Base):
    """The opening of one kind of envelope of a lot. Whoever asks for `Opening` gets those of bids alone."""

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("lot_id", "round"),
        CheckConstraint("round >= 0", name="round_not_negative"),
        CheckConstraint("(kind = 'application') = (round = 2)", name="round_of_applications"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    kind: Mapped[Purpose] = state_column(Purpose, server_default=Purpose.BID.value)
    round: Mapped[int]
    env: Mapped[str] = mapped_column(String(20))
    state: Mapped[OpeningState] = state_column(OpeningState, index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)  # of the deadline's close, or of the request for the price envelopes
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the bidders' list is public from here on
    release_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    release_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rescue_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    batch_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # no more keys from here on
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objection_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    record: Mapped[bytes]  # canonical JSON; empty until drawn up, for people to see only once its digest stands
    record_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(String(64), server_default="")  # of its paper, in the content store
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Opening(AnyOpening):
    """The opening of bids: round 0 the only or technical envelopes, round 1 the price envelopes, from round 3 on those that
    pass later."""

    __mapper_args__ = {"polymorphic_identity": Purpose.BID}


class ApplicationOpening(AnyOpening):
    """The closed opening of applications, round 2: in the room of tenderer, host and supervisor, nothing is read out."""

    __mapper_args__ = {"polymorphic_identity": Purpose.APPLICATION}


class Attendance(Base):
    """A bidder who signed in."""

    __tablename__ = "opening_attendance"

    opening_id: Mapped[UUID] = mapped_column(ForeignKey("opening.id"), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    signed_in_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeyRelease(Base):
    """The key of one envelope, from its bidder or put together from two offices' shares. The secret stays until the batch, no longer."""

    __tablename__ = "key_release"
    __table_args__ = (CheckConstraint("method IN ('bidder', 'escrow')", name="method"),)

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("bid_envelope.id"), primary_key=True)
    method: Mapped[str] = mapped_column(String(10))
    secret: Mapped[str] = mapped_column(String(100))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShareRelease(Base):
    """One office's share of one envelope's key. The share stays until the batch, and no longer."""

    __tablename__ = "share_release"

    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("bid_envelope.id"), primary_key=True)
    office: Mapped[str] = mapped_column(String(20), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    share: Mapped[str] = mapped_column(String(66))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OpenedFile(Base):
    """A file that an opened envelope held; its bytes lie in the content store."""

    __tablename__ = "opened_file"
    __table_args__ = (UniqueConstraint("envelope_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    envelope_id: Mapped[UUID] = mapped_column(ForeignKey("bid_envelope.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)


class OpeningObjection(Base):
    """An objection raised on the spot, and its answer."""

    __tablename__ = "opening_objection"
    __table_args__ = (CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_with_moment"),)

    opening_id: Mapped[UUID] = mapped_column(ForeignKey("opening.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    text: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecordSignature(Base):
    """A signature on the opening record; `declined` is why a bidder does not sign, "" where it did."""

    __tablename__ = "opening_record_signature"

    opening_id: Mapped[UUID] = mapped_column(ForeignKey("opening.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    org_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = state_column(Role)
    name: Mapped[str] = mapped_column(String(200))
    declined: Mapped[str] = mapped_column(Text, server_default="")
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
