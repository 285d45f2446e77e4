"""Tables of the releases of open data: numbered without a gap in the order of their commits, and never changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import Base, JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from deposits.models.frozen import freeze
from trading.domain.publication import ReleaseTag


class OcdsHead(Base):
    """The last number given. Its row stays locked until the giver commits, so that whoever sees a number sees all before it."""

    __tablename__ = "ocds_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)


class OcdsRelease(Base):
    """A release as it was published, without the prefix of its ocid."""

    __tablename__ = "ocds_release"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[str] = mapped_column(String(20), index=True)
    release_id: Mapped[str] = mapped_column(String(40), unique=True)  # T2026-000001-1-N1: the number of its notice, or of its step
    tag: Mapped[ReleaseTag] = state_column(ReleaseTag)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[JSON] = mapped_column(JsonText)


freeze(OcdsRelease)
