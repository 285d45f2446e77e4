"""A firm's own receipts for downloads; nobody else ever reads them."""

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
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from trading.models.download import DownloadReceipt
from trading.models.lot import Lot
from trading.queries.receipts import log_proof

FORMAT = "gongheng/download-receipt/v1"


@dataclass(frozen=True, slots=True)
class OwnDownload:
    """A receipt in the firm's own list."""

    number: str
    version: int
    document_sha256: str
    given_at: datetime


def own(session: Session, lot: LotId, org: OrgId) -> tuple[OwnDownload, ...]:
    """The firm's receipts for a lot, the youngest first."""
    query = select(DownloadReceipt).where(DownloadReceipt.lot_id == lot, DownloadReceipt.org_id == org)
    rows = session.scalars(query.order_by(DownloadReceipt.given_at.desc(), DownloadReceipt.id.desc()))
    return tuple(OwnDownload(row.number, row.version, row.document_sha256, row.given_at) for row in rows)


def receipt_file(session: Session, actor: Actor, number: str, authorities: Sequence[x509.Certificate]) -> dict[str, JSON]:
    """The file that anyone can check offline (docs/formats/download-receipt.md), for its own firm; raises NotFound for everybody else."""
    query = select(DownloadReceipt, Lot.number).join(Lot, Lot.id == DownloadReceipt.lot_id)
    found = session.execute(query.where(DownloadReceipt.number == number)).one_or_none()
    if found is None or found[0].org_id != actor.org or Role.BIDDER not in actor.roles:
        raise NotFound("receipt.not_found")
    row, tender = found
    [event] = chain.find(session, chain_of(tender, OrgId(row.org_id)), "download.receipt", number)
    certificate = session.get(PlatformCertificate, event.envelope.signatures[0].keyid)
    return {
        "format": FORMAT,
        "id": number,
        "receipt": event.envelope.to_json(),
        "certificate": "" if certificate is None else b64(certificate.der),
        "authorities": [to_pem(authority) for authority in authorities],
        "proof": log_proof(session, event),
        "event": {"salt": b64(event.salt), "data": b64(event.data)},
    }


def chain_of(number: str, org: OrgId) -> CaseId:
    """The chain of one firm's receipts for one lot: its numbers count the firm's own and nobody else's."""
    return CaseId(f"R-{number}-{org.hex}")
