"""Keys with their certificates: one by its id, those of a person, those of an office, and what is revoked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.identity.domain.certificate import OFFICER, Life, Revocation
from core.identity.events import PLATFORM, CertificateIssued
from core.identity.models.anchors import TrustAnchor, Vouch
from core.identity.models.certificates import Certificate, Credential, PlatformCertificate
from core.identity.models.people import Organisation, Person
from core.kernel import chain
from core.kernel.chain import StoredEvent
from core.kernel.dsse import Kind
from core.kernel.errors import NotFound
from core.kernel.ids import KeyId, OrgId, PersonId
from core.kernel.signing import KeyRecord
from core.kernel.webauthn import RelyingParty


@dataclass(frozen=True, slots=True)
class VouchView:
    """The authority elsewhere that vouches for a key, for whom, and what it said last: good as of `told_at` and until `good_until`, or
    revoked since `revoked_at`, which was learned here at `learned_at`."""

    anchor: UUID
    name_zh: str
    name_en: str
    subject: str
    certificate_sha256: str
    told_at: datetime
    good_until: datetime | None
    revoked_at: datetime | None
    learned_at: datetime | None

    def is_fresh(self, at: datetime) -> bool:
        """Whether its last word still holds."""
        return self.good_until is not None and at <= self.good_until


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    """A key, its one certificate (DER) and its holder. `recipient` is the age X25519 recipient of the same device, "" for step-up keys;
    `rp` and `credential_id` are WebAuthn's; `vouch` where another authority has certified the key too."""

    record: KeyRecord
    person: PersonId
    org: OrgId
    person_name: str
    org_name: str
    purpose: str
    recipient: str
    label: str
    serial: str
    certificate: bytes = field(repr=False)
    not_before: datetime
    not_after: datetime
    issued_at: datetime
    revoked_at: datetime | None = None
    reason: str = ""
    rp: RelyingParty | None = None
    credential_id: bytes = b""
    vouch: VouchView | None = None

    def is_live(self, at: datetime) -> bool:
        """Whether it may sign at that moment."""
        return self.revoked_at is None and self.not_before <= at < self.not_after


_Found = tuple[Certificate, Person, Organisation, Credential | None, Vouch | None, TrustAnchor | None]


def _all() -> Select[Certificate, Person, Organisation, Credential | None, Vouch | None, TrustAnchor | None]:
    query = select(Certificate, Person, Organisation, Credential, Vouch, TrustAnchor).join(Person, Person.id == Certificate.person_id)
    joined = query.join(Organisation, Organisation.id == Certificate.org_id)
    joined = joined.outerjoin(Credential, Credential.key_id == Certificate.key_id)
    joined = joined.outerjoin(Vouch, Vouch.key_id == Certificate.key_id).outerjoin(TrustAnchor, TrustAnchor.id == Vouch.anchor_id)
    return joined.order_by(Certificate.issued_at, Certificate.key_id)


def _vouched(vouch: Vouch | None, anchor: TrustAnchor | None) -> VouchView | None:
    if vouch is None or anchor is None:
        return None
    who = (anchor.id, anchor.name_zh, anchor.name_en, vouch.subject, vouch.certificate_sha256)
    return VouchView(*who, vouch.told_at, vouch.good_until, vouch.revoked_at, vouch.learned_at)


def _view(found: _Found) -> CertifiedKey:
    row, person, org, credential, vouch, anchor = found
    return CertifiedKey(
        record=KeyRecord(row.key_id, cast(Kind, row.kind), row.spki, row.suite),
        person=PersonId(row.person_id),
        org=OrgId(row.org_id),
        person_name=person.name,
        org_name=org.name,
        purpose=row.purpose,
        recipient=row.recipient,
        label=row.label,
        serial=row.serial,
        certificate=row.der,
        not_before=row.not_before,
        not_after=row.not_after,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        reason=row.reason,
        rp=None if credential is None else RelyingParty(credential.rp_id, credential.origin),
        credential_id=b"" if credential is None else credential.credential_id,
        vouch=_vouched(vouch, anchor),
    )


def key_by_id(session: Session, key_id: KeyId) -> CertifiedKey | None:
    """The certified key of that id (hex SHA-256 of its SPKI), revoked and expired ones too; None for a key that we never certified."""
    found = session.execute(_all().where(Certificate.key_id == key_id)).first()
    return None if found is None else _view(found)


def certificate_by_serial(session: Session, serial: str) -> CertifiedKey:
    """The key whose certificate has that serial number (lower-case hex); raises NotFound."""
    found = session.execute(_all().where(Certificate.serial == serial)).first()
    if found is None:
        raise NotFound("certificate.not_found")
    return _view(found)


def keys_of(session: Session, person: PersonId, at: datetime | None = None) -> tuple[CertifiedKey, ...]:
    """A person's keys, oldest first; only those that may sign at `at` when it is given."""
    views = [_view(row) for row in session.execute(_all().where(Certificate.person_id == person))]
    return tuple(view for view in views if at is None or view.is_live(at))


def officer_keys(session: Session, office: str, at: datetime, org: OrgId | None = None) -> tuple[CertifiedKey, ...]:
    """All keys of an office ("tenderer", "centre", "supervisor") that count at `at`, of one organisation's officers when `org` is given.

    Share boxes are encrypted to the `recipient` of each: any one officer of the office can open its box.
    """
    query = _all().where(Certificate.purpose == OFFICER + office, Certificate.life == Life.ISSUED)
    if org is not None:
        query = query.where(Certificate.org_id == org)
    views = [_view(row) for row in session.execute(query)]
    return tuple(view for view in views if view.is_live(at))


def revocations(session: Session) -> tuple[Revocation, ...]:
    """What a revocation list of now holds, oldest first."""
    query = select(Certificate.serial, Certificate.revoked_at, Certificate.reason).where(Certificate.life == Life.REVOKED)
    ordered = query.order_by(Certificate.revoked_at, Certificate.serial)
    return tuple(Revocation(serial, cast(datetime, at), reason) for serial, at, reason in session.execute(ordered))


def platform_certificates(session: Session) -> tuple[bytes, ...]:
    """The DER certificates of the platform's own keys, oldest first."""
    query = select(PlatformCertificate.der).order_by(PlatformCertificate.not_before, PlatformCertificate.key_id)
    return tuple(session.scalars(query))


def issue_event(session: Session, key_id: KeyId) -> StoredEvent | None:
    """The `cert.issue` entry of a key in the platform's chain, whose proof of inclusion a sealer asks for; None before it was certified."""
    found = chain.find(session, PLATFORM, CertificateIssued.KIND, key_id)
    return found[0] if found else None
