"""Consortia made through the services: drafted and registered by their lead, signed by their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.kernel.jcs import JSON
from tests.builders.bids import Hall
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.services import consortia


def draft(world: Tender, firms: Sequence[Person], shares: Sequence[str] = ("60.00", "40.00")) -> dict[str, JSON]:
    """The lead saves an agreement."""
    rows: list[JSON] = [{"uscc": firm.uscc, "share": share, "duty": "施工"} for firm, share in zip(firms, shares, strict=True)]
    return world.door.perform(firms[0].actor, lambda work: consortia.save(work, world.number, {"members": rows}))


def register(world: Tender, firms: Sequence[Person], shares: Sequence[str] = ("60.00", "40.00")) -> str:
    """The lead drafts and signs; returns the digest of the registration."""
    body = draft(world, firms, shares)
    request = firms[0].act("consortium.register", world.case, world.no, body=body, step_up=True)
    answer = world.door.perform(firms[0].actor, lambda work: consortia.register(work, world.number, request))
    return str(answer["register_sha256"])


def say(world: Tender, firm: Person, kind: str, registration: str, **changes: Any) -> dict[str, JSON]:
    """A member signs (`consortium.sign`) or dissolves (`consortium.dissolve`)."""
    body: dict[str, Any] = {"org": str(firm.org), "register_sha256": registration} | changes
    request = firm.act(kind, world.case, world.no, body=body, step_up=True)
    verb = consortia.sign if kind == "consortium.sign" else consortia.dissolve
    return world.door.perform(firm.actor, lambda work: verb(work, world.number, request))


def formed(world: Tender, firms: Sequence[Person]) -> str:
    """A consortium that all of two firms have signed."""
    registration = register(world, firms)
    for firm in firms[1:]:
        say(world, firm, "consortium.sign", registration)
    return registration


def seal(room: Hall, firms: Sequence[Person], ver: int = 1, members: Sequence[Person] | None = None, **options: Any) -> dict[str, Any]:
    """The lead seals for all of them; `members` are whom the statements name, where that is somebody else."""
    lead = firms[0]
    envelopes = room.make_version(lead, ver, **options)
    named = [str(firm.org) for firm in (firms if members is None else members)]
    answer = room.hand_in(lead, room.parts(lead, envelopes, **({"consortium": named} if named else {})))
    room.kept |= {(lead.org, ver, envelope.env): envelope for envelope in envelopes}
    return answer
