"""What the tables of every draw of lots hold: the draw, and the parties' slips."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.db import JsonText, UtcDateTime, state_column
from core.kernel.jcs import JSON
from trading.domain.lots_drawn import DrawState


class LotsSlip:
    """A party's slip: sealed by its commitment, `value` is "" until it is opened."""

    draw_id: Mapped[UUID]  # each table's own key

    party: Mapped[str] = mapped_column(String(20), primary_key=True, sort_order=1)
    commitment: Mapped[str] = mapped_column(String(64), sort_order=2)
    value: Mapped[str] = mapped_column(String(64), sort_order=3)


class LotsDraw:
    """One draw of lots; a second for the same only where the first was given up. `since` is when the present waiting began."""

    SLIP: ClassVar[type[LotsSlip]]

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(40))
    state: Mapped[DrawState] = state_column(DrawState)
    parties: Mapped[JSON] = mapped_column(JsonText)
    request: Mapped[JSON] = mapped_column(JsonText)
    pool_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
