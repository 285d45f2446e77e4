"""Who learns what of who may bid: the firm itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event
from core.kernel.streams import Projection
from trading.domain.opening_audience import own

PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "invitation.answer": own("answer"),
}
