"""What happens where a provincial pool draws instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PoolReplied(Event):
    """The centre handed in what the partner's pool has signed."""

    KIND: ClassVar[str] = "draw.reply"
    draw: str
    partner: str
    number: int
