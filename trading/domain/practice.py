"""A practice: a bid's life without a lot, played by one person, whose own clock it is; what its statements say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.encoding import sha256
from core.kernel.errors import Stale
from core.kernel.ids import OrgId, PersonId
from core.kernel.jcs import JSON
from core.kernel.lotfile import LotFile
from core.kernel.practice import NOTICE
from core.kernel.roles import Role
from core.kernel.sealing import SealBody
from trading.domain.bid import SealFacts

RELEASE = "practice.release"
ENVELOPES = ("technical", "commercial")


def bidder_of(actor: Actor) -> OrgId | PersonId | None:
    """As whom somebody practises: the organisation, or the person who belongs to none; None for nobody."""
    return actor.org or actor.person


def role_of(actor: Actor) -> Role:
    """In which of their roles somebody signs a practice: as a bidder where they are one, as an officer only where nothing else is left."""
    return min(actor.roles, key=lambda role: (role is not Role.BIDDER, role is Role.OFFICER, role.value))


def seal_facts(lot: LotFile, ver: int) -> SealFacts:
    """What version `ver` must fit: the practice's envelopes and its own office keys."""
    recipients = {office: frozenset(key.recipient for key in keys) for office, keys in lot.offices.items()}
    return SealFacts(tuple(envelope.env for envelope in lot.envelopes), ver, recipients=recipients)


def receipt_number(seal_sha256: str) -> str:
    """A practice receipt's number, which no real receipt has."""
    return f"PX-{seal_sha256[:16].upper()}"


def receipt_body(seal: bytes, body: SealBody, received_at: str) -> dict[str, JSON]:
    """What the platform says of a practice seal with these payload bytes: as in a real receipt, and in words that it is none."""
    said: dict[str, JSON] = {"seal_sha256": sha256(seal).hex(), "ct_sha256": body.ct_sha256, "ct_size": body.ct_size}
    return {"notice": NOTICE, **said, "received_at": received_at}


@dataclass(frozen=True, slots=True)
class ReleaseBody:
    """The body of a `practice.release`: as at a real opening, but the key itself stays on the device."""

    env: str
    ver: int
    bid_pub: str

    @classmethod
    def read(cls, body: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member, so also for a key that was sent."""
        members = Body(body)
        said = cls(members.text("env", most=20), members.count("ver", least=1), members.text("bid_pub", most=100))
        members.done()
        return said


def check_release(body: ReleaseBody, ver: int, bid_pub: str) -> None:
    """A release names the key of the version that stands; raises Stale otherwise."""
    if (body.ver, body.bid_pub) != (ver, bid_pub):
        raise Stale("practice.release.version", ver=ver)
