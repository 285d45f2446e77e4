"""A bidder uses its waiver for a lot, by its signature."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import CaseId, LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import REQUIREMENT_MOVES, RequirementAction, RequirementFacts, chain_of, roles_of
from deposits.domain.performance import is_performance
from deposits.domain.relief import asked_after
from deposits.domain.waiver import USE, Use, UseFacts, refuse_use
from deposits.events_waivers import WaiverUsed
from deposits.models.requirement import Requirement
from deposits.models.waivers import WaiverUse
from deposits.queries import reliefs, waivers
from deposits.services.accounts import own_firm


def use(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`waiver.use`: the actor's firm is asked for less from now on, or for nothing. Records WaiverUsed.

    Raises NotFound "deposit.not_asked" where the lot asks for no deposit, RuleBroken "waiver.too_late", "waiver.none_holds", WrongState
    "waiver.used_already", "waiver.deposit_asked".
    """
    return once(work, request, Expect(USE, CaseId(chain_of(number)), role=Role.BIDDER), lambda act: _use(work, number, act))


def _use(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said, org = Use.read(act.body), own_firm(work)
    row = work.session.scalar(select(Requirement).where(Requirement.number == number).with_for_update(key_share=True))
    if row is None or row.amount.fen == 0 or is_performance(number):
        raise NotFound("deposit.not_asked")
    if said.bidder != org:
        raise NotAllowed("deposit.bidders_only")
    now, lot = work.now(), LotId(row.lot_id)
    waiver = reliefs.waivers(work.session, org, now).get(said.relief_sha256)
    has_deposit, is_used = waivers.has_deposit(work.session, lot, org), waivers.own(work.session, lot, org) is not None
    if (refusal := refuse_use(UseFacts(now, row.deadline, org, waiver, has_deposit, is_used))) is not None:
        raise refusal
    assert waiver is not None
    facts = RequirementFacts(now=now, amount=row.amount, deadline=row.deadline, has_basic_account=True)
    REQUIREMENT_MOVES.choose(RequirementAction.REQUEST, row.state, roles_of(work.actor, org), facts)
    made = WaiverUse(
        lot_id=lot,
        org_id=org,
        org_name=people.organisation(work.session, org).name,
        sha256=act.payload_sha256,
        relief_sha256=said.relief_sha256,
        percent=waiver.percent,
        source=waiver.source,
        asked=asked_after(row.amount, waiver),
        used_at=now,
    )
    work.session.add(made)
    work.session.flush()
    work.record(WaiverUsed(case=CaseId(chain_of(number)), signed=act.envelope, bidder=org, subject=made.sha256))
    return {"asked_fen": made.asked.fen}
