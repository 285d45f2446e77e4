"""Who learns what of a tender document's later life: everybody, and who has sealed a bid on the own stream too, which nobody else reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event
from core.kernel.streams import Projection
from trading.domain.opening_audience import hall

PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "document.amend": hall("number", "version", "document_sha256", "deadline"),
    "clarification.publish": hall("number", "answers", "deadline"),
    "deadline.extend": hall("before", "deadline", "rule"),
}
