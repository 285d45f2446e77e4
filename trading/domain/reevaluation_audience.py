"""Who learns of an order to evaluate again: those inside alone; the public and the bidders learn of its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event, as_json
from core.kernel.jcs import JSON
from core.kernel.streams import Projection

_INSIDE = ("tenderer", "host", "supervisor")


def _ordered(event: Event) -> Iterable[Projection]:
    data: dict[str, JSON] = {"lot": event.lot, "ground": as_json(getattr(event, "ground", ""))}
    return [Projection(audience, event.KIND, data) for audience in _INSIDE]


PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {"reevaluation.order": _ordered}
