"""Bids and applications as who made them sees them: state, versions, receipts, boxes and ciphertexts; nobody else's pages come here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.clock import text
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.sealing import Purpose
from trading.domain import bid as rules
from trading.domain.bid import BidAction, BidState, EnvelopeState
from trading.domain.lot import LotState
from trading.models.bid import KINDS, BidEnvelope, Submission
from trading.models.practice import PracticeEnvelope
from trading.models.project import Project
from trading.queries import lots
from trading.queries.calls import Call, call, called, deadline_of
from trading.queries.consortia import standing
from trading.queries.lots import LotView

ENDED = (EnvelopeState.REPLACED, EnvelopeState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class EnvelopeView:
    """One sealed envelope as its bidder sees it."""

    env: str
    ver: int
    state: EnvelopeState
    bid_pub: str
    ct_sha256: str
    ct_size: int
    seal_sha256: str
    receipt_no: str
    received_at: datetime
    waited_ms: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version: all its envelopes came in at one moment."""

    ver: int
    state: EnvelopeState
    received_at: datetime
    envelopes: tuple[EnvelopeView, ...]


@dataclass(frozen=True, slots=True)
class BidView:
    """A bidder's own bid for a lot, newest version first; `now` is the server's."""

    lot: LotView
    call: Call
    org: OrgId
    state: BidState
    ver: int
    versions: tuple[VersionView, ...]
    available: tuple[BidAction, ...]
    now: datetime
    consortium: tuple[OrgId, ...] = ()  # that the bidder leads: all members, itself first
    is_member: bool = False  # of another's, which alone may bid
    is_unsigned: bool = False  # not all members have signed

    @property
    def current(self) -> VersionView | None:
        """The version that counts: sealed, or locked by the deadline."""
        return current_of(self.versions)

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        return {
            "state": self.state.value,
            "next_ver": self.ver + 1,
            "deadline": _text(self.call.deadline),
            "now": _text(self.now),
            "org": str(self.org),
            "envelopes": [entry.env for entry in self.call.envelopes],
            "versions": [_version_json(version) for version in self.versions],
            **({"consortium": [str(org) for org in self.consortium]} if self.consortium else {}),
            "available": [action.value for action in self.available],
        }


def current_of(versions: Sequence[VersionView]) -> VersionView | None:
    """The version that was neither replaced nor withdrawn."""
    return next((version for version in versions if version.state not in ENDED), None)


def _version_json(version: VersionView) -> dict[str, JSON]:
    envelopes: list[JSON] = [
        {
            "env": envelope.env,
            "bid_pub": envelope.bid_pub,
            "ct_sha256": envelope.ct_sha256,
            "ct_size": envelope.ct_size,
            "seal_sha256": envelope.seal_sha256,
            "receipt_id": envelope.receipt_no,
        }
        for envelope in version.envelopes
    ]
    return {"ver": version.ver, "state": version.state.value, "received_at": _text(version.received_at), "envelopes": envelopes}


def own_bid(session: Session, actor: Actor, number: str, now: datetime, purpose: Purpose = Purpose.BID) -> BidView:
    """The caller's own bid or application, a draft if there is none; raises NotFound for a lot that does not publicly call for it, or a
    caller without organisation."""
    lot, kind = called(session, number, purpose), KINDS[purpose]
    if actor.org is None:
        raise NotFound("bid.not_found")
    asked = call(session, lot, purpose, now)
    bid = session.scalar(select(kind).where(kind.lot_id == lot.id, kind.org_id == actor.org))
    state, ver = (bid.state, bid.ver) if bid is not None else (BidState.DRAFT, 0)
    rows = [] if bid is None else session.scalars(select(BidEnvelope).where(BidEnvelope.bid_id == bid.id)).all()
    versions = versions_of(rows, [entry.env for entry in asked.envelopes])
    available = rules.MOVES.available(state, rules.roles_of(actor, actor.org), asked.facts(now))
    held = standing(session, lot.id, actor.org)
    unsigned = bool(held.members) and not held.is_whole
    return BidView(lot, asked, actor.org, state, ver, versions, available, now, held.members, held.is_member, unsigned)


def versions_of(rows: Iterable[BidEnvelope | PracticeEnvelope], order: Sequence[str]) -> tuple[VersionView, ...]:
    """Envelopes by version, newest first, each version in the order of opening."""
    views = sorted((envelope_view(row) for row in rows), key=lambda view: (-view.ver, order.index(view.env)))
    found = []
    for ver in dict.fromkeys(view.ver for view in views):
        own = tuple(view for view in views if view.ver == ver)
        found.append(VersionView(ver, own[0].state, own[0].received_at, own))
    return tuple(found)


def envelope_view(row: BidEnvelope | PracticeEnvelope) -> EnvelopeView:
    """The view of an envelope's row."""
    return EnvelopeView(
        env=row.env,
        ver=row.ver,
        state=row.state,
        bid_pub=row.bid_pub,
        ct_sha256=row.ct_sha256,
        ct_size=row.ct_size,
        seal_sha256=row.seal_sha256,
        receipt_no=row.receipt_no,
        received_at=row.received_at,
        waited_ms=row.waited_ms,
    )


@dataclass(frozen=True, slots=True)
class OwnBidRow:
    """A line of a bidder's list of bids and applications."""

    purpose: Purpose
    number: str
    title: str
    state: BidState
    lot_state: LotState
    deadline: datetime | None


def own_bids(session: Session, org: OrgId) -> tuple[OwnBidRow, ...]:
    """All bids and applications of an organisation, the next deadline first."""
    views = []
    for row in session.scalars(select(Submission).where(Submission.org_id == org)):
        lot = lots.by_id(session, LotId(row.lot_id))
        deadline = deadline_of(session, lot, row.purpose)
        views.append(OwnBidRow(row.purpose, lot.number, f"{lot.project_title} {lot.title}", row.state, lot.state, deadline))
    return tuple(sorted(views, key=lambda view: (view.deadline is None, view.deadline, view.number)))


@dataclass(frozen=True, slots=True)
class BoxView:
    """The bidder's own box of the envelope that counts."""

    env: str
    ver: int
    bid_pub: str
    box: bytes
    ct_sha256: str
    ct_size: int


def own_box(session: Session, actor: Actor, number: str, env: str, purpose: Purpose = Purpose.BID) -> BoxView:
    """The box and the ciphertext's place of the caller's own current envelope; raises NotFound."""
    lot, kind = called(session, number, purpose), KINDS[purpose]
    query = select(BidEnvelope).join(kind, kind.id == BidEnvelope.bid_id)
    query = query.where(kind.lot_id == lot.id, kind.org_id == actor.org, BidEnvelope.env == env, BidEnvelope.state.not_in(ENDED))
    row = session.scalars(query).one_or_none()
    if row is None or actor.org is None:
        raise NotFound("bid.not_found")
    return BoxView(row.env, row.ver, row.bid_pub, row.bidder_box, row.ct_sha256, row.ct_size)


# Of a lot, for sealing


def envelope_names(entries: object) -> tuple[str, ...]:
    """The names of a lot's envelopes, from its column, in the order of opening."""
    return tuple(entry["env"] for entry in cast("list[dict[str, str]]", entries or []))


def offices(session: Session, project_id: UUID) -> dict[str, OrgId | None]:
    """Whose officers hold the shares of a project's bids: the tenderer's own, and those of the centre and the supervisor."""
    tenderer = session.scalars(select(Project.tenderer_org).where(Project.id == project_id)).one()
    return {"tenderer": None if tenderer is None else OrgId(tenderer), "centre": None, "supervisor": None}


def _text(moment: datetime | None) -> JSON:
    return None if moment is None else text(moment)
