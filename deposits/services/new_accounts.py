"""Another account for a refund that the bank would not pay: the firm asks by signature, two persons of finance approve, and it is paid."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken, Stale, WrongState
from core.kernel.ids import CaseId, DepositId, OrgId, PersonId, RefundId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.account import BasicAccount
from deposits.domain.deposit import KNOWN_TO_FINANCE, chain_of
from deposits.domain.new_account import (
    MOVES,
    AccountAction,
    AccountFacts,
    AccountState,
    ApproveBody,
    AskBody,
    RefuseBody,
    check_ask,
    is_approved,
    next_action,
)
from deposits.events_new_accounts import AccountApproved, AccountAsked, AccountRefused, RefundRedirected
from deposits.models.bank import Refund
from deposits.models.new_accounts import NewAccount, NewAccountProof
from deposits.models.requirement import Requirement
from deposits.queries import new_accounts as queries
from deposits.services import refunds

Done = dict[str, JSON]


def ask(work: Work, number: str, request: SignedRequest) -> Done:
    """`account.ask`: the firm names another account of its own for a refund that came back. Records AccountAsked.

    Raises WrongState "new_account.too_early" before the bidders are public, since finance may not know of the refund yet, and
    "new_account.asked" while a request waits; else as `check_ask`.
    """
    expect = Expect("account.ask", CaseId(chain_of(number)), role=Role.BIDDER, step_up=True)
    return once(work, request, expect, lambda act: _ask(work, number, act))


def _ask(work: Work, number: str, act: Act) -> Done:
    said, asked = AskBody.read(act.body), _asked(work, number)
    if asked.state not in KNOWN_TO_FINANCE:
        raise WrongState("new_account.too_early")
    refund = lock(work.session, Refund, Refund.id == said.refund, Refund.lot_id == asked.lot_id)
    if act.org is None or refund.org_id != act.org:
        raise NotFound("refund.not_found")
    check_ask(said, people.organisation(work.session, act.org).name, queries.facts_of(refund))
    if queries.is_asked(work.session, refund.id):
        raise WrongState("new_account.asked")
    now = work.now()
    row = NewAccount(
        id=new_id(now),
        sha256=act.payload_sha256,
        refund_id=refund.id,
        org_id=act.org,
        state=AccountState.ASKED,
        name=said.payee.name,
        number=said.payee.number,
        bank=said.payee.bank,
        reason=said.reason,
        asked_at=now,
        first_by=None,
        first_at=None,
        second_by=None,
        answer="",
        answered_by=None,
        decided_at=None,
    )
    work.session.add(row)
    work.session.flush()
    _keep(work, act, row, said)
    work.record(AccountAsked(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.sha256, bidder=OrgId(act.org)))
    return {"request_sha256": row.sha256}


def _keep(work: Work, act: Act, row: NewAccount, said: AskBody) -> None:
    """Raises NotFound for a file that this person has not uploaded, RuleBroken for another size or one that is named twice."""
    if len({file.sha256 for file in said.proof}) != len(said.proof):
        raise RuleBroken("new_account.proof_twice")
    for file in said.proof:
        if uploads.complete(work.session, act.person, file.sha256).length != file.size:
            raise RuleBroken("new_account.proof_size", name=file.name)
        work.session.add(NewAccountProof(request_id=row.id, sha256=file.sha256, name=file.name, size=file.size))
    work.session.flush()


def approve(work: Work, number: str, request: SignedRequest) -> Done:
    """`account.approve`: a person of finance has looked at account and proof; the second one's signature sends the money, by a new refund
    under a new key. Raises Stale "new_account.changed" where another account was signed for. Records AccountApproved, RefundRedirected."""
    return once(work, request, _finance("account.approve", number), lambda act: _approve(work, number, act))


def _approve(work: Work, number: str, act: Act) -> Done:
    said, case = ApproveBody.read(act.body), CaseId(chain_of(number))
    row = _open(work, number, said.request_sha256)
    if said.account != row.number:
        raise Stale("new_account.changed")
    first = None if row.first_by is None else PersonId(row.first_by)
    row.state = MOVES.choose(next_action(row.state), row.state, frozenset({act.role}), AccountFacts(act.person, first))
    work.record(AccountApproved(case=case, signed=act.envelope, subject=row.sha256, bidder=OrgId(row.org_id)))
    if not is_approved(row.state):
        row.first_by, row.first_at = act.person, work.now()
        return {"request_sha256": row.sha256, "state": row.state.value}
    row.second_by, row.decided_at = act.person, work.now()
    payee = BasicAccount(row.name, row.number, row.bank)
    made, deposit = refunds.redirect(work, RefundId(row.refund_id), payee)
    work.record(
        RefundRedirected(
            case=case,
            subject=str(made),
            refund=made,
            replaces=RefundId(row.refund_id),
            deposit=None if deposit is None else DepositId(deposit),
            bidder=OrgId(row.org_id),
            request_sha256=row.sha256,
            account=row.number,
        )
    )
    return {"request_sha256": row.sha256, "state": row.state.value, "refund": str(made)}


def refuse(work: Work, number: str, request: SignedRequest) -> Done:
    """`account.refuse`: the proof does not do; the firm is told why, and may ask again. Records AccountRefused."""
    return once(work, request, _finance("account.refuse", number), lambda act: _refuse(work, number, act))


def _refuse(work: Work, number: str, act: Act) -> Done:
    said = RefuseBody.read(act.body)
    row = _open(work, number, said.request_sha256)
    row.state = MOVES.choose(AccountAction.REFUSE, row.state, frozenset({act.role}), AccountFacts(act.person, None))
    row.answer, row.answered_by, row.decided_at = said.reason, act.person, work.now()
    work.record(AccountRefused(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.sha256, bidder=OrgId(row.org_id)))
    return {"request_sha256": row.sha256, "state": row.state.value}


def _finance(kind: str, number: str) -> Expect:
    return Expect(kind, CaseId(chain_of(number)), role=Role.FINANCE, step_up=True)


def _asked(work: Work, number: str) -> Requirement:
    asked = work.session.scalar(select(Requirement).where(Requirement.number == number).with_for_update(read=True))
    if asked is None:
        raise NotFound("deposit.not_asked")
    return asked


def _open(work: Work, number: str, sha256: str) -> NewAccount:
    """The request, locked; of a lot still sealed there is none."""
    asked = _asked(work, number)
    of_lot = select(Refund.id).where(Refund.lot_id == asked.lot_id)
    row = lock(work.session, NewAccount, NewAccount.sha256 == sha256, NewAccount.refund_id.in_(of_lot))
    if asked.state not in KNOWN_TO_FINANCE:
        raise NotFound("new_account.not_found")
    return row
