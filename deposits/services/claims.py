"""Claims under guarantees: the tenderer decides and the supervisor notes by signature, the tenderer confirms that it was paid."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import CaseId, GuaranteeId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.claim import (
    DECIDE,
    MOVES,
    NOTE,
    RECEIPT,
    ClaimAction,
    ClaimBody,
    ClaimFacts,
    ClaimState,
    ReceiptBody,
    check_claim,
    check_receipt,
    is_open,
    left_of,
)
from deposits.domain.deposit import chain_of
from deposits.domain.forfeiture import NoteBody, check_ground, check_payee
from deposits.domain.guarantee import Product, can_be_claimed
from deposits.events_claims import ClaimDecided, ClaimNoted, ClaimReceipted
from deposits.models.claims import GuaranteeClaim
from deposits.models.guarantees import Guarantee
from deposits.queries.treasuries import in_force
from deposits.services import guarantees
from deposits.services.forfeitures import LotSide


def decide(work: Work, number: str, request: SignedRequest, side: LotSide) -> dict[str, JSON]:
    """The tenderer claims under a guarantee, on a ground on which it might keep the money in its place. Nobody is asked for money yet.

    Raises RuleBroken with the article where the ground is not there or the money would go elsewhere, and where the guarantee does not
    stand, ends, or covers less. Records ClaimDecided.
    """
    expect = Expect(DECIDE, CaseId(chain_of(number)), role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _decide(work, number, act, side))


def _decide(work: Work, number: str, act: Act, side: LotSide) -> dict[str, JSON]:
    if Role.TENDERER not in side.roles or act.org is None:
        raise NotAllowed("guarantee_claim.decide.not_allowed")
    said, now = ClaimBody.read(act.body), work.now()
    guarantee = held_guarantee(work, number, said.guarantee)
    earlier = _claims_of(work, guarantee.id)
    facts, bidder = side.facts(OrgId(guarantee.org_id)), OrgId(guarantee.org_id)
    stands = can_be_claimed(guarantee.state) and guarantee.valid_to is not None
    refusal = check_claim(
        said, ClaimFacts(now, left(work, guarantee), guarantee.valid_to or now, stands, any(is_open(one.state) for one in earlier))
    )
    if refusal is not None:
        raise refusal
    check_ground(said.decision, facts, secures=guarantee.product is Product.PERFORMANCE)
    check_payee(said.payee, side.tenderer, facts.is_procurement, in_force(work.session))
    work.session.add(_new(act, act.org, said, work))
    work.session.flush()
    work.record(ClaimDecided(case=CaseId(chain_of(number)), signed=act.envelope, subject=act.payload_sha256, bidder=bidder))
    return {"claim_sha256": act.payload_sha256, "state": ClaimState.DECIDED.value}


def _new(act: Act, claimant: OrgId, said: ClaimBody, work: Work) -> GuaranteeClaim:
    now, decision = work.now(), said.decision
    blank = dict.fromkeys(("note", "cause", "reference", "receipt", "end_reason"), "")
    return GuaranteeClaim(
        id=new_id(now),
        sha256=act.payload_sha256,
        guarantee_id=said.guarantee,
        claimant_org=claimant,
        state=ClaimState.DECIDED,
        ground=decision.ground,
        amount=decision.amount,
        clause=decision.clause,
        reason=decision.reason,
        payee_name=said.payee.name,
        payee_account=said.payee.number,
        payee_bank=said.payee.bank,
        decision=act.envelope.to_bytes(),
        decided_at=now,
        note_envelope=b"",
        **blank,
    )


def note(work: Work, number: str, request: SignedRequest, side: LotSide) -> dict[str, JSON]:
    """The supervisor speaks to a claim: who agrees has it put to the guarantor, who does not lets it fall. Records ClaimNoted."""
    expect = Expect(NOTE, CaseId(chain_of(number)), role=Role.SUPERVISOR, step_up=True)
    return once(work, request, expect, lambda act: _note(work, number, act, side))


def _note(work: Work, number: str, act: Act, side: LotSide) -> dict[str, JSON]:
    said = NoteBody.read(act.body)
    guarantee, row = held_claim(work, number, said.decision_sha256)
    action = ClaimAction.AGREE if said.agrees else ClaimAction.DISAGREE
    row.state, row.note, row.noted_at = MOVES.choose(action, row.state, side.roles, None), said.text, work.now()
    row.note_envelope = act.envelope.to_bytes()
    work.session.flush()
    case, bidder = CaseId(chain_of(number)), OrgId(guarantee.org_id)
    work.record(ClaimNoted(case=case, signed=act.envelope, subject=row.sha256, bidder=bidder))
    if not said.agrees:
        guarantees.end_late(work, number, guarantee, row.end_reason)
    return {"claim_sha256": row.sha256, "state": row.state.value}


def confirm(work: Work, number: str, request: SignedRequest, side: LotSide) -> dict[str, JSON]:
    """The tenderer has had the money that the guarantor says it has paid. Records ClaimReceipted."""
    expect = Expect(RECEIPT, CaseId(chain_of(number)), role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _confirm(work, number, act, side))


def _confirm(work: Work, number: str, act: Act, side: LotSide) -> dict[str, JSON]:
    said = ReceiptBody.read(act.body)
    guarantee, row = held_claim(work, number, said.claim_sha256)
    state = MOVES.choose(ClaimAction.CONFIRM, row.state, side.roles, None)
    if (refusal := check_receipt(said, row.amount)) is not None:
        raise refusal
    row.state, row.receipt, row.settled_at = state, said.reference, work.now()
    work.session.flush()
    case, bidder = CaseId(chain_of(number)), OrgId(guarantee.org_id)
    work.record(ClaimReceipted(case=case, signed=act.envelope, subject=row.sha256, bidder=bidder))
    return {"claim_sha256": row.sha256, "state": row.state.value}


# Rows


def held_guarantee(work: Work, number: str, guarantee: UUID) -> Guarantee:
    """A guarantee of this lot, for a bid or for performance, locked. Raises NotFound."""
    at, row = guarantees.hold(work, GuaranteeId(guarantee))
    if chain_of(at) != chain_of(number):
        raise NotFound("guarantee.not_found")
    return row


def held_claim(work: Work, number: str, sha256: str) -> tuple[Guarantee, GuaranteeClaim]:
    """A claim under its digest with its guarantee, which is locked first. Raises NotFound."""
    guarantee = work.session.scalar(select(GuaranteeClaim.guarantee_id).where(GuaranteeClaim.sha256 == sha256))
    if guarantee is None:
        raise NotFound("guarantee_claim.not_found")
    row = held_guarantee(work, number, guarantee)
    return row, lock(work.session, GuaranteeClaim, GuaranteeClaim.sha256 == sha256)


def _claims_of(work: Work, guarantee: UUID) -> list[GuaranteeClaim]:
    query = select(GuaranteeClaim).where(GuaranteeClaim.guarantee_id == guarantee)
    return list(work.session.scalars(query, execution_options={"populate_existing": True}))


def left(work: Work, guarantee: Guarantee) -> Money:
    """What its claims have left of a guarantee, which is locked."""
    return left_of(guarantee.amount, [(one.state, one.amount) for one in _claims_of(work, guarantee.id)])
