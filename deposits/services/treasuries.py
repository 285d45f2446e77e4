"""The treasury account: one person of finance proposes it, another approves, each by signature."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.ids import PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.rate import read_approval
from deposits.domain.treasury import CHAIN, MOVES, TreasuryAction, TreasuryBody, TreasuryFacts, TreasuryState
from deposits.events_treasury import TreasuryApproved, TreasuryProposed
from deposits.models.treasuries import TreasuryAccount


def propose(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """The account, with the paper that names it. Records TreasuryProposed."""
    return once(work, request, Expect("treasury.propose", CHAIN, role=Role.FINANCE, step_up=True), lambda act: _propose(work, act))


def _propose(work: Work, act: Act) -> dict[str, JSON]:
    said, now = TreasuryBody.read(act.body), work.now()
    row = TreasuryAccount(
        id=new_id(now),
        sha256=act.payload_sha256,
        state=TreasuryState.PROPOSED,
        name=said.account.name,
        number=said.account.number,
        bank=said.account.bank,
        source=said.source,
        proposed_by=act.person,
        proposed_at=now,
        approved_by=None,
        approved_at=None,
    )
    work.session.add(row)
    work.session.flush()
    work.record(TreasuryProposed(case=CHAIN, signed=act.envelope, subject=act.payload_sha256))
    return {"proposal_sha256": row.sha256}


def approve(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """Another person of finance approves: decisions signed from now on name this account. Records TreasuryApproved."""
    return once(work, request, Expect("treasury.approve", CHAIN, role=Role.FINANCE, step_up=True), lambda act: _approve(work, act))


def _approve(work: Work, act: Act) -> dict[str, JSON]:
    row = lock(work.session, TreasuryAccount, TreasuryAccount.sha256 == read_approval(act.body))
    facts = TreasuryFacts(act.person, PersonId(row.proposed_by))
    row.state = MOVES.choose(TreasuryAction.APPROVE, row.state, frozenset({act.role}), facts)
    row.approved_by, row.approved_at = act.person, work.now()
    work.session.flush()
    work.record(TreasuryApproved(case=CHAIN, signed=act.envelope))
    return {"account": row.number}
