"""The opening record: everything that happened in the hall, as one canonical document whose digest people sign."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import jcs
from core.kernel.clock import text
from core.kernel.jcs import JSON
from trading.domain.bid import EnvelopeState
from trading.models.bid import BidEnvelope, Submission
from trading.models.opening import AnyOpening, KeyRelease, ShareRelease
from trading.queries import coefficients, openings
from trading.queries.hall_views import ObjectionView
from trading.queries.lots import LotView

FORMAT = "gongheng/opening-record/v1"


def draw_up(session: Session, lot: LotView, opening: AnyOpening, now: datetime) -> bytes:
    """The record's canonical bytes. `custody` says plainly from when to when the platform held the keys of which envelopes."""
    rows = openings.envelopes_of(session, opening)
    releases = _releases(session, rows)
    record: dict[str, JSON] = {
        "format": FORMAT,
        "case": lot.case,
        "lot": lot.no,
        "number": lot.number,
        "title": lot.title,
        "tenderer": lot.tenderer_name,
        "agency": lot.agency_name,
        "round": opening.round,
        "env": opening.env,
        "deadline": _moment(lot.deadline),
        "close_sha256": openings.close_sha256(session, lot),
        "started_at": _moment(opening.started_at),
        "release_from": _moment(opening.release_from),
        "release_until": _moment(opening.release_until),
        "batch_at": _moment(opening.batch_at),
        "opened_at": _moment(opening.opened_at),
        "ceiling": None if lot.ceiling is None else str(lot.ceiling),
        "coefficients": _coefficients(session, lot, now) if opening.round == 0 else [],
        "bidders": [_bidder(row, releases, opening, session, lot) for row in rows],
        "custody": _custody(rows, releases, opening),
        "objections": [_objection(view) for view in openings.objections(session, opening)],
        "drawn_up_at": text(now),
    }
    return jcs.canonical(record)


def _coefficients(session: Session, lot: LotView, now: datetime) -> list[JSON]:
    """What was drawn, among how many values, by which draw."""
    found = coefficients.view(session, lot, frozenset(), now)
    newest = found.newest
    if newest is None:
        return []
    return [
        {"id": one.id, "title": one.title, "value": newest.drawn.get(one.id, ""), "among": len(one.values), "draw": newest.name}
        for one in found.wanted
    ]


def _releases(session: Session, rows: openings.Rows) -> dict[object, KeyRelease]:
    ids = [envelope.id for envelope, _ in rows]
    return {release.envelope_id: release for release in session.scalars(select(KeyRelease).where(KeyRelease.envelope_id.in_(ids)))}


def _bidder(
    row: tuple[BidEnvelope, Submission], releases: dict[object, KeyRelease], opening: AnyOpening, session: Session, lot: LotView
) -> JSON:
    envelope, bid = row
    release = releases.get(envelope.id)
    shares = select(ShareRelease).where(ShareRelease.envelope_id == envelope.id).order_by(ShareRelease.office)
    offices: list[JSON] = [{"office": share.office, "at": text(share.released_at)} for share in session.scalars(shares)]
    return {
        "org": str(bid.org_id),
        "name": bid.org_name,
        "ver": envelope.ver,
        "seal_sha256": envelope.seal_sha256,
        "ct_sha256": envelope.ct_sha256,
        "received_at": text(envelope.received_at),
        "signed_in": bid.org_id in openings.attendants(session, opening),
        "outcome": "opened" if envelope.state is EnvelopeState.OPENED else "failed",
        "cause": envelope.cause,
        "method": "" if release is None else release.method,
        "released_at": None if release is None else text(release.released_at),
        "offices": offices,
        "pt_sha256": envelope.pt_sha256,
        "read_out": envelope.read_out,
        "above_ceiling": None if (found := openings.price_beside(envelope, lot)) is None else found.is_above,
    }


def _custody(rows: openings.Rows, releases: dict[object, KeyRelease], opening: AnyOpening) -> JSON:
    """Between its release and the batch the platform holds an envelope's key: said for each, with both moments."""
    held = [(envelope, releases[envelope.id]) for envelope, _ in rows if envelope.id in releases]
    return [
        {"bid_pub": envelope.bid_pub, "held_from": text(release.released_at), "held_until": _moment(opening.opened_at)}
        for envelope, release in held
    ]


def _objection(view: ObjectionView) -> JSON:
    said: dict[str, JSON] = {"number": view.number, "name": view.name, "text": view.text, "answer": view.answer}
    return said | {"raised_at": text(view.raised_at), "answered_at": _moment(view.answered_at)}


def _moment(at: datetime | None) -> JSON:
    return None if at is None else text(at)
