"""A practice from its beginning to its end: the steps of a bid's life with the rules of real ones, no event, and nothing that stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from core.identity.queries import checkpoints
from core.identity.services.acts import Act, Expect, SignedRequest, acting_person, forget_practice, once
from core.kernel import chain, jcs, uploads
from core.kernel.clock import text
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId, PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.lotfile import LotFile, read_lot
from core.kernel.practice import LIFETIME, LOT, RECEIPT
from core.kernel.roles import Role
from core.kernel.signing import Signer
from core.kernel.work import Work
from trading.domain import bid as bids
from trading.domain import practice as rules
from trading.domain.bid import BidAction, BidFacts, BidState, EnvelopeAction, EnvelopeState
from trading.models.practice import Practice, PracticeEnvelope
from trading.services.sealings import Sealing, SealPart, Taken, read_version, take_version

BIDDER = frozenset({Role.BIDDER})  # whoever practises plays the bidder of their own practice, and nobody else has any part in it
CLOCK = frozenset({Role.SYSTEM})


def begin(work: Work, lot: LotFile) -> None:
    """Begins a practice with this lot file; one that is under way goes on instead."""
    person, now = acting_person(work), work.now()
    row = {"person_id": person, "case_id": lot.case, "lot_file": lot.to_json(), "state": BidState.DRAFT, "ver": 0}
    insert_new(work.session.connection(), Practice, [row | {"deadline": None, "expires_at": now + LIFETIME}])


def announce_upload(work: Work) -> dict[str, JSON]:
    """Notes that an upload is under way."""
    practice = _hold(work)
    practice.state = bids.MOVES.choose(BidAction.UPLOAD, practice.state, BIDDER, _facts(practice, work.now()))
    return {"state": practice.state.value}


def seal(work: Work, parts: Sequence[SealPart], arrived_at: datetime, platform: Signer) -> dict[str, JSON]:
    """Takes in one version as a real lot does, under `platform`'s receipts for practice; answers like `bids.seal`."""
    expect = Expect("seal", CaseId(_hold(work).case_id), LOT)
    return take_version(work, parts, expect, lambda taken: _seal(work, taken, arrived_at, platform))


def _seal(work: Work, taken: Taken, arrived_at: datetime, platform: Signer) -> dict[str, JSON]:
    practice, now = _hold(work), work.now()
    state = bids.MOVES.choose(BidAction.SEAL, practice.state, BIDDER, _facts(practice, now))
    sealings = read_version(work, taken, rules.seal_facts(read_lot(practice.lot_file), practice.ver + 1), practising=True)
    _refuse_copies(work, practice, sealings)
    _give_up_version(work, practice, EnvelopeAction.REPLACE)
    practice.state, practice.ver = state, practice.ver + 1
    waited = max(now - arrived_at, timedelta(0)) // timedelta(milliseconds=1)
    kept = [_keep(work, practice, sealing, now, platform) for sealing in sealings]
    for row in kept:
        row.waited_ms = waited
    work.session.add_all(kept)
    return {"ver": practice.ver, "received_at": text(now), "receipts": [_said(row) for row in kept]}


def _refuse_copies(work: Work, practice: Practice, sealings: Sequence[Sealing]) -> None:
    """Within the practice alone: to look among real bids would tell what was sealed."""
    known = {(row.ct_sha256, row.bid_pub) for row in _envelopes(work, practice)}
    digests, keys = {digest for digest, _ in known}, {key for _, key in known}
    if any(sealing.body.ct_sha256 in digests or sealing.body.bid_pub in keys for sealing in sealings):
        raise RuleBroken("bid.seal.copied")


def _keep(work: Work, practice: Practice, sealing: Sealing, now: datetime, platform: Signer) -> PracticeEnvelope:
    body, act, case = sealing.body, sealing.act, CaseId(practice.case_id)
    said = rules.receipt_body(act.statement.payload, body, text(now))
    receipt = chain.speak(platform, RECEIPT, case, now, checkpoints.latest(work.session), body=jcs.canonical(said), lot=LOT)
    return PracticeEnvelope(
        id=new_id(now),
        person_id=practice.person_id,
        upload_id=sealing.part.upload,
        ver=practice.ver,
        env=body.env,
        state=EnvelopeState.SEALED,
        bid_pub=body.bid_pub,
        ct_sha256=body.ct_sha256,
        ct_size=body.ct_size,
        bidder_box=sealing.part.bidder_box,
        seal_sha256=act.payload_sha256,
        receipt_no=rules.receipt_number(act.payload_sha256),
        seal=act.envelope.to_json(),
        receipt=receipt.to_json(),
        received_at=now,
    )


def _said(row: PracticeEnvelope) -> dict[str, JSON]:
    said: dict[str, JSON] = {name: getattr(row, name) for name in ("env", "seal_sha256", "ct_sha256", "ct_size", "receipt")}
    return {"id": row.receipt_no} | said


def withdraw(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """Withdraws the version that stands; another may be sealed."""

    def do(act: Act) -> dict[str, JSON]:
        practice, now = _hold(work), work.now()
        state = bids.MOVES.choose(BidAction.WITHDRAW, practice.state, BIDDER, _facts(practice, now))
        seals = _give_up_version(work, practice, EnvelopeAction.WITHDRAW)
        bids.check_withdrawal(bids.WithdrawBody.read(act.body), practice.ver, seals)
        practice.state = state
        return {"ver": practice.ver, "withdrawn_at": text(now)}

    return once(work, request, Expect("withdraw", CaseId(_hold(work).case_id), LOT, step_up=True), do)


def close(work: Work) -> None:
    """The deadline comes when who practises says so: the version that stands is locked."""
    practice, now = _hold(work), work.now()
    practice.state = bids.MOVES.choose(BidAction.LOCK, practice.state, CLOCK, BidFacts(now, now))
    practice.deadline = now
    for row in _standing(work, practice, EnvelopeState.SEALED):
        row.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.LOCK, row.state, CLOCK, None)


def release(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """Plays the release of an envelope's key, which stays on the device; after the last one the bid counts as read out."""

    def do(act: Act) -> dict[str, JSON]:
        practice, body = _hold(work), rules.ReleaseBody.read(act.body)
        row = next((row for row in _envelopes(work, practice) if (row.env, row.ver) == (body.env, practice.ver)), None)
        if row is None:
            raise NotFound("practice.not_found")
        rules.check_release(body, row.ver, row.bid_pub)
        row.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.RELEASE, row.state, BIDDER, None)
        if not _standing(work, practice, EnvelopeState.LOCKED):
            practice.state = bids.MOVES.choose(BidAction.READ_OUT, practice.state, CLOCK, _facts(practice, work.now()))
        return {"state": practice.state.value}

    return once(work, request, Expect(rules.RELEASE, CaseId(_hold(work).case_id), LOT), do)


# The end


def forget(work: Work, person: PersonId, gone: Sequence[UUID]) -> None:
    """Deletes all rows of somebody's practice, and those of its uploads `gone`, whose staged files have been discarded before: who dies
    in between finds the rows again."""
    practice = work.session.get(Practice, person)
    if practice is not None:
        forget_practice(work, person, CaseId(practice.case_id))
    work.session.execute(delete(PracticeEnvelope).where(PracticeEnvelope.person_id == person))
    work.session.execute(delete(Practice).where(Practice.person_id == person))
    uploads.drop(work, gone)


# Rows


def _hold(work: Work) -> Practice:
    """The locked row of this person's practice; raises NotFound `practice.not_found` when there is none or its time is over."""
    practice = lock(work.session, Practice, Practice.person_id == acting_person(work))
    if practice.expires_at <= work.now():
        raise NotFound("practice.not_found")
    return practice


def _facts(practice: Practice, now: datetime) -> BidFacts:
    return BidFacts(now, practice.deadline)


def _envelopes(work: Work, practice: Practice) -> Sequence[PracticeEnvelope]:
    return work.session.scalars(select(PracticeEnvelope).where(PracticeEnvelope.person_id == practice.person_id)).all()


def _standing(work: Work, practice: Practice, state: EnvelopeState) -> Sequence[PracticeEnvelope]:
    query = select(PracticeEnvelope).where(PracticeEnvelope.person_id == practice.person_id, PracticeEnvelope.state.in_((state,)))
    return work.session.scalars(query).all()


def _give_up_version(work: Work, practice: Practice, action: EnvelopeAction) -> list[str]:
    """Ends the version that stands, if one does; returns its seals."""
    standing = _standing(work, practice, EnvelopeState.SEALED)
    for row in standing:
        row.state = bids.ENVELOPE_MOVES.choose(action, row.state, BIDDER, None)
    return [row.seal_sha256 for row in standing]
