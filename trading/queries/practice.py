"""One's own practice, for nobody else: state, versions, receipts, boxes and ciphertexts, and the lot file with its practice keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from cryptography import x509
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.certificates import PlatformCertificate
from core.identity.queries import certificates
from core.kernel.actor import Actor
from core.kernel.certificates import to_pem
from core.kernel.clock import text
from core.kernel.dsse import read_envelope
from core.kernel.encoding import b64
from core.kernel.errors import NotFound
from core.kernel.ids import CaseId, PersonId
from core.kernel.jcs import JSON
from core.kernel.lotfile import Bidder, LotFile, read_lot
from core.kernel.practice import FORMAT, LOT, NOTICE
from core.kernel.roles import Role
from trading.domain import bid as bids
from trading.domain.bid import BidAction, BidFacts, BidState, EnvelopeState
from trading.domain.practice import ENVELOPES, bidder_of, role_of
from trading.models.practice import Practice, PracticeEnvelope
from trading.queries.bids import ENDED, VersionView, current_of, versions_of


@dataclass(frozen=True, slots=True)
class PracticeView:
    """A practice as who practises sees it, newest version first; `role` is the one to sign in, `device_days` None without a device key."""

    case: CaseId
    lot: str
    bidder: str
    role: Role
    state: BidState
    ver: int
    versions: tuple[VersionView, ...]
    available: tuple[BidAction, ...]
    now: datetime
    expires_at: datetime
    device_days: int | None

    @property
    def current(self) -> VersionView | None:
        """The version that counts."""
        return current_of(self.versions)

    @property
    def may_seal(self) -> bool:
        """Whether a version can be handed in now."""
        return BidAction.SEAL in self.available

    @property
    def may_withdraw(self) -> bool:
        """Whether the standing version can be withdrawn now."""
        return BidAction.WITHDRAW in self.available

    @property
    def waiting(self) -> tuple[str, ...]:
        """The envelopes whose key is still to be released."""
        current = self.current
        return tuple(one.env for one in current.envelopes if one.state is EnvelopeState.LOCKED) if current else ()

    @property
    def seals(self) -> list[str]:
        """The seals of the version that counts, as a withdrawal names them."""
        current = self.current
        return sorted(envelope.seal_sha256 for envelope in current.envelopes) if current else []

    def to_json(self) -> dict[str, JSON]:
        """As the sealing page asks for it."""
        about: dict[str, JSON] = {"case": self.case, "state": self.state.value, "next_ver": self.ver + 1, "org": self.bidder}
        return about | {"now": text(self.now), "expires_at": text(self.expires_at)}


def own(session: Session, actor: Actor, now: datetime) -> PracticeView | None:
    """The caller's practice; None when there is none or its time is over."""
    practice = _live(session, actor, now)
    if practice is None or actor.person is None:
        return None
    devices = [key for key in certificates.keys_of(session, actor.person, now) if key.purpose == "device"]
    return PracticeView(
        case=CaseId(practice.case_id),
        lot=LOT,
        bidder=str(bidder_of(actor)),
        role=role_of(actor),
        state=practice.state,
        ver=practice.ver,
        versions=versions_of(_rows(session, actor.person), ENVELOPES),
        available=bids.MOVES.available(practice.state, frozenset({Role.BIDDER}), BidFacts(now, practice.deadline)),
        now=now,
        expires_at=practice.expires_at,
        device_days=max(((key.not_after - now).days for key in devices), default=None),
    )


def lot_file(session: Session, actor: Actor, now: datetime) -> LotFile:
    """The lot file of the caller's practice, with their name, version and device; raises NotFound."""
    practice = _live(session, actor, now)
    if practice is None or actor.person is None:
        raise NotFound("practice.not_found")
    recipients = [key.recipient for key in certificates.keys_of(session, actor.person, now) if key.recipient]
    bidder = Bidder(str(bidder_of(actor)), practice.ver + 1, tuple(dict.fromkeys(recipients)))
    return replace(read_lot(practice.lot_file), bidder=bidder)


@dataclass(frozen=True, slots=True)
class PracticeBox:
    """The own box of the envelope that counts, and the upload in which its ciphertext lies."""

    env: str
    ver: int
    bid_pub: str
    box: bytes
    upload: UUID
    ct_size: int


def own_box(session: Session, actor: Actor, env: str, now: datetime) -> PracticeBox:
    """Of the caller's current envelope; raises NotFound."""
    found = [row for row in _own_rows(session, actor, now) if row.env == env and row.state not in ENDED]
    if not found:
        raise NotFound("practice.not_found")
    row = found[0]
    return PracticeBox(row.env, row.ver, row.bid_pub, row.bidder_box, row.upload_id, row.ct_size)


def receipt(session: Session, actor: Actor, number: str, authorities: Sequence[x509.Certificate], now: datetime) -> dict[str, JSON]:
    """A receipt file of the caller's practice (docs/formats/practice-receipt.md); raises NotFound.

    `authorities` lead the certificate of the key that signed it to a root.
    """
    row = next((row for row in _own_rows(session, actor, now) if row.receipt_no == number), None)
    if row is None:
        raise NotFound("practice.not_found")
    certificate = session.get(PlatformCertificate, read_envelope(row.receipt).signatures[0].keyid)
    return {
        "format": FORMAT,
        "id": number,
        "notice": NOTICE,
        "seal": row.seal,
        "receipt": row.receipt,
        "certificate": "" if certificate is None else b64(certificate.der),
        "authorities": [to_pem(authority) for authority in authorities],
    }


def over(session: Session, now: datetime, most: int = 100) -> list[PersonId]:
    """Whose practice's time is over."""
    return [PersonId(person) for person in session.scalars(select(Practice.person_id).where(Practice.expires_at <= now).limit(most))]


def _live(session: Session, actor: Actor, now: datetime) -> Practice | None:
    practice = None if actor.person is None else session.get(Practice, actor.person)
    return None if practice is None or practice.expires_at <= now else practice


def _own_rows(session: Session, actor: Actor, now: datetime) -> Sequence[PracticeEnvelope]:
    practice = _live(session, actor, now)
    return [] if practice is None else _rows(session, PersonId(practice.person_id))


def _rows(session: Session, person: PersonId) -> Sequence[PracticeEnvelope]:
    return session.scalars(select(PracticeEnvelope).where(PracticeEnvelope.person_id == person)).all()
