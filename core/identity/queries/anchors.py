"""Authorities that are not ours: the public list, those that vouch today, the keys that they vouch for, and whose status is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.identity.domain.anchor import LIVE, VOUCHING, Admission, Anchor, AnchorState, read_chain
from core.identity.domain.certificate import Life
from core.identity.events import PLATFORM, AnchorAdmitted, AnchorEnded, CertificateRevoked, CertificateVouched, StatusLearned
from core.identity.models.anchors import StatusKept, StatusPaper, TrustAnchor, Vouch
from core.identity.models.certificates import Certificate
from core.kernel import chain
from core.kernel.certpath import Path
from core.kernel.chain import StoredEvent
from core.kernel.errors import NotFound
from core.kernel.ids import KeyId
from core.kernel.jcs import JSON


@dataclass(frozen=True, slots=True)
class AnchorView:
    """An authority as pages show it; `keys`: how many live keys it vouches for, `proposal` what waits for a second signature."""

    id: UUID
    state: AnchorState
    root_sha256: str
    admission: Admission
    proposal: dict[str, JSON] | None
    proposed_at: datetime
    recognised_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    keys: int = 0

    @property
    def name_zh(self) -> str:
        """Its Chinese name."""
        return self.admission.name_zh

    @property
    def name_en(self) -> str:
        """Its English name."""
        return self.admission.name_en

    @property
    def until(self) -> datetime:
        """Until when it is recognised at most."""
        return self.admission.until


def _view(row: TrustAnchor, keys: int = 0) -> AnchorView:
    admission = Admission.read(row.body)
    moments = row.proposed_at, row.recognised_at, row.ended_at
    return AnchorView(row.id, row.state, row.root_sha256, admission, row.proposal, *moments, row.end_reason, keys)


def all_anchors(session: Session) -> tuple[AnchorView, ...]:
    """Every authority that was ever proposed, the newest first, for those who decide."""
    alive = (Certificate.key_id == Vouch.key_id) & (Certificate.life == Life.ISSUED)
    keys = select(func.count()).select_from(Vouch).join(Certificate, alive).where(Vouch.anchor_id == TrustAnchor.id).scalar_subquery()
    ordered = select(TrustAnchor, keys).order_by(TrustAnchor.proposed_at.desc(), TrustAnchor.id)
    return tuple(_view(row, count) for row, count in session.execute(ordered))


def anchor(session: Session, anchor_id: UUID) -> AnchorView:
    """One authority; raises NotFound."""
    row = session.get(TrustAnchor, anchor_id)
    if row is None:
        raise NotFound("trust_anchor.not_found")
    return _view(row)


def public_anchors(session: Session) -> tuple[AnchorView, ...]:
    """Those that are or were recognised, which anybody may know, by name."""
    ordered = select(TrustAnchor).where(TrustAnchor.recognised_at.is_not(None)).order_by(TrustAnchor.name_zh, TrustAnchor.recognised_at)
    return tuple(_view(row) for row in session.scalars(ordered))


def vouching(session: Session) -> tuple[Anchor, ...]:
    """Those whose certificates count today, as far as anybody has signed; `until` is the caller's to hold."""
    query = select(TrustAnchor).where(TrustAnchor.state.in_(VOUCHING)).order_by(TrustAnchor.recognised_at, TrustAnchor.id)
    return tuple(to_anchor(row) for row in session.scalars(query))


def to_anchor(row: TrustAnchor) -> Anchor:
    """A row as chains are held against it."""
    return Anchor(row.id, row.state, row.until, Admission.read(row.body))


def is_live(session: Session, root_sha256: str) -> bool:
    """Whether a root is proposed or recognised already."""
    query = select(TrustAnchor.id).where(TrustAnchor.root_sha256 == root_sha256, TrustAnchor.state.in_(LIVE))
    return session.scalar(query) is not None


def roots(session: Session) -> dict[str, str]:
    """What a trust policy names: every root that is or was recognised (what was signed in its time stands), digest → its English name."""
    return {view.root_sha256: view.name_en for view in public_anchors(session)}


# Status


@dataclass(frozen=True, slots=True)
class Due:
    """A path whose status is to be asked, and where."""

    key_id: KeyId
    path: Path
    ocsp_url: str
    crl_urls: tuple[str, ...]


def due(session: Session, now: datetime, limit: int) -> tuple[Due, ...]:
    """Keys whose status is to be asked by now, the longest due first."""
    query = select(Vouch, TrustAnchor).join(TrustAnchor, TrustAnchor.id == Vouch.anchor_id).where(Vouch.ask_at <= now)
    rows = session.execute(query.order_by(Vouch.ask_at, Vouch.key_id).limit(limit))
    return tuple(_due(vouch, Admission.read(row.body)) for vouch, row in rows)


def _due(vouch: Vouch, admission: Admission) -> Due:
    return Due(KeyId(vouch.key_id), read_chain([str(pem) for pem in vouch.chain]), admission.ocsp_url, admission.crl_urls)


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper that speaks of the certificate at `place` of a key's path."""

    place: int
    source: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """What an evidence package tells of a vouched key: its path, the papers, and the entries of the platform's chain about it."""

    key_id: KeyId
    chain: tuple[str, ...]
    papers: tuple[Kept, ...]
    events: tuple[StoredEvent, ...]


def vouched(session: Session, key_id: KeyId) -> Vouched | None:
    """All about a key that an authority vouches for; None for any other key."""
    row = session.get(Vouch, key_id)
    if row is None:
        return None
    query = select(StatusKept.place, StatusPaper.source, StatusPaper.sha256).join(
        StatusPaper, StatusPaper.sha256 == StatusKept.paper_sha256
    )
    ordered = query.where(StatusKept.key_id == key_id).order_by(StatusKept.kept_at, StatusKept.place, StatusPaper.sha256)
    papers = tuple(Kept(*found) for found in session.execute(ordered))
    about: list[tuple[str, str]] = [(CertificateVouched.KIND, key_id), (StatusLearned.KIND, key_id), (CertificateRevoked.KIND, key_id)]
    anchor_row = session.get_one(TrustAnchor, row.anchor_id)
    about += [(AnchorAdmitted.KIND, anchor_row.root_sha256), (AnchorEnded.KIND, anchor_row.root_sha256)]
    events = tuple(event for kind, subject in about for event in chain.find(session, PLATFORM, kind, subject))
    return Vouched(key_id, tuple(str(pem) for pem in row.chain), papers, events)


def paper(session: Session, sha256: str) -> bytes:
    """A paper's bytes; raises NotFound."""
    found = session.scalar(select(StatusPaper.content).where(StatusPaper.sha256 == sha256))
    if found is None:
        raise NotFound("status_paper.not_found")
    return found
