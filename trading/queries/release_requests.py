"""What the offices' tools are asked: the shares of envelopes whose bidders did not come, with the grounds from the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.certificates import PlatformCertificate
from core.identity.queries import acts, certificates
from core.kernel import chain
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed
from core.kernel.ids import KeyId, LotId, PersonId
from core.kernel.releasing import Asked, ReleaseRequest
from core.kernel.sealing import Purpose
from core.kernel.signing import Statement, read_statement
from trading.domain.bid import EnvelopeState
from trading.domain.opening import PRICES, OpeningState
from trading.models.bid import BidEnvelope, ShareBox
from trading.models.lot import Lot
from trading.models.opening import AnyOpening, ShareRelease
from trading.queries import lots
from trading.queries.bids import offices
from trading.queries.lot_files import event_proof
from trading.queries.lots import LotView
from trading.queries.openings import envelopes_of

GROUNDS = (
    ("close", "opening.start", "opening.identity"),
    ("close", "opening.start", "opening.request", "technical.lock"),
    ("application.close", "application.open"),
)
"""By round, the events that let an office release its share."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A request with what its page says about it."""

    request: ReleaseRequest
    lot: LotView
    round: int
    release_until: datetime
    rescue_until: datetime


def pending(session: Session, actor: Actor, office: str, authorities: Sequence[x509.Certificate], now: datetime) -> tuple[Pending, ...]:
    """The requests to this officer's office that can be answered now: windows over, grounds in the log; the tenderer's own alone.

    Raises NotAllowed for somebody who is no officer.
    """
    if actor.person is None or not office:
        raise NotAllowed("opening.rescue.not_allowed")
    running = select(AnyOpening).where(
        AnyOpening.state == OpeningState.DECRYPTING,
        AnyOpening.batch_at.is_(None),
        AnyOpening.release_until <= now,
        AnyOpening.rescue_until > now,
    )
    found = []
    for opening in session.scalars(running.order_by(AnyOpening.release_until)):
        made = _pending(session, actor, office, authorities, opening)
        if made is not None:
            found.append(made)
    return tuple(found)


def office_of(session: Session, person: PersonId, now: datetime) -> str:
    """The office whose share key this person holds, "" for none."""
    purposes = [key.purpose for key in certificates.keys_of(session, person, now) if key.purpose.startswith("officer:")]
    return purposes[0].removeprefix("officer:") if purposes else ""


def _pending(session: Session, actor: Actor, office: str, authorities: Sequence[x509.Certificate], opening: AnyOpening) -> Pending | None:
    lot = lots.by_id(session, LotId(opening.lot_id))
    project = session.scalars(select(Lot.project_id).where(Lot.id == opening.lot_id)).one()
    org = offices(session, project)[office]
    kinds = GROUNDS[min(opening.round, PRICES) if opening.kind is Purpose.BID else opening.round]
    events = _grounds(session, lot, opening, kinds)
    asked = _asked(session, office, opening, lot)
    proofs = {event.kind: proof for event in events if (proof := event_proof(session, event)) is not None}
    if (org is not None and org != actor.org) or not asked or set(proofs) != set(kinds):
        return None
    assert actor.person is not None and opening.release_until is not None and opening.rescue_until is not None
    request = ReleaseRequest(
        case=lot.case,
        lot=lot.no,
        role=office,
        authorities=tuple(authorities),
        signers=_signers(session, events),
        events=proofs,
        prev=acts.prev(session, actor.person, lot.case),
        asked=asked,
    )
    return Pending(request, lot, opening.round, opening.release_until, opening.rescue_until)


def _grounds(session: Session, lot: LotView, opening: AnyOpening, kinds: Sequence[str]) -> list[chain.StoredEvent]:
    """The one event of each kind on which this opening stands: its own request, and the technical lock that this request followed."""
    of_lot = {kind: [event for event in chain.find(session, lot.case, kind) if _said(event).lot == lot.no] for kind in kinds}
    if "opening.request" in of_lot:
        of_lot["opening.request"] = [event for event in of_lot["opening.request"] if _said(event).round == opening.round]
        since = max((event.case_seq for event in of_lot["opening.request"]), default=0)
        of_lot["technical.lock"] = [event for event in of_lot["technical.lock"] if event.case_seq < since]
    return [events[-1] for events in of_lot.values() if events]


def _said(event: chain.StoredEvent) -> Statement:
    return read_statement(event.envelope.payload)


def _asked(session: Session, office: str, opening: AnyOpening, lot: LotView) -> tuple[Asked, ...]:
    """The envelopes that still wait for this office's share."""
    found = []
    for envelope, bid in envelopes_of(session, opening):
        box = session.scalar(select(ShareBox.box).where(ShareBox.envelope_id == envelope.id, ShareBox.office == office))
        given = session.get(ShareRelease, (envelope.id, office))
        if envelope.state is EnvelopeState.LOCKED and box is not None and given is None:
            found.append(Asked(str(bid.org_id), bid.org_name, _seal(session, lot, envelope), box))
    return tuple(found)


def _seal(session: Session, lot: LotView, envelope: BidEnvelope) -> bytes:
    return chain.find(session, lot.case, "seal", envelope.seal_sha256)[0].envelope.payload


def _signers(session: Session, events: Sequence[chain.StoredEvent]) -> tuple[x509.Certificate, ...]:
    """The certificates of those who signed these events, the platform's own among them."""
    found = {}
    for event in events:
        key_id = event.envelope.signatures[0].keyid
        own, person = session.get(PlatformCertificate, key_id), certificates.key_by_id(session, KeyId(key_id))
        der = own.der if own is not None else person.certificate if person is not None else b""
        if der:
            found[key_id] = x509.load_der_x509_certificate(der)
    return tuple(found.values())
