"""Late seals as their own bidder sees them: each with the platform's signed word, for nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.certificates import PlatformCertificate
from core.kernel import chain
from core.kernel.actor import Actor
from core.kernel.certificates import to_pem
from core.kernel.encoding import b64
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.sealing import Purpose
from trading.events_opening import LateSealRefused
from trading.models.late_seal import LateSeal
from trading.queries import lots
from trading.queries.receipts import log_proof

FORMAT = "gongheng/late-seal/v1"


@dataclass(frozen=True, slots=True)
class LateSealRow:
    """A line of the bidder's page."""

    number: str
    arrived_at: datetime
    deadline: datetime
    waited_ms: int


def late_seals(session: Session, lot: LotId, org: OrgId, purpose: Purpose = Purpose.BID) -> tuple[LateSealRow, ...]:
    """The late attempts of one bidder for one lot, oldest first."""
    own = (LateSeal.lot_id == lot, LateSeal.org_id == org, LateSeal.purpose == purpose)
    query = select(LateSeal).where(*own).order_by(LateSeal.arrived_at)
    return tuple(LateSealRow(row.number, row.arrived_at, row.deadline, row.waited_ms) for row in session.scalars(query))


def late_seal(session: Session, actor: Actor, number: str, authorities: Sequence[x509.Certificate]) -> dict[str, JSON]:
    """The trace file (docs/formats/late-seal.md), for its own bidder; raises NotFound for anybody else."""
    row = session.scalar(select(LateSeal).where(LateSeal.number == number, LateSeal.org_id == actor.org))
    if row is None or actor.org is None:
        raise NotFound("late_seal.not_found")
    event = chain.find(session, lots.by_id(session, LotId(row.lot_id)).case, LateSealRefused.KIND, row.seal_sha256)[0]
    certificate = session.get(PlatformCertificate, event.envelope.signatures[0].keyid)
    return {
        "format": FORMAT,
        "id": number,
        "seals": row.seals,
        "trace": event.envelope.to_json(),
        "certificate": "" if certificate is None else b64(certificate.der),
        "authorities": [to_pem(authority) for authority in authorities],
        "proof": log_proof(session, event),
    }
