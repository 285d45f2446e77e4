"""The lot file: what a sealer needs to seal a bid for a lot, in the browser or offline, with the proofs that its keys are genuine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.certificates import PlatformCertificate
from core.identity.queries import certificates, people
from core.identity.queries.certificates import CertifiedKey
from core.kernel import chain, proofs
from core.kernel.actor import Actor
from core.kernel.blind import words_of
from core.kernel.checkpoint import Vkey
from core.kernel.errors import NotFound, WrongState
from core.kernel.events import PLATFORM
from core.kernel.evidence import EventProof, Placement, read_placement
from core.kernel.ids import OrgId
from core.kernel.lotfile import Bidder, Escrow, Field, LotEnvelope, LotFile, OfficeKey
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from trading.models.lot import Lot
from trading.queries.bids import offices
from trading.queries.calls import call, called, version
from trading.queries.consortia import standing
from trading.queries.lots import LotView

Entries = Mapping[str, Sequence[tuple[str, str, bool]]]


@dataclass(frozen=True, slots=True)
class Trust:
    """What the process knows of itself: its certificate authorities, its signing key, its log and the witnesses."""

    authorities: tuple[x509.Certificate, ...]
    platform_key_id: str
    log: Vkey
    witnesses: tuple[Vkey, ...]


def lot_file(
    session: Session, actor: Actor, number: str, trust: Trust, entries: Entries, *, now: datetime, purpose: Purpose = Purpose.BID
) -> LotFile:
    """The file of a public lot, or of its round's applications; a bidder's own holds the organisation, the next version and the
    device's recipients.

    `entries` are the words of what is read out, by envelope. Raises WrongState `bid.lot_file.not_ready` while an office has no logged key.
    """
    lot = called(session, number, purpose)
    asked = call(session, lot, purpose, now)
    head, platform = proofs.latest(session), session.get(PlatformCertificate, trust.platform_key_id)
    if head is None or platform is None or asked.deadline is None:
        raise WrongState("bid.lot_file.not_ready")
    keys = {} if asked.escrow.value == "none" else _office_keys(session, number, now)
    return LotFile(
        case=lot.case,
        lot=lot.no,
        title=lot.title,
        regime=lot.regime.value,
        deadline=asked.deadline,
        envelopes=tuple(LotEnvelope(entry.env, entry.title, _fields(entries, entry.env), entry.blind) for entry in asked.envelopes),
        escrow=Escrow(asked.escrow.value),
        offices=keys,
        authorities=trust.authorities,
        platform=x509.load_der_x509_certificate(platform.der),
        log=trust.log,
        witnesses=trust.witnesses,
        checkpoint=str(head.note),
        bidder=_bidder(session, actor, lot, purpose, now),
        purpose=purpose,
    )


def _fields(entries: Entries, env: str) -> tuple[Field, ...]:
    return tuple(Field(name, title, required) for name, title, required in entries.get(env, ()))


def _office_keys(session: Session, number: str, now: datetime) -> dict[str, tuple[OfficeKey, ...]]:
    project = session.scalars(select(Lot.project_id).where(Lot.number == number)).one()
    found: dict[str, tuple[OfficeKey, ...]] = {}
    for office, org in offices(session, project).items():
        keys = certificates.officer_keys(session, office, now, org)
        found[office] = tuple(logged for key in keys if (logged := _office_key(session, key)) is not None)
        if not found[office]:
            raise WrongState("bid.lot_file.not_ready")
    return found


def _office_key(session: Session, key: CertifiedKey) -> OfficeKey | None:
    """The key with the proof of its issue, None while that is not in the log."""
    issued = chain.find(session, PLATFORM, "cert.issue", key.record.key_id)
    proof = event_proof(session, issued[0]) if issued else None
    if proof is None:
        return None
    return OfficeKey(key.recipient, key.record.key_id, x509.load_der_x509_certificate(key.certificate), proof)


def event_proof(session: Session, event: chain.StoredEvent) -> EventProof | None:
    """An event with its proof to the newest checkpoint, None while it is in none."""
    try:
        placement: Placement = read_placement(proofs.event_proof(session, event.case, event.case_seq))
        return EventProof(event.data, placement, proofs.tlog_proof(session, placement.leaf_index))
    except NotFound:
        return None


def _bidder(session: Session, actor: Actor, lot: LotView, purpose: Purpose, now: datetime) -> Bidder | None:
    if actor.org is None or actor.person is None or Role.BIDDER not in actor.roles:
        return None
    ver = version(session, lot, actor.org, purpose)
    recipients = [key.recipient for key in certificates.keys_of(session, actor.person, now) if key.recipient]
    members = tuple(str(member) for member in standing(session, lot.id, actor.org).members)
    words = bidder_words(session, lot, actor.org) if purpose is Purpose.BID else ()
    return Bidder(str(actor.org), ver + 1, tuple(dict.fromkeys(recipients)), words, members)


def bidder_words(session: Session, lot: LotView, org: OrgId) -> tuple[str, ...]:
    """By which a firm would be recognised in a blind bid; nothing for a lot that asks for none."""
    if not any(entry.blind for entry in lot.envelopes):
        return ()
    firm = people.organisation(session, org)
    return words_of(firm.name, firm.uscc)
