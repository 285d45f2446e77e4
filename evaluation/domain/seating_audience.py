"""Who learns of workstations: host and supervisor which seat is where, a member their own place, all inside that somebody sat down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.kernel.streams import Projection
from evaluation.domain.showing import HOST, INSIDE, SUPERVISOR, Show, both, seat, shown


def _own_places(event: Any) -> Iterator[Projection]:
    for row in event.seats:
        place = {name: row[name] for name in ("site", "room", "station")}
        yield Projection(seat(str(row["seat"])), event.KIND, {"lot": event.lot, "no": event.no, **place})


PROJECTIONS: dict[str, Show] = {
    "seats.commit": shown((HOST, SUPERVISOR), "no", "commit"),
    "seats.draw": shown((HOST, SUPERVISOR), "no"),
    "seats.drawn": both(shown((HOST, SUPERVISOR), "no", "seats"), _own_places),
    "seat.check_in": shown(INSIDE, "seat"),
    "seat.left": shown((HOST, SUPERVISOR), "seat", "no", "why"),
    "seat.back": shown((HOST, SUPERVISOR), "seat", "no"),
}
