"""What the catalogue of sites holds: rooms, workstations and their devices; and the bookings of both."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from evaluation.domain.booking import Purpose
from evaluation.domain.booking import State as BookingState
from evaluation.domain.site import RoomKind


class SiteRoom(Base):
    """A room of a site; one that a later profile leaves out stays, not `is_listed`, since bookings name it."""

    __tablename__ = "site_room"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(30))
    kind: Mapped[RoomKind] = state_column(RoomKind)
    seats: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)  # in the profile's order
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_sealed: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (UniqueConstraint("site_id", "name"),)


class Station(Base):
    """A workstation. `key_id` and `spki`: of the device that is bound to it, "" while there is none."""

    __tablename__ = "station"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    room_id: Mapped[UUID] = mapped_column(ForeignKey("site_room.id"))
    label: Mapped[str] = mapped_column(String(12))
    network: Mapped[str] = mapped_column(String(40))
    cameras: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=true())
    key_id: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)
    spki: Mapped[str] = mapped_column(String(400), default="", server_default="")
    bound_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fault: Mapped[str] = mapped_column(String(500), default="", server_default="")  # "" while it works
    fault_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)  # of the activation code
    code_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered: Mapped[JSON] = mapped_column(JsonText, default=dict, server_default="{}")  # {spki, key_id, proof, code_sha256} of a device

    __table_args__ = (UniqueConstraint("site_id", "label"),)


class SiteDraw(Base):
    """A draw among partners' sites: the platform's value, hidden until the centre has signed."""

    __tablename__ = "site_draw"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32))
    candidates: Mapped[JSON] = mapped_column(JsonText)
    need: Mapped[JSON] = mapped_column(JsonText)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    statement_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Booking(Base):
    """A booking of a site's workstations or of one of its opening rooms; what it keeps stands in `booked_place`. `lot_id`: for which
    lot, which no statement on the chain of sites says."""

    __tablename__ = "booking"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))
    draw: Mapped[str | None] = mapped_column(ForeignKey("site_draw.name"))
    purpose: Mapped[Purpose] = state_column(Purpose)
    state: Mapped[BookingState] = state_column(BookingState)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    seats: Mapped[int] = mapped_column(Integer)
    is_apart: Mapped[bool]
    note: Mapped[str] = mapped_column(String(300), default="", server_default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    statement_sha256: Mapped[str] = mapped_column(String(64))
    handed_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")  # of the statement that handed over
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when it was noted that nothing was handed over in time
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # null while its rooms are open

    __table_args__ = (
        CheckConstraint("since < until", name="window"),
        CheckConstraint("seats > 0", name="seats"),
        Index("ix_booking_site_until", "site_id", "until"),
        Index("ix_booking_lot", "lot_id"),
    )


class BookedPlace(Base):
    """A workstation's label or an opening room's name that a booking keeps, in the order of the catalogue."""

    __tablename__ = "booked_place"

    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(30), primary_key=True)
    room: Mapped[str] = mapped_column(String(30))
