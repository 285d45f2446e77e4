"""Who learns what of who may bid: the firm itself, of a consortium each of its members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.streams import Projection
from trading.domain.opening_audience import bidder, own


def _members(*names: str) -> Callable[[Event], Iterable[Projection]]:
    """To each member on its own stream: before the opening nobody else knows that there is a consortium (招标投标法 art. 22)."""

    def project(event: Event) -> Iterable[Projection]:
        data: dict[str, JSON] = {"lot": event.lot} | {name: as_json(getattr(event, name)) for name in names}
        members: Iterable[OrgId] = getattr(event, "members", ())
        return [Projection(bidder(org), event.KIND, data) for org in members]

    return project


PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "invitation.answer": own("answer"),
    "consortium.register": _members("subject"),
    "consortium.sign": _members("subject", "complete"),
    "consortium.dissolve": _members("subject"),
}
