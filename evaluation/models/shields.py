"""The file that protects a tenderer: how far it has come, and which statements belong to it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, state_column
from evaluation.domain.shield_life import State as ShieldState


class Shield(Base):
    """The file of a lot whose award is decided apart from the evaluation; made with its first statement."""

    __tablename__ = "award_shield"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    state: Mapped[ShieldState] = state_column(ShieldState)
    winner: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    result_sha256: Mapped[str] = mapped_column(String(64), default="")
    report_sha256: Mapped[str] = mapped_column(String(64), default="")
    drafted_at: Mapped[datetime | None]


class ShieldStatement(Base):
    """A statement of the file: what it says stands in the chain of the case, of which a use case sees only what is committed."""

    __tablename__ = "award_shield_statement"

    payload_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("award_shield.lot_id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]


class ShieldFile(Base):
    """A file that came with a paper."""

    __tablename__ = "award_shield_file"

    lot_id: Mapped[UUID] = mapped_column(ForeignKey("award_shield.lot_id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
