"""Openings: the facts on which their rules depend, and the hall as each audience sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from core.kernel import chain, proofs
from core.kernel.actor import Actor
from core.kernel.encoding import sha256
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from trading.domain import opening as rules
from trading.domain.bid import BidState, EnvelopeState
from trading.domain.ceiling import Beside, beside
from trading.domain.opening import Key, OpeningFacts, OpeningState, Parties
from trading.models.bid import KINDS, Bid, BidEnvelope, ShareBox, Submission
from trading.models.opening import AnyOpening, Attendance, KeyRelease, Opening, OpeningObjection, RecordSignature, ShareRelease
from trading.queries import coefficients, lots, parsed
from trading.queries.hall_views import MOMENTS, HallBid, HallView, ObjectionView, SignatureView
from trading.queries.lots import LotView

LISTED = (BidState.LOCKED, BidState.READ_OUT, BidState.DECRYPT_FAILED_OWN, BidState.DECRYPT_FAILED_OTHER)
AT_STAKE = (
    EnvelopeState.LOCKED,
    EnvelopeState.RELEASED,
    EnvelopeState.OPENED,
    EnvelopeState.DECRYPT_FAILED_OWN,
    EnvelopeState.DECRYPT_FAILED_OTHER,
)

Rows: TypeAlias = Sequence[tuple[BidEnvelope, Submission]]


# The hall


def hall(session: Session, actor: Actor, number: str, now: datetime, part: str = "", *, round_: int | None = None) -> HallView:
    """The opening of `part` (an envelope's name, "" for the latest that there is), or of a round; before the deadline a scheduled one.

    Raises NotFound for a lot that is not public or has no such envelope.
    """
    lot = lots.noticed(session, number)
    names = [entry.env for entry in lot.envelopes]
    opening = _latest(session, lot, part, round_)
    if opening is None:
        env = part or (names[0] if names else "")
        if env not in names:
            raise NotFound("opening.not_found")
        entry = lot.envelopes[names.index(env)]
        place = names.index(env)
        return HallView(
            lot=lot, round=place, env=env, env_title=entry.title, state=OpeningState.SCHEDULED, now=now, roles=frozenset(), available=()
        )
    return _view(session, actor, lot, opening, now)


def _latest(session: Session, lot: LotView, part: str, round_: int | None = None) -> Opening | None:
    query = select(Opening).where(Opening.lot_id == lot.id).order_by(Opening.round.desc()).limit(1)
    if part:
        query = query.where(Opening.env == part)
    if round_ is not None:
        query = query.where(Opening.round == round_)
    return session.scalars(query).one_or_none()


def _view(session: Session, actor: Actor, lot: LotView, opening: Opening, now: datetime) -> HallView:
    roles = rules.roles_of(actor, parties(session, lot))
    facts = facts_of(session, opening, lot, now, actor)
    bids = _bids(session, actor, opening, lot)
    is_public = opening.round > 0 or opening.started_at is not None
    present = attendants(session, opening)
    shown = bids if is_public else tuple(bid for bid in bids if bid.own)
    return HallView(
        lot=lot,
        round=opening.round,
        rounds=tuple(session.scalars(select(Opening.round).where(Opening.lot_id == lot.id).order_by(Opening.round))),
        env=opening.env,
        env_title=next(entry.title for entry in lot.envelopes if entry.env == opening.env),
        state=opening.state,
        now=now,
        roles=roles,
        available=rules.MOVES.available(opening.state, roles, facts),
        **{name: getattr(opening, name) for name in MOMENTS},
        close_sha256=close_sha256(session, lot) if is_public or Role.CENTRE in roles else "",
        accepted=tuple(sorted(bid.seal_sha256 for bid in bids)) if is_public else (),
        bids=shown,
        present=present if is_public else (),
        objections=objections(session, opening),
        record_sha256=opening.record_sha256,
        signatures=signatures(session, opening),
        is_logged=facts.is_logged,
        coefficients=coefficients.view(session, lot, roles, now),
        odd_files=parsed.odd_files(session, opening.lot_id, opening.env, actor.org if Role.BIDDER in roles else None, roles),
    )


def parties(session: Session, lot: LotView) -> Parties:
    """Who is who in a lot's opening."""
    listed = session.scalars(select(Bid.org_id).where(Bid.lot_id == lot.id, Bid.state.in_(LISTED)))
    return Parties(lot.parties.tenderer, lot.parties.agency, frozenset(OrgId(org) for org in listed))


def parties_of(session: Session, opening: AnyOpening, lot: LotView) -> Parties:
    """The same for one opening: to that of applications their makers do not come."""
    if opening.kind is Purpose.BID:
        return parties(session, lot)
    return Parties(lot.parties.tenderer, lot.parties.agency, frozenset())


def bidders(session: Session, lot_id: UUID, purpose: Purpose = Purpose.BID) -> tuple[tuple[OrgId, str], ...]:
    """The bidders on the closing list by name, the order in which everything is read out; or who had applied."""
    kind: type[Submission] = KINDS[purpose]
    query = select(kind.org_id, kind.org_name).where(kind.lot_id == lot_id, kind.state.in_(LISTED))
    return tuple((OrgId(org), name) for org, name in session.execute(query.order_by(kind.org_name, kind.org_id)))


def at_stake(opening: AnyOpening) -> Select[BidEnvelope, Submission]:
    """Asks for the envelopes that this opening is about, with their bids, in the order of the list; services run it to change them."""
    kind: type[Submission] = KINDS[opening.kind]
    query = select(BidEnvelope, kind).join(kind, kind.id == BidEnvelope.bid_id)
    query = query.where(BidEnvelope.lot_id == opening.lot_id, BidEnvelope.env == opening.env, BidEnvelope.state.in_(AT_STAKE))
    return query.where(asked_by(opening.round)).order_by(kind.org_name, kind.org_id)


def asked_by(round_: int) -> ColumnElement[bool]:
    """Asks for the envelopes that an opening asked for: its own, where a later one took some of the same name."""
    return BidEnvelope.asked_in == round_ if round_ >= rules.LATER_PRICES else BidEnvelope.asked_in.is_(None)


def envelopes_of(session: Session, opening: AnyOpening) -> Rows:
    """The same for the queries beside this one; no row leaves this room."""
    return [(envelope, bid) for envelope, bid in session.execute(at_stake(opening))]


def opened_seals(session: Session, opening: AnyOpening) -> list[str]:
    """The seals of the envelopes that were opened here, sorted."""
    return sorted(envelope.seal_sha256 for envelope, _ in envelopes_of(session, opening) if envelope.state is EnvelopeState.OPENED)


def attendants(session: Session, opening: AnyOpening) -> tuple[OrgId, ...]:
    """The bidders who have signed in, sorted by id."""
    query = select(Attendance.org_id).where(Attendance.opening_id == opening.id)
    return tuple(sorted(OrgId(org) for org in session.scalars(query)))


def objections(session: Session, opening: AnyOpening) -> tuple[ObjectionView, ...]:
    """The objections in their order."""
    query = select(OpeningObjection, Bid.org_name).join(Bid, (Bid.org_id == OpeningObjection.org_id) & (Bid.lot_id == opening.lot_id))
    rows = session.execute(query.where(OpeningObjection.opening_id == opening.id).order_by(OpeningObjection.number))
    return tuple(ObjectionView(row.number, name, row.text, row.raised_at, row.answer, row.answered_at) for row, name in rows)


def signatures(session: Session, opening: AnyOpening) -> tuple[SignatureView, ...]:
    """The signatures on the record in their order."""
    query = select(RecordSignature).where(RecordSignature.opening_id == opening.id).order_by(RecordSignature.signed_at)
    return tuple(SignatureView(row.name, row.role, row.signed_at, row.declined) for row in session.scalars(query))


def _bids(session: Session, actor: Actor, opening: Opening, lot: LotView) -> tuple[HallBid, ...]:
    present = set(attendants(session, opening))
    rows = envelopes_of(session, opening)
    ids = [envelope.id for envelope, _ in rows]
    released = session.scalars(select(KeyRelease).where(KeyRelease.envelope_id.in_(ids)))
    methods = {release.envelope_id: release.method for release in released}
    sharing = set(session.scalars(select(ShareRelease.envelope_id).where(ShareRelease.envelope_id.in_(ids))))
    return tuple(
        HallBid(
            org=OrgId(bid.org_id),
            name=bid.org_name,
            env=envelope.env,
            ver=envelope.ver,
            seal_sha256=envelope.seal_sha256,
            bid_pub=envelope.bid_pub,
            ct_sha256=envelope.ct_sha256,
            received_at=envelope.received_at,
            signed_in=bid.org_id in present,
            key=_key(envelope.state, methods.get(envelope.id, ""), envelope.id in sharing),
            cause=envelope.cause,
            read_out=cast("Mapping[str, Any] | None", envelope.read_out),
            own=actor.org == bid.org_id and Role.BIDDER in actor.roles,
            beside=price_beside(envelope, lot),
        )
        for envelope, bid in rows
    )


def price_beside(envelope: BidEnvelope, lot: LotView) -> Beside | None:
    """The price that was read out of an envelope beside the ceiling, None before and without one."""
    said = envelope.read_out.get("price") if isinstance(envelope.read_out, dict) else None
    return beside(Money.yuan(said), lot.ceiling) if isinstance(said, str) else None


def _key(state: EnvelopeState, method: str, sharing: bool) -> Key:
    match state:
        case EnvelopeState.OPENED:
            return Key.OPENED
        case EnvelopeState.RELEASED:
            return Key.RESCUED if method == "escrow" else Key.RELEASED
        case EnvelopeState.LOCKED:
            return Key.RESCUING if sharing else Key.AWAITED
        case _:
            return Key.FAILED


# Facts


def facts_of(session: Session, opening: AnyOpening, lot: LotView, now: datetime, actor: Actor) -> OpeningFacts:
    """What the rules of an opening look at, for this caller."""
    awaited = awaited_in(opening)
    shared = select(func.count(func.distinct(ShareBox.envelope_id))).where(ShareBox.envelope_id.in_(awaited))
    open_questions = select(func.count()).where(OpeningObjection.opening_id == opening.id, OpeningObjection.answer == "")
    signed = select(func.count()).where(
        RecordSignature.opening_id == opening.id, RecordSignature.role == Role.CENTRE, RecordSignature.declined == ""
    )
    return OpeningFacts(
        now=now,
        deadline=lot.deadline or now,
        is_logged=is_logged(session, lot, opening.round),
        release_until=opening.release_until,
        rescue_until=opening.rescue_until,
        objection_until=opening.objection_until,
        batch_at=opening.batch_at,
        awaited=session.scalar(select(func.count()).select_from(awaited.subquery())) or 0,
        rescuable=session.scalar(shared) or 0,
        is_present=actor.org in attendants(session, opening),
        unanswered=session.scalar(open_questions) or 0,
        host_has_signed=bool(session.scalar(signed)),
        coefficients_are_settled=opening.round > 0 or coefficients.are_settled(session, lot),
    )


def awaited_in(opening: AnyOpening) -> Select[UUID]:
    """The envelopes of one opening whose key may still come. Of applications those that an office has not released its share of yet:
    where all three are here and make no key, none will."""
    query = select(BidEnvelope.id).where(
        BidEnvelope.lot_id == opening.lot_id, BidEnvelope.env == opening.env, BidEnvelope.state == EnvelopeState.LOCKED
    )
    query = query.where(asked_by(opening.round))
    if opening.kind is Purpose.BID:
        return query
    given = select(ShareRelease.office).where(ShareRelease.envelope_id == ShareBox.envelope_id, ShareRelease.office == ShareBox.office)
    return query.where(select(ShareBox.id).where(ShareBox.envelope_id == BidEnvelope.id, ~given.exists()).exists())


def close_sha256(session: Session, lot: LotView, kind: str = "close") -> str:
    """The digest of the closing list's statement, of bids or (`application.close`) of applications; raises NotFound before there is one."""
    found = chain.find(session, lot.case, kind, lot.no)
    if not found:
        raise NotFound("opening.not_found")
    return sha256(found[-1].envelope.payload).hex()


_LOGGED = ("close", "opening.request", "application.close")
"""By round, what outsiders must have seen before a key is asked for."""


def is_logged(session: Session, lot: LotView, round_: int) -> bool:
    """Whether the closing list, or for the price envelopes their request, stands in a checkpoint of the log."""
    is_later = round_ >= rules.LATER_PRICES
    kind = _LOGGED[rules.PRICES if is_later else round_]
    found = chain.find(session, lot.case, kind, request_subject(lot, round_) if is_later else lot.no)
    if not found or found[-1].leaf_index is None:
        return False
    return proofs.covering(session, found[-1].leaf_index) is not None


def request_subject(lot: LotView, round_: int) -> str:
    """What the request for price envelopes is about, by which it is found again: the lot, or a later round of it."""
    return f"{lot.no}/{round_}" if round_ >= rules.LATER_PRICES else lot.no


def opening_id(session: Session, lot_id: UUID, round_: int) -> UUID:
    """The id of a lot's opening; raises NotFound."""
    found = session.scalar(select(AnyOpening.id).where(AnyOpening.lot_id == lot_id, AnyOpening.round == round_))
    if found is None:
        raise NotFound("opening.not_found")
    return found


def record(session: Session, number: str, part: str = "", round_: int | None = None) -> bytes:
    """The record of an opening, canonical JSON; raises NotFound until it is drawn up."""
    opening = _latest(session, lots.noticed(session, number), part, round_)
    if opening is None or not opening.record_sha256:
        raise NotFound("opening.not_found")
    return opening.record


def record_pdf(session: Session, number: str, part: str = "", round_: int | None = None) -> str:
    """The digest of the paper of an opening's record; raises NotFound until it stands."""
    opening = _latest(session, lots.noticed(session, number), part, round_)
    if opening is None or not opening.pdf_sha256:
        raise NotFound("opening.not_found")
    return opening.pdf_sha256


@dataclass(frozen=True, slots=True)
class ToOpen:
    """One envelope of a batch; `secret` is "" where no key came; `offices_owe`: because they did not release the shares that make one."""

    envelope: UUID
    ct_sha256: str
    secret: str
    offices_owe: bool = False


def to_open(session: Session, opening_id: UUID) -> tuple[ToOpen, ...]:
    """The envelopes of a batch with their keys; none once they were taken in."""
    opening = session.get_one(AnyOpening, opening_id)
    if opening.opened_at is not None:
        return ()
    rows = envelopes_of(session, opening)
    released = session.scalars(select(KeyRelease).where(KeyRelease.envelope_id.in_([envelope.id for envelope, _ in rows])))
    secrets = {release.envelope_id: release.secret for release in released}
    owed = set(session.scalars(awaited_in(opening))) if opening.kind is Purpose.APPLICATION else set()
    return tuple(ToOpen(envelope.id, envelope.ct_sha256, secrets.get(envelope.id, ""), envelope.id in owed) for envelope, _ in rows)
