"""A draw of coefficients in a test's hall: a document that wants one, and the slips of its parties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kernel import draw as kernel
from tests.builders.bids import Hall
from tests.builders.people import Person
from tests.builders.trading import method_part
from trading.services import coefficients

FACTOR = {"id": "K", "title": "下浮系数", "values": ["0.95", "0.96", "0.97", "0.98"], "sets": ["$.price.benchmark.factor"]}


def with_factor(method: Mapping[str, Any]) -> dict[str, Any]:
    """A method part whose benchmark gets a drawn factor."""
    benchmark = method["price"]["benchmark"] | {"factor": "1"}
    return {**method, "price": method["price"] | {"benchmark": benchmark}, "coefficients": [FACTOR]}


def drawn_method() -> dict[str, Any]:
    """The plain method part, its benchmark with a drawn factor."""
    return with_factor(method_part())


def parties(room: Hall) -> dict[str, Person]:
    """Who draws."""
    return {"centre": room.tender.centre, "supervisor": room.tender.supervisor, "tenderer": room.tender.tenderer}


def value(party: str) -> bytes:
    """A party's 32 bytes."""
    return party.encode().ljust(32, b"!")


def name(room: Hall) -> str:
    """The draw under way."""
    newest = room.view(part=room.tender.lot.envelopes[0].env).coefficients.newest
    assert newest is not None
    return newest.name


def commit(room: Hall, who: str, **changes: Any) -> Any:
    """A party seals its slip; `changes` go into the statement."""
    sealed = kernel.commit(room.tender.case, name(room), who, value(who)).hex()
    body = {"draw": name(room), "party": who, "commit": sealed} | changes
    return room.act(coefficients.commit, parties(room)[who], "coefficient.commit", body)


def reveal(room: Hall, who: str, **changes: Any) -> Any:
    """A party opens its slip."""
    body = {"draw": name(room), "party": who, "value": value(who).hex()} | changes
    return room.act(coefficients.reveal, parties(room)[who], "coefficient.reveal", body)


def draw(room: Hall) -> None:
    """All seal, then all open; nothing where the document leaves nothing to a draw."""
    if not room.view(part=room.tender.lot.envelopes[0].env).coefficients.wanted:
        return
    for act in (commit, reveal):
        for party in parties(room):
            act(room, party)
