"""Waivers as a test's world comes by them: proposed by the centre, countersigned by the supervisor, used by their firms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.kernel.encoding import sha256
from core.kernel.ids import CaseId
from deposits.domain.deposit import chain_of
from deposits.domain.relief import CASE
from deposits.services import reliefs, waivers
from tests.builders.people import Person

CHAIN = CaseId(CASE)
SOURCE = "信用评价 AAA"


def agreed(centre: Person, supervisor: Person, kind: str, body: dict[str, Any]) -> str:
    """A relief that both have signed; the digest of its statement."""
    first = centre.act(kind, CHAIN, body=body, step_up=True)
    told = centre.door.perform(centre.actor, lambda work: reliefs.propose(work, kind, first))
    relief, second = UUID(str(told["relief"])), supervisor.cosign(first)
    supervisor.door.perform(supervisor.actor, lambda work: reliefs.agree(work, relief, second))
    return digest(first)


def digest(request: Any) -> str:
    """By which other statements name it."""
    return sha256(request.envelope.payload).hex()


def waive(centre: Person, supervisor: Person, firm: Person, percent: int, **changes: Any) -> str:
    """A firm's waiver that holds."""
    body = {"org": str(firm.org), "name": firm.org_name, "percent": percent, "since": "2020-01-01", "source": SOURCE}
    return agreed(centre, supervisor, "deposit.waive", body | changes)


def use(firm: Person, number: str, relief_sha256: str, **changes: Any) -> dict[str, Any]:
    """The firm uses it for a lot."""
    body = {"relief_sha256": relief_sha256, "bidder": str(firm.org)} | changes
    request = firm.act("waiver.use", CaseId(chain_of(number)), body=body)
    return firm.door.perform(firm.actor, lambda work: waivers.use(work, number, request))
