"""Taking bids and applications in: announced, sealed with their receipts, withdrawn, or turned away late with the platform's trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.identity.models.people import Organisation
from core.identity.queries import certificates
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.clock import text
from core.kernel.db import insert_new, lock
from core.kernel.encoding import sha256
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import KeyId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import Purpose, SealBody, read_seal_body
from core.kernel.signing import open_statement
from core.kernel.work import Work
from trading.domain import bid as rules
from trading.domain.application import check_members
from trading.domain.bid import BidAction, BidState, EnvelopeAction, EnvelopeState, SealFacts
from trading.events_opening import BidSealed, BidWithdrawn, LateSealRefused, ReceiptGiven
from trading.models.bid import KINDS, BidEnvelope, ShareBox, Submission
from trading.models.late_seal import LateSeal
from trading.models.lot import Lot
from trading.queries import applications
from trading.queries import lots as lot_queries
from trading.queries.bids import offices
from trading.queries.calls import Call, call
from trading.queries.lots import split
from trading.services import consortia, invitations, orders
from trading.services.sealings import Sealing, SealPart, Taken, read_version, take_version


def announce_upload(work: Work, number: str, purpose: Purpose = Purpose.BID) -> dict[str, JSON]:
    """Notes that the bidder is uploading: what is unfinished at the deadline counts as withdrawn (电子招标投标办法 art. 27). No event."""
    lot = lock(work.session, Lot, Lot.number == number, shared=True)
    invitations.admit_bid(work, lot, _own_org(work))
    bid = _hold_bid(work, lot, _own_org(work), purpose)
    facts = call(work.session, lot, purpose, now := work.now()).facts(now)
    bid.state = rules.MOVES.choose(BidAction.UPLOAD, bid.state, rules.roles_of(work.actor, OrgId(bid.org_id)), facts)
    return {"state": bid.state.value}


def seal(work: Work, number: str, parts: Sequence[SealPart], arrived_at: datetime, purpose: Purpose = Purpose.BID) -> dict[str, JSON]:
    """Takes in one version: the statements of all envelopes in the order of the tender document, all or nothing; an application has one.

    `arrived_at` is when the request came, for the record of the wait alone. Returns `{"ver", "received_at", "receipts": [{"id", "env",
    "seal_sha256", "ct_sha256", "ct_size"}]}`. Raises RuleBroken `bid.seal.late` from the deadline on, by the database's clock read while
    the lot is held (电子招标投标办法 art. 27; 招标投标法实施条例 art. 36).
    """
    case, no = split(number)
    expect = Expect("seal", case, no, role=Role.BIDDER)
    return take_version(work, parts, expect, lambda taken: _seal(work, number, purpose, taken, arrived_at))


def _seal(work: Work, number: str, purpose: Purpose, taken: Taken, arrived_at: datetime) -> dict[str, JSON]:
    lot = lock(work.session, Lot, Lot.number == number, shared=True)
    bid = _hold_bid(work, lot, _own_org(work), purpose)
    asked = call(work.session, lot, purpose, now := work.now())
    state = rules.MOVES.choose(BidAction.SEAL, bid.state, rules.roles_of(work.actor, OrgId(bid.org_id)), asked.facts(now))
    invitations.admit_bid(work, lot, OrgId(bid.org_id))
    sealings = read_version(work, taken, _seal_facts(work.session, lot, asked, bid, now))
    _take_members(work, lot, bid, [sealing.body.consortium for sealing in sealings])
    _refuse_copies(work.session, sealings)
    _give_up_version(work, bid, EnvelopeAction.REPLACE)
    bid.state, bid.ver, bid.changed_at = state, bid.ver + 1, now
    receipts: list[JSON] = [_keep(work, lot, bid, sealing, max(now - arrived_at, timedelta(0))) for sealing in sealings]
    try:
        work.session.flush()
    except IntegrityError:  # somebody else sealed the same bytes or key in this very moment
        raise RuleBroken("bid.seal.copied") from None
    return {"ver": bid.ver, "received_at": text(now), "receipts": receipts}


def _take_members(work: Work, lot: Lot, bid: Submission, named: list[tuple[str, ...]]) -> None:
    """Who makes it: signed for by all members, and in a bid the same who had applied."""
    org = OrgId(bid.org_id)
    consortia.take_name(work, lot, bid, named, _name_of(work, org))
    if bid.purpose is Purpose.APPLICATION:
        bid.consortium = list(named[0])
    else:
        check_members(named, applications.members_applied(work.session, LotId(lot.id), org))


def _seal_facts(session: Session, lot: Lot, asked: Call, bid: Submission, now: datetime) -> SealFacts:
    recipients = {
        office: frozenset(key.recipient for key in certificates.officer_keys(session, office, now, org))
        for office, org in offices(session, lot.project_id).items()
    }
    return SealFacts(tuple(entry.env for entry in asked.envelopes), bid.ver + 1, asked.escrow, recipients, asked.purpose)


def _refuse_copies(session: Session, sealings: Sequence[Sealing]) -> None:
    """A ciphertext or key that was ever sealed cannot be sealed again: nobody resubmits what somebody else has sealed."""
    digests = [sealing.body.ct_sha256 for sealing in sealings]
    keys = [sealing.body.bid_pub for sealing in sealings]
    known = select(BidEnvelope.id).where(or_(BidEnvelope.ct_sha256.in_(digests), BidEnvelope.bid_pub.in_(keys))).limit(1)
    if session.scalar(known) is not None:
        raise RuleBroken("bid.seal.copied")


def _keep(work: Work, lot: Lot, bid: Submission, sealing: Sealing, waited: timedelta) -> dict[str, JSON]:
    """Stores an envelope, records its seal and its receipt; returns what the answer says of it."""
    body, act, org, now = sealing.body, sealing.act, OrgId(bid.org_id), bid.changed_at
    case, no = split(lot.number)
    envelope = BidEnvelope(
        id=new_id(now),
        bid_id=bid.id,
        lot_id=lot.id,
        ver=bid.ver,
        env=body.env,
        state=EnvelopeState.SEALED,
        bid_pub=body.bid_pub,
        ct_sha256=body.ct_sha256,
        ct_size=body.ct_size,
        bidder_box=sealing.part.bidder_box,
        seal_sha256=act.payload_sha256,
        receipt_no=rules.receipt_number(act.payload_sha256),
        received_at=now,
        waited_ms=waited // timedelta(milliseconds=1),
        pt_sha256="",
        pt_size=0,
        cause="",
    )
    work.session.add(envelope)
    work.session.add_all(_share_boxes(sealing, envelope))
    seal_sha256 = act.payload_sha256
    work.record(BidSealed(case=case, lot=no, signed=act.envelope, subject=seal_sha256, org=org, env=body.env, ver=bid.ver))
    receipt = ReceiptGiven(
        case=case,
        lot=no,
        subject=seal_sha256,
        org=org,
        env=body.env,
        ver=bid.ver,
        receipt_no=envelope.receipt_no,
        seal_sha256=seal_sha256,
        ct_sha256=body.ct_sha256,
        ct_size=body.ct_size,
        received_at=now,
    )
    work.record(receipt)
    return _said(envelope)


def _said(envelope: BidEnvelope) -> dict[str, JSON]:
    said: dict[str, JSON] = {name: getattr(envelope, name) for name in ("env", "seal_sha256", "ct_sha256", "ct_size")}
    return {"id": envelope.receipt_no} | said


def _share_boxes(sealing: Sealing, envelope: BidEnvelope) -> list[ShareBox]:
    boxes = dict(sealing.part.share_boxes)
    return [
        ShareBox(
            id=new_id(envelope.received_at),
            envelope_id=envelope.id,
            office=share.role,
            box=boxes[share.role],
            box_sha256=share.box_sha256,
            share_commit=share.commitment,
        )
        for share in sealing.body.shares
    ]


def withdraw(work: Work, number: str, request: SignedRequest, purpose: Purpose = Purpose.BID) -> dict[str, JSON]:
    """Withdraws the version that stands (招标投标法 art. 29); the bidder may seal another before the deadline."""
    case, no = split(number)

    def do(act: Act) -> dict[str, JSON]:
        lot = lock(work.session, Lot, Lot.number == number, shared=True)
        bid = _hold_bid(work, lot, _own_org(work), purpose)
        facts = call(work.session, lot, purpose, now := work.now()).facts(now)
        state = rules.MOVES.choose(BidAction.WITHDRAW, bid.state, rules.roles_of(work.actor, OrgId(bid.org_id)), facts)
        seals = _give_up_version(work, bid, EnvelopeAction.WITHDRAW)
        rules.check_withdrawal(rules.WithdrawBody.read(act.body), bid.ver, seals)
        bid.state, bid.changed_at = state, now
        if purpose is Purpose.BID:  # an application has no deposit
            orders.refund_after_withdrawal(work, lot, OrgId(bid.org_id), lot_queries.by_id(work.session, LotId(lot.id)).law, now)
        work.record(BidWithdrawn(case=case, lot=no, signed=act.envelope, org=OrgId(bid.org_id), ver=bid.ver))
        return {"ver": bid.ver, "withdrawn_at": text(now)}

    return once(work, request, Expect("withdraw", case, no, role=Role.BIDDER, step_up=True), do)


def keep_late_trace(  # noqa: PLR0917  (the attempt as it came)
    work: Work, number: str, requests: Sequence[SignedRequest], arrived_at: datetime, waited: timedelta, purpose: Purpose = Purpose.BID
) -> str:
    """Records that seals came too late, so that their bidder holds the platform's word for it; the same seals again change nothing.

    `arrived_at` is the moment for which `seal` refused them, `waited` how long the request had waited by then. Returns the trace's
    number, "" when the deadline is too long past for one. Raises BadSignature or NotAllowed for seals that are not this bidder's own.
    """
    case, no = split(number)
    lot = lock(work.session, Lot, Lot.number == number, shared=True)
    now = work.now()
    asked = call(work.session, lot, purpose, now)
    refusal, deadline = rules.bidding_is_open(asked.facts(now)), asked.deadline
    if deadline is None or refusal is None or refusal.code != "bid.seal.late" or not deadline <= arrived_at <= now:
        raise NotAllowed("bid.seal.not_late")
    if now - deadline > rules.TRACED_FOR:
        return ""
    bodies = [(sha256(request.envelope.payload).hex(), _own_seal(work, asked.purpose, number, request)) for request in requests]
    subject, org = bodies[0][0], _own_org(work)
    row: dict[str, object] = {"seal_sha256": subject, "lot_id": lot.id, "org_id": org, "number": rules.late_seal_number(subject)}
    row |= {"arrived_at": arrived_at, "waited_ms": max(waited, timedelta(0)) // timedelta(milliseconds=1), "deadline": deadline}
    row |= {"purpose": purpose, "seals": [request.envelope.to_json() for request in requests]}
    if insert_new(work.session.connection(), LateSeal, [row]):
        seals: list[Mapping[str, JSON]] = [{"env": body.env, "seal_sha256": digest, "ct_sha256": body.ct_sha256} for digest, body in bodies]
        work.record(LateSealRefused(case=case, lot=no, subject=subject, org=org, seals=seals, arrived_at=arrived_at, deadline=deadline))
    return str(row["number"])


def _own_seal(work: Work, purpose: Purpose, number: str, request: SignedRequest) -> SealBody:
    key = certificates.key_by_id(work.session, KeyId(request.envelope.signatures[0].keyid))
    if key is None or key.person != work.actor.person or not key.is_live(work.now()):
        raise NotAllowed("bid.seal.not_yours")
    said = open_statement(request.envelope, key.record, key.rp)
    if (said.type, said.case, said.lot) != ("seal", *split(number)):
        raise NotAllowed("bid.seal.not_yours")
    body = read_seal_body(said.body)
    if body.purpose is not purpose:
        raise NotAllowed("bid.seal.not_yours")
    return body


# Rows


def _own_org(work: Work) -> OrgId:
    if work.actor.org is None:
        raise NotAllowed("bid.no_organisation")
    return work.actor.org


def _name_of(work: Work, org: OrgId) -> str:
    return work.session.scalars(select(Organisation.name).where(Organisation.id == org)).one()


def _hold_bid(work: Work, lot: Lot, org: OrgId, purpose: Purpose) -> Submission:
    """The locked row of this firm's bid or application; made here the first time, by whichever of two racing requests comes first."""
    now = work.now()
    row = {
        "id": new_id(now),
        "lot_id": lot.id,
        "org_id": org,
        "purpose": purpose,
        "org_name": _name_of(work, org),
        "state": BidState.DRAFT,
        "ver": 0,
        "changed_at": now,
    }
    insert_new(work.session.connection(), Submission, [row])
    kind = KINDS[purpose]
    return lock(work.session, kind, kind.lot_id == lot.id, kind.org_id == org)


def _give_up_version(work: Work, bid: Submission, action: EnvelopeAction) -> list[str]:
    """Ends the version that stands, if one does: its ciphertext and receipts stay, its share boxes go. Returns its seals."""
    standing = select(BidEnvelope).where(BidEnvelope.bid_id == bid.id, BidEnvelope.state.in_((EnvelopeState.SEALED,)))
    envelopes = work.session.scalars(standing).all()
    roles = rules.roles_of(work.actor, OrgId(bid.org_id))
    for envelope in envelopes:
        envelope.state = rules.ENVELOPE_MOVES.choose(action, envelope.state, roles, None)
    work.session.execute(delete(ShareBox).where(ShareBox.envelope_id.in_([envelope.id for envelope in envelopes])))
    return [envelope.seal_sha256 for envelope in envelopes]
