"""Keys are certified and certificates revoked, each with its entry in the platform's chain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from core.identity.authority import Authority, Issued, pem_of
from core.identity.domain.act import Expect, Facts, accept, role_of
from core.identity.domain.certificate import MOVES, REASONS, Action, Enrolment, Life, NewCredential, accept_enrolment, standings
from core.identity.domain.grant import Office
from core.identity.events import PLATFORM, CertificateIssued
from core.identity.models.certificates import Certificate, Credential, PlatformCertificate
from core.identity.models.people import Grant, Person
from core.identity.queries import checkpoints
from core.identity.services import vouching
from core.identity.services.acts import acting_person, answer_once
from core.identity.services.revocations import end_key, tell_owner
from core.identity.services.vouching import Foreign
from core.kernel import log
from core.kernel.age import read_recipient
from core.kernel.db import lock
from core.kernel.dsse import Envelope
from core.kernel.errors import BadSignature, NotAllowed, RuleBroken
from core.kernel.ids import KeyId, PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.signing import KeyRecord, open_statement, read_statement
from core.kernel.webauthn import RelyingParty
from core.kernel.work import Work

__all__ = ["ENROL", "EnrolmentRequest", "NewCredential", "certify_platform", "enrol", "revoke"]

ENROL = "device.enrol"


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """A `device.enrol` statement signed by the new key itself; `password_ok`: the person's password came with it, checked already;
    `foreign`: by which chain another authority vouches for the key."""

    envelope: Envelope
    password_ok: bool
    credential: NewCredential | None = None
    foreign: Foreign | None = None


def enrol(work: Work, authority: Authority, request: EnrolmentRequest) -> dict[str, JSON]:
    """Certifies a key that somebody has just made: `{key_id, serial, certificate (PEM), not_after}`.

    Raises BadSignature when the statement does not prove possession of the key, NotAllowed without the password, RuleBroken for a
    purpose that is not the person's, a key certified before, or too many keys, and what `vouching.accept` finds against a chain.
    """
    if not request.password_ok:
        raise NotAllowed("enrolment.password")
    return answer_once(work, request.envelope, PLATFORM, lambda: _enrol(work, authority, request))


def revoke(work: Work, key_id: KeyId, reason: str) -> None:
    """From now on this key signs nothing; by its owner or an administrator. Raises WrongState for one revoked already."""
    if reason not in REASONS:
        raise RuleBroken("certificate.reason", reason=reason)
    row = lock(work.session, Certificate, Certificate.key_id == key_id)
    MOVES.choose(Action.REVOKE, row.life, standings(row.person_id == work.actor.person, work.actor.roles), None)
    end_key(work, row, reason, work.now())


def certify_platform(work: Work, authority: Authority, name: str, key: KeyRecord) -> str:
    """The PEM certificate of a key of the platform's own, issued and logged the first time it is asked for."""
    known = work.session.get(PlatformCertificate, key.key_id)
    if known is not None:
        return pem_of(known.der)
    issued = authority.issue_platform(name, key, work.now())
    row = PlatformCertificate(key_id=key.key_id, name=name, serial=issued.serial, der=issued.der)
    row.not_before, row.not_after = issued.not_before, issued.not_after
    work.session.add(row)
    _record(work, issued, key, "platform", "")
    return pem_of(issued.der)


def _enrol(work: Work, authority: Authority, request: EnrolmentRequest) -> dict[str, JSON]:
    person = acting_person(work)
    wish = Enrolment.read(read_statement(request.envelope.payload).body)
    key, rp = _introduced(wish, request.credential)
    said = open_statement(request.envelope, key, rp)
    role = role_of(said)
    known = checkpoints.is_known(work.session, said.ckpt)
    # Enrolments are no events of a case, so nothing comes before them: `prev` is always empty.
    accept(Facts(said, Expect(ENROL, PLATFORM), person, work.actor.roles, work.now(), "", known, False))
    lock(work.session, Person, Person.id == person)  # so that two at once are counted one after the other
    accept_enrolment(wish, role, _office(work, role), _live_keys(work, person))
    if work.session.get(Certificate, key.key_id) is not None:
        raise RuleBroken("enrolment.key_taken")
    accepted = vouching.accept(work, wish, request.foreign)
    issued = authority.issue(person, wish.purpose, key, wish.recipient, work.now(), until=None if accepted is None else accepted.until)
    _store(work, person, wish, key, issued)
    if request.credential is not None:
        name, site = request.credential.credential_id, request.credential.rp
        work.session.add(Credential(key_id=key.key_id, credential_id=name, rp_id=site.id, origin=site.origin))
    _record(work, issued, key, wish.purpose, wish.recipient)
    if accepted is not None:
        vouching.keep(work, KeyId(key.key_id), accepted)
    tell_owner(work, person, "account.key", wish.label)  # a key that somebody else had certified in their name is seen at once
    if role is Role.OFFICER:  # nobody seals to an office's key before outsiders have seen it: no need to wait for the minute
        work.send(log.TOPIC, f"office-key/{key.key_id}", {"reason": "office-key"})
    return {"key_id": key.key_id, "serial": issued.serial, "certificate": pem_of(issued.der), "subject": issued.subject}


def _introduced(wish: Enrolment, credential: NewCredential | None) -> tuple[KeyRecord, RelyingParty | None]:
    """The key that the statement introduces; an authenticator's must be the very one that was registered."""
    key = KeyRecord.from_spki(wish.spki, wish.kind)
    if wish.recipient:
        read_recipient(wish.recipient)
    if (credential is not None) != (wish.kind == "webauthn-es256") or (credential is not None and credential.key != key):
        raise BadSignature("enrolment.credential")
    return key, None if credential is None else credential.rp


def _office(work: Work, role: Role) -> Office:
    mine = (Grant.person_id == work.actor.person) & (Grant.org_id == work.actor.org) & (Grant.role == role)
    return work.session.scalar(select(Grant.office).where(mine, Grant.ended_at.is_(None))) or Office.NONE


def _live_keys(work: Work, person: PersonId) -> int:
    mine = (Certificate.person_id == person) & (Certificate.life == Life.ISSUED) & (Certificate.not_after > work.now())
    return work.session.scalar(select(func.count()).where(mine)) or 0


def _store(work: Work, person: PersonId, wish: Enrolment, key: KeyRecord, issued: Issued) -> None:
    row = Certificate(
        key_id=key.key_id,
        person_id=person,
        org_id=work.actor.org,
        kind=key.kind,
        purpose=wish.purpose,
        suite=key.suite,
        spki=key.spki,
        recipient=wish.recipient,
        label=wish.label,
        serial=issued.serial,
        der=issued.der,
        not_before=issued.not_before,
        not_after=issued.not_after,
        life=Life.ISSUED,
        issued_at=work.now(),
        reason="",
    )
    work.session.add(row)
    work.session.flush()


def _record(work: Work, issued: Issued, key: KeyRecord, purpose: str, recipient: str) -> None:
    work.record(
        CertificateIssued(
            case=PLATFORM,
            subject=key.key_id,
            key_id=key.key_id,
            kind=key.kind,
            holder=issued.subject,
            role=purpose,
            serial=issued.serial,
            not_before=issued.not_before,
            not_after=issued.not_after,
            certificate_sha256=issued.sha256,
            recipient=recipient,
        )
    )
