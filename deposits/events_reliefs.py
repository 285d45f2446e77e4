"""What happens to reliefs from deposits, each signed by two persons, on the chain `D-RELIEF`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class KindFreed(Event):
    """No deposit may be asked for such projects."""

    KIND: ClassVar[str] = "deposit.free"


@dataclass(frozen=True, kw_only=True)
class FirmWaived(Event):
    """A firm is let off a part of its deposits, or all of them."""

    KIND: ClassVar[str] = "deposit.waive"


@dataclass(frozen=True, kw_only=True)
class ReliefEnded(Event):
    """A relief holds no more; what was asked while it held stays as it was asked."""

    KIND: ClassVar[str] = "deposit.relief_end"
