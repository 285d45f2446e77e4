"""Who hears of collusion signals as they come: the supervisor. The committee reads its cards in its room; nobody else hears."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event, as_json
from core.kernel.jcs import JSON
from core.kernel.streams import Projection


def _to_supervisor(*names: str) -> Callable[[Event], Iterable[Projection]]:
    def project(event: Event) -> Iterable[Projection]:
        said: dict[str, JSON] = {"lot": event.lot, "round": event.round}
        said |= {name: as_json(getattr(event, name)) for name in names}
        return [Projection("supervisor", event.KIND, said)]

    return project


PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "collusion.check": _to_supervisor("strongest"),
    "collusion.decide": _to_supervisor("card", "decision"),
}
