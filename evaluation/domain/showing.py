"""How rows of who learns what are written: audiences by name, and which fields of an event they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.streams import Projection

Show = Callable[[Any], Iterable[Projection]]

COMMITTEE, HOST, SUPERVISOR, TENDERER, PUBLIC, AWARD = "committee", "host", "supervisor", "tenderer", "public", "award"
INSIDE = (COMMITTEE, HOST, SUPERVISOR)
JUDGING = (COMMITTEE, SUPERVISOR)
WATCHING_THE_DRAW = (HOST, SUPERVISOR, TENDERER, PUBLIC)
AWARDING = (AWARD, TENDERER, HOST, SUPERVISOR)


def seat(code: str) -> str:
    """The audience of one seat."""
    return f"seat:{code}"


def shown(audiences: Iterable[str], *names: str) -> Show:
    """Shows the event's fields `names`, and no other, to `audiences`."""
    to = tuple(audiences)

    def project(event: Any) -> Iterator[Projection]:
        data = _data(event, names)
        for audience in to:
            yield Projection(audience, event.KIND, data)

    return project


def both(*parts: Show) -> Show:
    """Several rows for one kind, for audiences that learn different things."""

    def project(event: Any) -> Iterator[Projection]:
        for part in parts:
            yield from part(event)

    return project


def to_own_seat(*names: str) -> Show:
    """Shows the event's fields `names` to the seat that acted."""

    def project(event: Any) -> Iterator[Projection]:
        yield Projection(seat(event.seat), event.KIND, _data(event, names))

    return project


def _data(event: Any, names: Iterable[str]) -> dict[str, JSON]:
    return {"lot": event.lot} | {name: as_json(getattr(event, name)) for name in names}
