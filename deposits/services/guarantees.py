"""Guarantees as bidders and lots see to them: applied for, paid for, given up; what deadline, opening and end of a lot do to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from core.identity.queries import people
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import GuaranteeId, LotId, OrgId
from core.kernel.money import Money
from core.kernel.work import Work
from deposits.domain.claim import OPEN
from deposits.domain.deposit import (
    REQUIREMENT_MOVES,
    STANDS_STILL,
    RequirementAction,
    RequirementFacts,
)
from deposits.domain.deposit import roles_of as roles_in_requirement
from deposits.domain.guarantee import (
    MOVES,
    SYSTEM,
    ApplyFacts,
    GuaranteeAction,
    GuaranteeState,
    at_deadline,
    ending,
    is_standing,
    may_apply,
    must_hold_to,
    opens_at,
    product_of,
    roles_of,
)
from deposits.domain.guarantor import takes_applications
from deposits.domain.terms import Form
from deposits.events_guarantees import GuaranteeApplied, GuaranteeCancelled, GuaranteeExpired, GuaranteeReleased, PremiumPaid, about
from deposits.models.claims import GuaranteeClaim
from deposits.models.guarantees import Guarantee, GuaranteeTerms, Guarantor
from deposits.models.requirement import Requirement
from deposits.queries import performance
from deposits.queries.terms import terms_of
from deposits.queries.waivers import asked_of
from deposits.services.accounts import own_firm


@dataclass(frozen=True, slots=True)
class LotTerms:
    """What a lot's guarantees must say besides the amount and the deadline; `days`: for how long a bid binds, 0: not said."""

    beneficiary: str
    project_number: str
    project: str
    title: str
    days: int


# What the lot asks for


def ask(work: Work, lot: LotId, terms: LotTerms) -> None:
    """Guarantees for this lot are taken on these terms. Told again, as when the deadline moves, those that stand must hold as long as the
    bids now bind: their guarantors are asked to extend them."""
    asked = lock(work.session, Requirement, Requirement.lot_id == lot)
    said = {name: getattr(terms, name) for name in ("beneficiary", "project_number", "project", "title", "days")}
    if not insert_new(work.session.connection(), GuaranteeTerms, [{"lot_id": lot, **said}]):
        row = work.session.get_one(GuaranteeTerms, lot)
        for name, value in said.items():
            setattr(row, name, value)
    if asked.deadline == STANDS_STILL:
        return
    for one in _of(work, lot):
        if is_standing(one.state):
            one.wanted_to, one.opening_at = must_hold_to(asked.deadline, terms.days), opens_at(asked.number, asked.deadline, one.opening_at)


# What a bidder does


def apply(work: Work, number: str, guarantor: UUID) -> GuaranteeId:
    """The actor's firm applies to a guarantor of its choice for a guarantee in place of the deposit (N27: any guarantor that it likes).

    Raises NotFound "deposit.not_asked", RuleBroken too late, for an unknown guarantor, or while another guarantee of the firm stands.
    """
    org = own_firm(work)
    asked = _asked(work, number)
    terms = work.session.get(GuaranteeTerms, asked.lot_id)
    if asked.amount.fen == 0 or terms is None:
        raise NotFound("deposit.not_asked")
    performance.check_giver(work.session, asked, org)
    rows = _of(work, LotId(asked.lot_id), org)
    chosen, now = work.session.get(Guarantor, guarantor), work.now()
    facts = RequirementFacts(now=now, amount=asked.amount, deadline=asked.deadline, has_basic_account=True)
    REQUIREMENT_MOVES.choose(RequirementAction.REQUEST, asked.state, roles_in_requirement(work.actor, org), facts)
    if asked.deadline == STANDS_STILL:
        raise WrongState("guarantee.stands_still")
    is_known = chosen is not None and takes_applications(chosen.state)
    is_taken = Form.E_GUARANTEE in terms_of(work.session, LotId(asked.lot_id)).terms.forms
    left, stands = asked_of(work.session, asked, org), any(is_standing(one.state) for one in rows)
    told = ApplyFacts(now, asked.deadline, left, is_known, stands, is_taken)
    if (refusal := may_apply(told)) is not None:
        raise refusal
    assert chosen is not None
    made = _new(work, asked, org, chosen, now)
    made.no, made.wanted_to = len(rows) + 1, must_hold_to(asked.deadline, terms.days)
    return _applied(work, made, asked.number, chosen.root_sha256)


def _new(work: Work, asked: Requirement, org: OrgId, chosen: Guarantor, now: datetime) -> Guarantee:
    firm = people.organisation(work.session, org)
    blank = dict.fromkeys(("guarantee_no", "recipient", "identity", "file_sha256", "cause", "reason"), "")
    return Guarantee(
        id=uuid4(),  # whoever knows it may ask the guarantor about it, so it is drawn at random and tells no time
        lot_id=asked.lot_id,
        org_id=org,
        org_name=firm.name,
        org_uscc=firm.uscc,
        guarantor_id=chosen.id,
        product=product_of(asked.number),
        state=GuaranteeState.APPLIED,
        amount=asked_of(work.session, asked, org),
        valid_from=now,
        opening_at=opens_at(asked.number, asked.deadline, now),
        ver=0,
        faults=[],
        told=False,
        applied_at=now,
        changed_at=now,
        **blank,
    )


def _applied(work: Work, made: Guarantee, number: str, root: str) -> GuaranteeId:
    work.session.add(made)
    work.session.flush()
    told = GuaranteeApplied(
        **about(number, made.id, made.org_id),
        guarantor=root,
        product=made.product.value,
        amount_fen=made.amount,
        valid_to=made.wanted_to,
    )
    work.record(told)
    return GuaranteeId(made.id)


def pay(work: Work, guarantee: GuaranteeId) -> None:
    """The bidder agrees to the premium and has it paid to the guarantor, which then issues."""
    number, row = hold(work, guarantee)
    row.state = MOVES.choose(GuaranteeAction.PAY, row.state, roles_of(work.actor, OrgId(row.org_id)), None)
    row.changed_at, row.asked_at = work.now(), None
    work.record(PremiumPaid(**about(number, row.id, row.org_id), premium_fen=row.premium or Money(0)))


def cancel(work: Work, guarantee: GuaranteeId) -> None:
    """The bidder gives up an application that is not issued yet."""
    number, row = hold(work, guarantee)
    state = MOVES.choose(GuaranteeAction.CANCEL, row.state, roles_of(work.actor, OrgId(row.org_id)), None)
    _end(work, number, row, state, "own_wish")


# What becomes of the lot


def close(work: Work, lot: LotId, bidders: Collection[OrgId]) -> None:
    """The deadline has passed: what is not issued comes too late, and who has not bid needs no guarantee."""
    number = _number(work, lot)
    for one in _of(work, lot):
        action = at_deadline(one.state, one.org_id in bidders)
        if action is not None:
            state = MOVES.choose(action, one.state, SYSTEM, None)
            _end(work, number, one, state, "no_bid" if action is GuaranteeAction.RELEASE else "too_late")


def end(work: Work, lot: LotId, bidders: Sequence[OrgId] | None, reason: str) -> None:
    """Nobody needs the guarantees of these bidders (None: of all) any more: the clock that gives deposits back gives them back at once."""
    number = _number(work, lot)
    for one in _of(work, lot):
        if bidders is None or one.org_id in bidders:
            end_one(work, number, one, reason)


def end_one(work: Work, number: str, row: Guarantee, reason: str) -> None:
    """Ends one that has not ended; while a claim under it is open, it ends with the claim."""
    action = ending(row.state)
    if action is None:
        return
    if (claim := _open_claim(work, row)) is not None:
        claim.end_reason = claim.end_reason or reason
        return
    _end(work, number, row, MOVES.choose(action, row.state, SYSTEM, None), reason)


def end_late(work: Work, number: str, row: Guarantee, reason: str) -> None:
    """A claim under it is over: what would have ended the guarantee meanwhile (`reason`; "": nothing) ends it now."""
    if reason:
        end_one(work, number, row, reason)


def expire(work: Work, guarantee: GuaranteeId) -> None:
    """Its validity is over."""
    number, row = hold(work, guarantee)
    row.state = MOVES.choose(GuaranteeAction.EXPIRE, row.state, SYSTEM, None)
    now = work.now()
    if row.valid_to is None or now <= row.valid_to or _open_claim(work, row) is not None:
        raise WrongState("guarantee.still_valid")
    row.changed_at, row.reason = now, "expired"
    work.record(GuaranteeExpired(**about(number, row.id, row.org_id)))


def _end(work: Work, number: str, row: Guarantee, state: GuaranteeState, reason: str) -> None:
    row.state, row.reason, row.told, row.asked_at, row.changed_at = state, reason, False, None, work.now()
    kind = GuaranteeReleased if state is GuaranteeState.RELEASED else GuaranteeCancelled
    work.session.flush()
    work.record(kind(**about(number, row.id, row.org_id), reason=reason))


# Rows


def _open_claim(work: Work, row: Guarantee) -> GuaranteeClaim | None:
    return work.session.scalar(select(GuaranteeClaim).where(GuaranteeClaim.guarantee_id == row.id, GuaranteeClaim.state.in_(OPEN)))


def hold(work: Work, guarantee: GuaranteeId) -> tuple[str, Guarantee]:
    """The number of its lot, and its row, both locked in the order in which everything about a lot is. Raises NotFound."""
    lot = select(Guarantee.lot_id).where(Guarantee.id == guarantee).scalar_subquery()
    asked = lock(work.session, Requirement, Requirement.lot_id == lot, shared=True)
    return asked.number, lock(work.session, Guarantee, Guarantee.id == guarantee)


def _asked(work: Work, number: str) -> Requirement:
    row = work.session.scalar(select(Requirement).where(Requirement.number == number).with_for_update(key_share=True))
    if row is None:
        raise NotFound("deposit.not_asked")
    return row


def _number(work: Work, lot: LotId) -> str:
    return work.session.scalar(select(Requirement.number).where(Requirement.lot_id == lot)) or ""


def _of(work: Work, lot: LotId, org: OrgId | None = None) -> list[Guarantee]:
    query = select(Guarantee).where(Guarantee.lot_id == lot).order_by(Guarantee.org_id, Guarantee.no)
    query = query if org is None else query.where(Guarantee.org_id == org)
    return list(work.session.scalars(query.with_for_update(key_share=True), execution_options={"populate_existing": True}))
