"""Keys: released by their bidders, rescued by two offices, and used once, in one batch after all releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, SignedRequest
from core.kernel import chain, sealing
from core.kernel.clock import text
from core.kernel.db import lock
from core.kernel.encoding import unhex
from core.kernel.errors import BadSignature, NotAllowed, NotFound, RuleBroken
from core.kernel.ids import LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.parcel import File
from core.kernel.roles import Role
from core.kernel.sealing import Purpose, SealBody, read_seal_body
from core.kernel.signing import read_statement
from core.kernel.work import Work
from trading.domain import bid as bids
from trading.domain import opening as rules
from trading.domain.bid import CONSEQUENCES, BidAction, BidFacts, Cause, EnvelopeAction
from trading.domain.opening import OpeningAction, ReadOut
from trading.events_opening import EnvelopeOpened, KeyReleased, OpeningFailed, ShareReleased
from trading.models.bid import BidEnvelope, Submission
from trading.models.collusion import BidParticulars
from trading.models.lot import Lot
from trading.models.opening import AnyOpening, KeyRelease, OpenedFile, ShareRelease
from trading.queries import lots as lot_queries
from trading.queries import openings as queries
from trading.queries.bids import offices
from trading.services import applications, orders, parsing
from trading.services.held import Held, act_in_hall

BATCH = "opening.batch"
_SYSTEM = frozenset({Role.SYSTEM})


# By the bidder


def release(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The bidder hands over the single-use key of the own envelope, within the window; the platform keeps it until the batch."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = rules.ReleaseBody.read(act.body)
        held.move(OpeningAction.RELEASE)
        envelope, bid = _own(held, act.org, said.env)
        rules.same_envelope(said, envelope.ver, envelope.bid_pub)
        sealing.check_secret(said.secret, envelope.bid_pub)
        envelope.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.RELEASE, envelope.state, held.roles, None)
        work.session.add(KeyRelease(envelope_id=envelope.id, method="bidder", secret=said.secret, released_at=held.now))
        held.record(KeyReleased, act, subject=envelope.seal_sha256, org=OrgId(bid.org_id), name=bid.org_name, env=envelope.env)
        return {"env": envelope.env, "released_at": text(held.now)}

    return act_in_hall(work, number, request, ("release", Role.BIDDER), do)


def _own(held: Held, org: OrgId | None, env: str) -> tuple[BidEnvelope, Submission]:
    if env != held.opening.env:
        raise RuleBroken("opening.release.other_envelope", env=held.opening.env)
    for envelope, bid in held.work.session.execute(queries.at_stake(held.opening)).all():
        if bid.org_id == org:
            return envelope, bid
    raise NotFound("opening.release.none_asked")


# By the offices


def release_share(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """An officer hands over the office's share of an envelope whose bidder's window is over; with the second share the key is whole.

    Raises BadSignature `share.commitment_differs` naming the office whose share is not the one that was dealt.
    """
    said = rules.ShareBody.read(read_statement(request.envelope.payload).body)
    place = select(Lot.number).join(BidEnvelope, BidEnvelope.lot_id == Lot.id).where(BidEnvelope.bid_pub == said.bid_pub)
    number = work.session.scalar(place)
    if number is None:
        raise NotFound("opening.rescue.unknown_key")
    return act_in_hall(work, number, request, ("share-release", Role.OFFICER), lambda held, act: _take_share(held, act, said))


def _take_share(held: Held, act: Act, said: rules.ShareBody) -> dict[str, JSON]:
    work = held.work
    _check_office(held, act, said.role)
    held.move(OpeningAction.RESCUE)
    envelope, bid = _asked_for(held, said.bid_pub)
    bids.ENVELOPE_MOVES.choose(EnvelopeAction.RESCUE, envelope.state, held.roles, None)
    body = _seal_body(held, envelope)
    sealing.check_share(sealing.read_share(said.share), body.share(said.role))
    if work.session.get(ShareRelease, (envelope.id, said.role)) is not None:
        raise RuleBroken("opening.rescue.share_twice", role=said.role)
    row = ShareRelease(envelope_id=envelope.id, office=said.role, person_id=act.person, share=said.share, released_at=held.now)
    work.session.add(row)
    work.session.flush()
    shares = {row.office: unhex(row.share, 33) for row in _shares(held, envelope)}
    secret = _combine(shares, body)
    if secret:
        envelope.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.RESCUE, envelope.state, held.roles, None)
        work.session.add(KeyRelease(envelope_id=envelope.id, method="escrow", secret=secret, released_at=held.now))
    org, name, complete = OrgId(bid.org_id), bid.org_name, bool(secret)
    held.record(ShareReleased, act, subject=envelope.seal_sha256, org=org, name=name, env=envelope.env, office=said.role, complete=complete)
    return {"env": envelope.env, "shares": len(shares), "complete": complete}


def _check_office(held: Held, act: Act, role: str) -> None:
    """An officer speaks for the own office, and the tenderer's only in the tenderer's own projects."""
    project = held.work.session.scalars(select(Lot.project_id).where(Lot.id == held.lot.id)).one()
    org = offices(held.work.session, project)[act.office]
    if act.office != role or (org is not None and org != act.org):
        raise NotAllowed("opening.rescue.other_office")


def _asked_for(held: Held, bid_pub: str) -> tuple[BidEnvelope, Submission]:
    for envelope, bid in held.work.session.execute(queries.at_stake(held.opening)).all():
        if envelope.bid_pub == bid_pub:
            return envelope, bid
    raise NotFound("opening.rescue.unknown_key")


def _seal_body(held: Held, envelope: BidEnvelope) -> SealBody:
    found = chain.find(held.work.session, held.lot.case, "seal", envelope.seal_sha256)
    return read_seal_body(read_statement(found[0].envelope.payload).body)


def _shares(held: Held, envelope: BidEnvelope) -> Sequence[ShareRelease]:
    return held.work.session.scalars(select(ShareRelease).where(ShareRelease.envelope_id == envelope.id)).all()


def _combine(shares: Mapping[str, bytes], body: SealBody) -> str:
    """The secret that any two of the shares give, "" if none do: a bidder who dealt rubbish harms the own rescue alone."""
    for pair in combinations(sorted(shares), sealing.THRESHOLD):
        try:
            return sealing.rescue({office: shares[office] for office in pair}, body).secret
        except BadSignature:
            continue
    return ""


# The batch


@dataclass(frozen=True, slots=True)
class Opened:
    """What the batch found in one envelope; `cause` says why nothing, with a `reason` for people."""

    envelope: UUID
    pt_sha256: str = ""
    pt_size: int = 0
    read_out: ReadOut | None = None
    files: tuple[File, ...] = ()
    particulars: Mapping[str, JSON] = field(default_factory=dict)  # of `bid.json`, not read out
    cause: Cause | None = None
    reason: str = ""


def begin_batch(work: Work, opening_id: UUID) -> None:
    """Shuts the release window for good and has the batch run outside; raises WrongState while somebody could still choose."""
    held = _hold(work, opening_id)
    held.move(OpeningAction.BEGIN_BATCH)
    if held.opening.batch_at is None:
        held.opening.batch_at = held.now
        work.send(BATCH, str(opening_id), {"opening_id": str(opening_id)})


def take_in(work: Work, opening_id: UUID, results: Sequence[Opened]) -> None:
    """Takes in what the batch found, all envelopes at once; read out is only what was opened together. Twice changes nothing."""
    held = _hold(work, opening_id)
    if held.opening.opened_at is not None:
        return
    is_closed = held.opening.kind is Purpose.APPLICATION
    held.move(OpeningAction.END_CLOSED if is_closed else OpeningAction.OPEN)
    held.opening.opened_at = held.now
    found = {result.envelope: result for result in results}
    for envelope, bid in work.session.execute(queries.at_stake(held.opening)).all():
        result = found[envelope.id]
        if result.cause is None:
            _keep_opened(held, envelope, bid, result)
        else:
            _keep_failed(held, envelope, bid, result.cause, result.reason)
    held.witness("opening.batch")
    for share in work.session.scalars(select(ShareRelease).where(ShareRelease.envelope_id.in_(found))):
        share.share = ""
    if is_closed:
        applications.end(work, held.opening, held.lot.regime)
    elif held.opening.round > 0:
        lot_id = str(held.lot.id)
        work.send("commercial.opened", f"{lot_id}/{held.opening.round}", {"lot_id": lot_id})


def _hold(work: Work, opening_id: UUID) -> Held:
    row = lock(work.session, AnyOpening, AnyOpening.id == opening_id)
    return Held(work, lot_queries.by_id(work.session, LotId(row.lot_id)), row.round)


def _keep_opened(held: Held, envelope: BidEnvelope, bid: Submission, result: Opened) -> None:
    session = held.work.session
    released = session.get_one(KeyRelease, envelope.id)
    released.secret = ""  # used; from here on it stands in the evidence alone
    envelope.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.OPEN, envelope.state, _SYSTEM, None)
    envelope.pt_sha256, envelope.pt_size = result.pt_sha256, result.pt_size
    is_read_out = result.read_out is not None and held.opening.kind is Purpose.BID  # of an application nothing is
    said = result.read_out.to_json() if result.read_out is not None and is_read_out else {"items": {}}
    envelope.read_out = said
    bid.state = bids.MOVES.choose(BidAction.READ_OUT, bid.state, _SYSTEM, BidFacts(held.now, held.lot.deadline))
    session.add(BidParticulars(envelope_id=envelope.id, said=dict(result.particulars)))
    for file in result.files:
        row = OpenedFile(id=new_id(held.now), envelope_id=envelope.id, name=file.name, sha256=file.sha256, size=file.size)
        session.add(row)
        parsing.ask(held.work, row.id)
    held.record(
        EnvelopeOpened,
        subject=envelope.seal_sha256,
        bidder=OrgId(bid.org_id),
        name=bid.org_name,
        env=envelope.env,
        ver=envelope.ver,
        bid_pub=envelope.bid_pub,
        method=released.method,
        pt_sha256=result.pt_sha256,
        pt_size=result.pt_size,
        read_out=said,
        held_from=released.released_at,
    )


def _keep_failed(held: Held, envelope: BidEnvelope, bid: Submission, cause: Cause, reason: str) -> None:
    """The others go on; the cause decides whether this bid counts as revoked or as withdrawn (电子招标投标办法 art. 31)."""
    released = held.work.session.get(KeyRelease, envelope.id)
    if released is not None:
        released.secret = ""
    follows, facts = CONSEQUENCES[cause], BidFacts(held.now, held.lot.deadline)
    envelope.state = bids.ENVELOPE_MOVES.choose(follows.envelope, envelope.state, _SYSTEM, None)
    envelope.cause = cause.value
    bid.state = bids.MOVES.choose(follows.action, bid.state, _SYSTEM, facts)
    if follows.deposit == "REFUND_DUE" and held.opening.kind is Purpose.BID:  # an application has no deposit
        orders.refund_after_platform_failure(held.work, held.lot.id, OrgId(bid.org_id), held.now)
    elif held.opening.kind is Purpose.BID:
        orders.await_decision(held.work, held.lot.id, OrgId(bid.org_id))
    held.record(
        OpeningFailed,
        subject=envelope.seal_sha256,
        bidder=OrgId(bid.org_id),
        name=bid.org_name,
        env=envelope.env,
        cause=cause.value,
        reason=reason,
    )
