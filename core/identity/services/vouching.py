"""Keys that another authority has certified too: accepted at enrolment, asked about by the clock, ended when that authority revokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from core.identity.domain.anchor import Said, accept_foreign, choose, next_asking, pem_chain, read_chain, states_of
from core.identity.domain.certificate import OF_AUTHORITY, Enrolment, Life
from core.identity.events import PLATFORM, CertificateVouched, StatusLearned
from core.identity.models.anchors import StatusKept, StatusPaper, TrustAnchor, Vouch
from core.identity.models.certificates import Certificate
from core.identity.models.people import Organisation
from core.identity.queries.anchors import to_anchor
from core.identity.services.revocations import end_key
from core.kernel.certificates import fingerprint
from core.kernel.certpath import Path
from core.kernel.db import insert_new, lock
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotFound, RuleBroken, WrongState
from core.kernel.ids import KeyId
from core.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Foreign:
    """What came beside an enrolment: the authority that the chain was found to lead to, the path, and what was said of it just now."""

    anchor: UUID
    path: Path
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A path that vouches for the key at hand until then."""

    foreign: Foreign
    root_sha256: str
    uscc: str
    until: datetime


def accept(work: Work, wish: Enrolment, foreign: Foreign | None) -> Accepted | None:
    """Whether the path vouches for the key, by the rules of its authority as they stand now; None where none was handed in.

    Raises a refusal when the enrolment names another certificate than the one that came with it, or the path does not hold.
    """
    if foreign is None:
        if wish.certificate_sha256:
            raise BadSignature("foreign.missing")
        return None
    if wish.certificate_sha256 != fingerprint(foreign.path[0]):
        raise BadSignature("foreign.other_certificate")
    try:
        row = lock(work.session, TrustAnchor, TrustAnchor.id == foreign.anchor, shared=True)
    except NotFound:
        raise WrongState("anchor.not_recognised") from None
    anchor, uscc, now = to_anchor(row), _code(work), work.now()
    choose(foreign.path, [anchor], now)
    until = accept_foreign(anchor, foreign.path, foreign.said, (wish.spki, uscc), now)
    if work.session.scalar(select(Vouch.key_id).where(Vouch.certificate_sha256 == wish.certificate_sha256)) is not None:
        raise RuleBroken("enrolment.key_taken")
    return Accepted(foreign, row.root_sha256, uscc, until)


def _code(work: Work) -> str:
    return work.session.scalar(select(Organisation.uscc).where(Organisation.id == work.actor.org)) or ""


def keep(work: Work, key_id: KeyId, accepted: Accepted) -> None:
    """Enters the path and the answers beside the key's own certificate, which stands already."""
    path, said, now = accepted.foreign.path, accepted.foreign.said, work.now()
    chain = pem_chain(path)
    row = Vouch(
        key_id=key_id,
        anchor_id=accepted.foreign.anchor,
        certificate_sha256=fingerprint(path[0]),
        chain=list(chain),
        subject=path[0].subject.rfc4514_string()[:1000],
        since=now,
        told_at=now,
        good_until=None,
    )
    _told(row, said, now, None)
    work.session.add(row)
    work.session.flush()
    _keep_papers(work, key_id, said)
    work.record(
        CertificateVouched(
            case=PLATFORM,
            subject=key_id,
            key_id=key_id,
            root_sha256=accepted.root_sha256,
            certificate_sha256=row.certificate_sha256,
            chain=chain,
            uscc=accepted.uscc,
            not_after=path[0].not_valid_after_utc,
        )
    )


def note_status(work: Work, key_id: KeyId, said: Sequence[Said]) -> None:
    """What was said of a path just now, nothing included: kept, and where it is revoked the key ends here too and the event tells since
    when, whatever was signed in between."""
    row = lock(work.session, Vouch, Vouch.key_id == key_id)
    certificate = lock(work.session, Certificate, Certificate.key_id == key_id)
    now = work.now()
    if row.revoked_at is None:
        _keep_papers(work, key_id, said)
        revoked = [one for one in said if one.status.revoked_at is not None and one.status.revoked_at <= now]
        if revoked:
            _learn(work, row, min(revoked, key=lambda one: (one.status.revoked_at or now, one.place)), now)
            if certificate.life is Life.ISSUED:
                end_key(work, certificate, OF_AUTHORITY, now)
    ended_at = min((at for at in (certificate.revoked_at, certificate.not_after) if at is not None and at <= now), default=None)
    _told(row, said, now, ended_at)


def _learn(work: Work, row: Vouch, one: Said, now: datetime) -> None:
    assert one.status.revoked_at is not None
    row.revoked_at, row.learned_at = one.status.revoked_at, now
    work.record(
        StatusLearned(
            case=PLATFORM,
            subject=row.key_id,
            key_id=row.key_id,
            place=one.place,
            state=one.status.state,
            revoked_at=one.status.revoked_at,
            source=one.source,
            paper_sha256=sha256(one.content).hex(),
        )
    )


def _told(row: Vouch, said: Sequence[Said], now: datetime, ended_at: datetime | None) -> None:
    path = read_chain([str(pem) for pem in row.chain])
    own = next((one.status for one in said if one.place == 0), None)
    if row.revoked_at is None and own is not None and set(states_of(path, said, now)) == {"good"}:
        ends = [one.status.next_update for one in said if one.status.next_update is not None]
        row.told_at, row.good_until = min(one.status.this_update for one in said), min(ends, default=None)
    row.ask_at = None if row.revoked_at is not None else next_asking(now, own, ended_at)


def _keep_papers(work: Work, key_id: KeyId, said: Sequence[Said]) -> None:
    for one in said:
        digest, connection = sha256(one.content).hex(), work.session.connection()
        insert_new(connection, StatusPaper, [{"sha256": digest, "source": one.source, "content": one.content}])
        kept = {"id": uuid4(), "key_id": key_id, "place": one.place, "paper_sha256": digest, "kept_at": work.now()}
        insert_new(connection, StatusKept, [kept])
