"""Dormant deposits before money moves: published, payers looked for, reasons recorded, claims taken in and answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import func, select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from core.kernel.events import Event
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.account import normal_name
from deposits.domain.dormant import CLAIM_MOVES, CLAIM_OPEN, ClaimAction, ClaimState, check_claim, is_claimable, may_complete
from deposits.domain.dormant_ledger import is_booked
from deposits.domain.dormant_said import Answer, Claim, Contact, Published, Reasoned, chain_of
from deposits.events_dormant import ClaimRefused, ClaimReturned, ClaimWithdrawn, DormantClaimed, DormantPublished, PayerSought, ReasonGiven
from deposits.models.dormant import DormantClaim, DormantClaimFile, DormantContact, DormantDeposit, OldLedger

Done = dict[str, JSON]


def _finance(kind: str, ledger: str, step_up: bool = False) -> Expect:
    return Expect(kind, CaseId(chain_of(ledger)), role=Role.FINANCE, step_up=step_up)


def publish(work: Work, ledger: str, request: SignedRequest) -> Done:
    """`dormant.publish`: what was not in the public list stands in it from today. Raises Stale when it is not what was signed."""
    return once(work, request, _finance("dormant.publish", ledger, step_up=True), lambda act: _publish(work, ledger, act))


def _publish(work: Work, ledger: str, act: Act) -> Done:
    said, book = Published.read(act.body), lock(work.session, OldLedger, OldLedger.number == ledger)
    if not is_booked(book.state):
        raise WrongState("old_ledger.not_booked")
    query = select(DormantDeposit).where(DormantDeposit.ledger_id == book.id, DormantDeposit.published_on.is_(None))
    rows = work.session.scalars(query.with_for_update(key_share=True)).all()
    if (said.rows, said.total) != (len(rows), Money(sum(row.amount.fen for row in rows))):
        raise Stale("old_ledger.moved")
    today = legal_day(work.now())
    for row in rows:
        row.published_on = today
    work.record(DormantPublished(case=CaseId(chain_of(ledger)), signed=act.envelope))
    return {"rows": len(rows)}


def contact(work: Work, ledger: str, request: SignedRequest) -> Done:
    """`dormant.contact`: an attempt to find the payer of these rows."""
    return once(work, request, _finance("dormant.contact", ledger), lambda act: _contact(work, ledger, act))


def _contact(work: Work, ledger: str, act: Act) -> Done:
    said, now = Contact.read(act.body), work.now()
    if said.on > legal_day(now):
        raise RuleBroken("dormant.contact_future")
    by = people.person(work.session, act.person).name
    for row in held_rows(work, ledger, said.rows):
        row.contacts += 1
        work.session.add(DormantContact(dormant_id=row.id, no=row.contacts, body=dict(act.body), at=now, by=by))
    work.record(PayerSought(case=CaseId(chain_of(ledger)), signed=act.envelope))
    return {"rows": len(said.rows)}


def reason(work: Work, ledger: str, request: SignedRequest) -> Done:
    """`dormant.reason`: why these rows lie here."""
    return once(work, request, _finance("dormant.reason", ledger), lambda act: _reason(work, ledger, act))


def _reason(work: Work, ledger: str, act: Act) -> Done:
    said = Reasoned.read(act.body)
    for row in held_rows(work, ledger, said.rows):
        row.reason, row.reason_note = said.reason, said.note
    work.record(ReasonGiven(case=CaseId(chain_of(ledger)), signed=act.envelope))
    return {"rows": len(said.rows)}


def held_rows(work: Work, ledger: str, numbers: Sequence[str]) -> list[DormantDeposit]:
    """These rows of an old ledger, locked in the order of their numbers. Raises NotFound "dormant.not_found" where one is missing."""
    query = select(DormantDeposit).join(OldLedger, OldLedger.id == DormantDeposit.ledger_id)
    query = query.where(OldLedger.number == ledger, DormantDeposit.number.in_(numbers)).order_by(DormantDeposit.number)
    locked = query.with_for_update(key_share=True, of=DormantDeposit)
    rows = list(work.session.scalars(locked, execution_options={"populate_existing": True}))
    if len(rows) != len(numbers):
        raise NotFound("dormant.not_found")
    return rows


# Claims


def claim(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.claim`: a firm asks for its deposit, or finance for a firm that came in person; again where something was missing.

    Raises RuleBroken for a missing material or an account in another name, WrongState while another claim is open.
    """
    row = _row(work, number)
    ledger = _ledger(work, row)
    expect = Expect("dormant.claim", CaseId(chain_of(ledger)), step_up=True)
    return once(work, request, expect, lambda act: _claim(work, row, ledger, act))


def _claim(work: Work, row: DormantDeposit, ledger: str, act: Act) -> Done:
    said = Claim.read(act.body)
    _check_claimant(work, row, said, act)
    check_claim(said.materials, said.claimant, row.payer, said.payee.name)
    now = work.now()
    open_ = select(DormantClaim).where(DormantClaim.dormant_id == row.id, DormantClaim.state.in_(CLAIM_OPEN))
    found = work.session.scalar(open_.with_for_update(key_share=True))
    org = act.org if act.role is Role.BIDDER else None
    if found is None:
        if not is_claimable(row.state):
            raise WrongState("dormant.not_claimable")
        found = DormantClaim(id=new_id(now), dormant_id=row.id, state=ClaimState.SUBMITTED, org_id=org, answer="")
        work.session.add(found)
    else:
        if found.org_id != org or not may_complete(found.state):
            raise WrongState("dormant.claim_open")
        found.state = CLAIM_MOVES.choose(ClaimAction.SUBMIT_AGAIN, found.state, frozenset({act.role}), None)
    found.statement_sha256, found.body, found.submitted_at = act.payload_sha256, dict(act.body), now
    work.session.flush()
    _keep_files(work, act, found, said, now)
    work.record(DormantClaimed(case=CaseId(chain_of(ledger)), signed=act.envelope))
    return {"claim": str(found.id), "state": found.state.value}


def _check_claimant(work: Work, row: DormantDeposit, said: Claim, act: Act) -> None:
    if act.role not in (Role.BIDDER, Role.FINANCE):
        raise NotAllowed("dormant.claim.not_allowed")
    if said.row != row.number:
        raise Stale("dormant.other_row")
    if act.role is Role.BIDDER:
        if act.org is None or row.published_on is None:
            raise NotFound("dormant.not_found")
        firm = people.organisation(work.session, act.org)
        if (normal_name(said.claimant), said.uscc) != (normal_name(firm.name), firm.uscc):
            raise RuleBroken("dormant.claimant_other", organisation=firm.name)


def _keep_files(work: Work, act: Act, claim: DormantClaim, said: Claim, now: datetime) -> None:
    """Raises NotFound for a file that this person has not uploaded, RuleBroken for another size. Files of an earlier statement stay."""
    known = set(work.session.scalars(select(DormantClaimFile.sha256).where(DormantClaimFile.claim_id == claim.id)))
    for file in said.files:
        if uploads.complete(work.session, act.person, file.sha256).length != file.size:
            raise RuleBroken("dormant.file_size", name=file.name)
        if file.sha256 not in known:
            kept = {"material": file.material.value, "name": file.name, "sha256": file.sha256, "size": file.size}
            work.session.add(DormantClaimFile(id=new_id(now), claim_id=claim.id, **kept))


def send_back(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.return`: something is missing; the claimant is told what."""
    return _answer(work, number, request, ("dormant.return", ClaimAction.RETURN, ClaimReturned))


def refuse(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.refuse`: the claim is not well founded."""
    return _answer(work, number, request, ("dormant.refuse", ClaimAction.REFUSE, ClaimRefused))


def withdraw(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.withdraw`: the claimant gives it up."""
    return _answer(work, number, request, ("dormant.withdraw", ClaimAction.WITHDRAW, ClaimWithdrawn))


def _answer(work: Work, number: str, request: SignedRequest, what: tuple[str, ClaimAction, Callable[..., Event]]) -> Done:
    kind, action, event = what
    row = _row(work, number)
    case = CaseId(chain_of(_ledger(work, row)))
    role = None if action is ClaimAction.WITHDRAW else Role.FINANCE

    def answer(act: Act) -> Done:
        said = Answer.read(act.body)
        claim = lock(work.session, DormantClaim, DormantClaim.statement_sha256 == said.claim_sha256, DormantClaim.dormant_id == row.id)
        if act.role is Role.BIDDER and claim.org_id != act.org:
            raise NotFound("dormant_claim.not_found")
        claim.state = CLAIM_MOVES.choose(action, claim.state, frozenset({act.role}), None)
        claim.answer, claim.answered_at = said.reason, work.now()
        work.record(event(case=case, signed=act.envelope))
        return {"claim": str(claim.id), "state": claim.state.value}

    return once(work, request, Expect(kind, case, role=role), answer)


def _row(work: Work, number: str) -> DormantDeposit:
    return lock(work.session, DormantDeposit, DormantDeposit.number == number)


def _ledger(work: Work, row: DormantDeposit) -> str:
    return work.session.scalars(select(OldLedger.number).where(OldLedger.id == row.ledger_id)).one()


def open_claims(work: Work, row: DormantDeposit) -> int:
    """How many claims of a deposit are open: one or none."""
    query = select(func.count()).select_from(DormantClaim).where(DormantClaim.dormant_id == row.id, DormantClaim.state.in_(CLAIM_OPEN))
    return work.session.scalar(query) or 0
