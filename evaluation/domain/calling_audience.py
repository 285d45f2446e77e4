"""Who learns what of calls: host and supervisor how each pseudonym answered, everybody else who left the list and that it is sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.streams import Projection

INSIDERS, OUTSIDERS, ALARMED = ("host", "supervisor"), ("tenderer", "public"), ("supervisor",)


def _called(event: Any) -> Iterator[Projection]:
    """That somebody was asked; the call's own number is the expert's alone."""
    for audience in INSIDERS:
        yield Projection(audience, event.KIND, {"lot": event.lot, "draw": event.draw, "id": event.id})


def _answered(event: Any) -> Iterator[Projection]:
    said: dict[str, JSON] = {"lot": event.lot, "draw": event.draw, "id": event.id}
    for audience in INSIDERS:
        yield Projection(audience, event.KIND, said | {"answer": event.answer, "cause": event.cause, "successor": event.successor})
    if event.successor and not event.is_partners:  # whoever recomputes the draw needs to know who left it, and no more
        for audience in OUTSIDERS:
            yield Projection(audience, event.KIND, said | {"successor": event.successor})


def _left(event: Any) -> Iterator[Projection]:
    """Noted by the centre; outsiders hear of a pseudonym of ours, never of a partner's own reference."""
    known: dict[str, JSON] = {"lot": event.lot, "draw": event.draw}
    said = known | {"id": event.id, "successor": event.successor}
    for audience in (*INSIDERS, *OUTSIDERS):
        yield Projection(audience, event.KIND, known if event.is_partners and audience in OUTSIDERS else said)


def _drawn(event: Any) -> Iterator[Projection]:
    """The list under pseudonyms; of a provincial pool's, which has an `order`, outsiders hear that it stands."""
    known: dict[str, JSON] = {"lot": event.lot, "draw": event.draw, "pool_hash": event.pool_hash, "seed": event.seed}
    said = known | {"picked": as_json(event.picked)}
    for audience in (*INSIDERS, *OUTSIDERS):
        yield Projection(audience, event.KIND, known if event.order and audience in OUTSIDERS else said)


def _to_all(event: Any) -> Iterator[Projection]:
    for audience in (*INSIDERS, *OUTSIDERS):
        yield Projection(audience, event.KIND, {"lot": event.lot, "draw": event.draw})


def _alarmed(event: Any) -> Iterator[Projection]:
    for audience in ALARMED:
        data: dict[str, JSON] = {"lot": event.lot, "draw": event.draw, "level": event.level, "why": event.why, "text": event.text}
        yield Projection(audience, event.KIND, data)


PROJECTIONS: Mapping[str, Callable[[Any], Iterable[Projection]]] = {
    "draw.result": _drawn,
    "draw.recusal": _left,
    "draw.call": _called,
    "draw.answer": _answered,
    "draw.list": _to_all,
    "draw.exhausted": _to_all,
    "draw.alarm": _alarmed,
}
