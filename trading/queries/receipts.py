"""Receipts: the platform's signed word for each envelope, with the proof that it stands in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.certificates import PlatformCertificate
from core.kernel import chain, proofs
from core.kernel.actor import Actor
from core.kernel.certificates import to_pem
from core.kernel.chain import StoredEvent
from core.kernel.dsse import Envelope
from core.kernel.encoding import b64
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from trading.domain import application
from trading.domain.bid import EnvelopeState
from trading.models.bid import BidEnvelope, Submission
from trading.models.opening import Opening
from trading.queries import lots
from trading.queries.lots import LotView

FORMAT = "gongheng/receipt/v1"


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with what proves it. `event` is None until the opening has started: its number would count what is secret until then."""

    number: str
    lot: LotView
    bidder: str
    purpose: Purpose
    env: str
    env_title: str
    ver: int
    state: EnvelopeState
    seal_sha256: str
    ct_sha256: str
    ct_size: int
    received_at: datetime
    waited_ms: int
    seal: Envelope
    receipt: Envelope
    certificate: str
    authorities: tuple[x509.Certificate, ...]
    proof: dict[str, JSON] | None
    event: dict[str, JSON] | None

    def to_json(self) -> dict[str, JSON]:
        """The receipt file that anyone can check offline (docs/formats/receipt.md)."""
        return {
            "format": FORMAT,
            "id": self.number,
            "seal": self.seal.to_json(),
            "receipt": self.receipt.to_json(),
            "certificate": self.certificate,
            "authorities": [to_pem(authority) for authority in self.authorities],
            "proof": self.proof,
            "event": self.event,
        }


def receipt(session: Session, actor: Actor, number: str, authorities: Sequence[x509.Certificate] = ()) -> ReceiptView:
    """A receipt: to its bidder always, to anybody once the opening has started; raises NotFound otherwise.

    `authorities` go into the file, so that its certificate can be followed to a root.
    """
    row = session.execute(
        select(BidEnvelope, Submission).join(Submission, Submission.id == BidEnvelope.bid_id).where(BidEnvelope.receipt_no == number)
    ).one_or_none()
    if row is None:
        raise NotFound("receipt.not_found")
    envelope, bid = row
    lot = lots.by_id(session, LotId(bid.lot_id))
    is_own = actor.org == bid.org_id and Role.BIDDER in actor.roles
    is_public = _has_started(session, lot)  # of the bids: until then who applied is secret too (招标投标法 art. 22)
    if not is_own and not is_public:
        raise NotFound("receipt.not_found")
    seal, given = (chain.find(session, lot.case, kind, envelope.seal_sha256)[0] for kind in ("seal", "receipt"))
    certificate = session.get(PlatformCertificate, given.envelope.signatures[0].keyid)
    return ReceiptView(
        number=number,
        lot=lot,
        bidder=bid.org_name,
        env=envelope.env,
        purpose=bid.purpose,
        env_title=next(entry.title for entry in (*lot.envelopes, application.ENVELOPE) if entry.env == envelope.env),
        ver=envelope.ver,
        state=envelope.state,
        seal_sha256=envelope.seal_sha256,
        ct_sha256=envelope.ct_sha256,
        ct_size=envelope.ct_size,
        received_at=envelope.received_at,
        waited_ms=envelope.waited_ms,
        seal=seal.envelope,
        receipt=given.envelope,
        certificate="" if certificate is None else b64(certificate.der),
        authorities=tuple(authorities),
        proof=log_proof(session, given),
        event={"salt": b64(given.salt), "data": b64(given.data)} if is_public else None,
    )


def given(session: Session, case: CaseId, seals: Sequence[str]) -> dict[str, Envelope]:
    """The signed receipts of these seals, the same bytes each time they are asked for."""
    return {seal: chain.find(session, case, "receipt", seal)[0].envelope for seal in seals}


def _has_started(session: Session, lot: LotView) -> bool:
    started = select(Opening.id).where(Opening.lot_id == lot.id, Opening.round == 0, Opening.started_at.is_not(None))
    return session.scalar(started) is not None


def log_proof(session: Session, event: StoredEvent) -> dict[str, JSON] | None:
    """Where an event's commitment stands in the log: it shows neither the event's number nor its content."""
    if event.leaf_index is None:
        return None
    head = proofs.covering(session, event.leaf_index)
    if head is None:
        return None
    placed = proofs.event_proof(session, event.case, event.case_seq)
    del placed["salt"]
    text = str(proofs.tlog_proof(session, event.leaf_index, head.size))
    return {"commitment": event.commitment.hex()} | placed | {"tlog_proof": text}
