"""The table of interest rates: one person of finance proposes, another approves, each by signature."""

from __future__ import annotations

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.ids import PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.rate import CHAIN, MOVES, RateAction, RateBody, RateFacts, RateState, check_rate, earliest_since, read_approval
from deposits.events_rates import RateApproved, RateProposed
from deposits.models.rates import InterestRate
from deposits.queries import rates as queries


def propose(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """A rate for days to come, with its source. Raises RuleBroken "interest_rate.since" for one that reaches back. Records RateProposed."""
    return once(work, request, Expect("rate.propose", CHAIN, role=Role.FINANCE, step_up=True), lambda act: _propose(work, act))


def _propose(work: Work, act: Act) -> dict[str, JSON]:
    said, now = RateBody.read(act.body), work.now()
    check_rate(said, legal_day(now), queries.table_of(work.session))
    row = InterestRate(
        id=new_id(now),
        sha256=act.payload_sha256,
        state=RateState.PROPOSED,
        since=said.since,
        yearly=said.yearly,
        source=said.source,
        proposed_by=act.person,
        proposed_name=people.person(work.session, act.person).name,
        proposed_at=now,
        approved_by=None,
        approved_name="",
        approved_at=None,
    )
    work.session.add(row)
    work.session.flush()
    work.record(RateProposed(case=CHAIN, signed=act.envelope, subject=act.payload_sha256))
    return {"proposal_sha256": row.sha256}


def approve(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """Another person of finance approves a proposal: from its day on interest is computed by it. Records RateApproved."""
    return once(work, request, Expect("rate.approve", CHAIN, role=Role.FINANCE, step_up=True), lambda act: _approve(work, act))


def _approve(work: Work, act: Act) -> dict[str, JSON]:
    row = lock(work.session, InterestRate, InterestRate.sha256 == read_approval(act.body))
    now = work.now()
    earliest = earliest_since(legal_day(now), queries.table_of(work.session))
    facts = RateFacts(act.person, PersonId(row.proposed_by), row.since, earliest)
    row.state = MOVES.choose(RateAction.APPROVE, row.state, frozenset({act.role}), facts)
    row.approved_by, row.approved_name, row.approved_at = act.person, people.person(work.session, act.person).name, now
    work.session.flush()
    work.record(RateApproved(case=CHAIN, signed=act.envelope))
    return {"since": row.since.isoformat(), "yearly": str(row.yearly)}
