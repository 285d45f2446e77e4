"""Where dormant deposits go: one finance person proposes, another decides, the bank pays once, and what a holder sends back is paid on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken, Stale, WrongState
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import dormant_books as books
from deposits.domain.account import COLLECTING
from deposits.domain.deposit import PROMPTLY
from deposits.domain.dormant import (
    CLAIM_MOVES,
    ENDS,
    MOVES,
    PAYOUT_MOVES,
    PAYOUT_OPEN,
    ClaimAction,
    DormantAction,
    DormantFacts,
    PayoutAction,
    PayoutFacts,
    PayoutState,
    Way,
    is_gone,
    is_ordered,
)
from deposits.domain.dormant_said import Arrived, Claim, Proposal, Second, chain_of
from deposits.domain.matching import Outcome
from deposits.domain.refund import ended
from deposits.events_dormant import (
    HolderPaidBack,
    OldMoneyMovedIn,
    PayoutApproved,
    PayoutOrdered,
    PayoutProposed,
    PayoutRejected,
    PayoutSettled,
)
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.dormant import DormantClaim, DormantDeposit, DormantPayout, DormantPayoutRow, OldLedger
from deposits.queries import dormant as queries
from deposits.queries import finance
from deposits.services import ledger, refunds
from deposits.services.dormant_cases import held_rows, open_claims

Done = dict[str, JSON]
NOBODY = PayoutFacts()
FINANCE = frozenset({Role.FINANCE})
SYSTEM = frozenset({Role.SYSTEM})


def _expect(kind: str, number: str) -> Expect:
    return Expect(kind, CaseId(chain_of(number)), role=Role.FINANCE, step_up=True)


# Proposing


def propose(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.propose`: the first person says where rows of this old ledger go. Raises what `DormantAction.PAY` finds."""
    book = lock(work.session, OldLedger, OldLedger.number == number)
    return once(work, request, _expect("dormant.propose", number), lambda act: _propose(work, book, act))


def _propose(work: Work, book: OldLedger, act: Act) -> Done:
    said = Proposal.read(act.body)
    rows, claim = held_rows(work, book.number, said.rows), _claim(work, said)
    if said.total.fen != sum(row.amount.fen for row in rows):
        raise Stale("old_ledger.moved")
    _check_free(work, rows)
    if len({row.lies_at for row in rows}) > 1:
        raise RuleBroken("dormant.accounts_differ")
    for row in rows:
        _choose(work, row, said.way)
    _fresh(work, said.payout)
    made = DormantPayout(
        id=said.payout,
        ledger_id=book.id,
        state=PayoutState.PROPOSED,
        way=said.way,
        claim_id=claim.id if claim else None,
        total=said.total,
        is_later=is_gone(rows[0].state),
        payee_name=said.payee.name,
        payee_account=said.payee.account,
        payee_bank=said.payee.bank,
        reason=said.reason,
        answer="",
        proposer=act.person,
        statement_sha256=act.payload_sha256,
        proposed_at=work.now(),
    )
    work.session.add(made)
    work.session.flush()
    work.session.add_all(DormantPayoutRow(payout_id=made.id, dormant_id=row.id) for row in rows)
    if claim is not None:
        claim.state = CLAIM_MOVES.choose(ClaimAction.PROPOSE, claim.state, FINANCE, None)
    work.record(PayoutProposed(case=CaseId(chain_of(book.number)), signed=act.envelope))
    return {"payout": str(made.id)}


def _fresh(work: Work, payout: UUID) -> None:
    if work.session.get(DormantPayout, payout) is not None:
        raise WrongState("dormant.payout_known")


def _claim(work: Work, said: Proposal) -> DormantClaim | None:
    """The claim that a refund pays, whose row and account the proposal repeats; raises RuleBroken where they differ."""
    if said.way is not Way.REFUND:
        return None
    if len(said.rows) != 1 or not said.claim_sha256:
        raise RuleBroken("dormant.no_claim")
    claim = lock(work.session, DormantClaim, DormantClaim.statement_sha256 == said.claim_sha256)
    asked = Claim.read(claim.body)  # type: ignore[arg-type]  # as it was signed
    if (asked.row, asked.payee) != (said.rows[0], said.payee):
        raise RuleBroken("dormant.claim_differs")
    return claim


def _check_free(work: Work, rows: Sequence[DormantDeposit]) -> None:
    ids = [row.id for row in rows]
    query = select(DormantPayout.id).join(DormantPayoutRow, DormantPayoutRow.payout_id == DormantPayout.id)
    if work.session.scalar(query.where(DormantPayoutRow.dormant_id.in_(ids), DormantPayout.state.in_(PAYOUT_OPEN)).limit(1)) is not None:
        raise WrongState("dormant.payout_open")


def _choose(work: Work, row: DormantDeposit, way: Way) -> object:
    facts = DormantFacts(
        today=legal_day(work.now()),
        way=way,
        reason=row.reason,
        has_claim=open_claims(work, row) > 0,
        published_on=row.published_on,
        contacts=row.contacts,
    )
    action = DormantAction.RECALL if is_gone(row.state) else DormantAction.PAY
    return MOVES.choose(action, row.state, FINANCE, facts)


# Deciding


def approve(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.approve`: a second person agrees; the ledger promises the money and the bank is ordered to pay, at once.

    A deposit that a holder has waits for the holder's money. Raises RuleBroken "dormant.same_person", "dormant.not_moved_in" while the
    money lies on an earlier account still.
    """
    book = lock(work.session, OldLedger, OldLedger.number == number)
    return once(work, request, _expect("dormant.approve", number), lambda act: _approve(work, book, act))


def _approve(work: Work, book: OldLedger, act: Act) -> Done:
    payout = _proposed(work, book, act)
    rows = queries.rows_of(work.session, payout.id)
    held_rows(work, book.number, [row.number for row in rows])
    states = {row: _choose(work, row, payout.way) for row in rows}
    later = is_gone(rows[0].state)
    facts = PayoutFacts(is_same_person=payout.proposer == act.person)
    payout.state = PAYOUT_MOVES.choose(PayoutAction.AWAIT if later else PayoutAction.APPROVE, payout.state, FINANCE, facts)
    payout.approver, payout.decided_at = act.person, work.now()
    for row, state in states.items():
        row.state = state  # type: ignore[assignment]  # what the table chose
    if payout.claim_id is not None:
        _move_claim(work, payout, ClaimAction.APPROVE, FINANCE)
    work.record(PayoutApproved(case=CaseId(chain_of(book.number)), signed=act.envelope))
    if not later:
        _order(work, book, payout, rows)
    return {"payout": str(payout.id), "state": payout.state.value}


def _proposed(work: Work, book: OldLedger, act: Act) -> DormantPayout:
    said = Second.read(act.body)
    payout = lock(work.session, DormantPayout, DormantPayout.statement_sha256 == said.proposal_sha256, DormantPayout.ledger_id == book.id)
    if payout.total != said.total:
        raise Stale("old_ledger.moved")
    payout.answer = said.reason
    return payout


def _order(work: Work, book: OldLedger, payout: DormantPayout, rows: Sequence[DormantDeposit]) -> None:
    elsewhere = Money(sum(row.amount.fen for row in rows if not row.is_here))
    if elsewhere > (there := queries.available(work.session, book.id)):
        raise RuleBroken("dormant.not_moved_in", "招标投标法实施条例第二十六条", missing=str(elsewhere - there))
    ledger.book(work, books.pay_out(str(payout.id), str(book.id), [(str(row.id), row.amount) for row in rows], elsewhere))
    for row in rows:
        row.is_here = True
    refund = refunds.schedule_payout(work, payout, book.number, rows[0].lies_at, work.now() + PROMPTLY)
    payout.refund_id = refund
    work.record(
        PayoutOrdered(
            case=CaseId(chain_of(book.number)),
            payout=str(payout.id),
            refund=refund,
            rows=[row.number for row in rows],
            total_fen=payout.total,
        )
    )


def reject(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.reject`: a finance person does not agree, or the first one steps back; nothing moves."""
    book = lock(work.session, OldLedger, OldLedger.number == number)
    return once(work, request, _expect("dormant.reject", number), lambda act: _reject(work, book, act))


def _reject(work: Work, book: OldLedger, act: Act) -> Done:
    payout = _proposed(work, book, act)
    payout.state = PAYOUT_MOVES.choose(PayoutAction.REJECT, payout.state, FINANCE, NOBODY)
    payout.decided_at = work.now()
    if payout.claim_id is not None:
        _move_claim(work, payout, ClaimAction.STEP_BACK, FINANCE)
    work.record(PayoutRejected(case=CaseId(chain_of(book.number)), signed=act.envelope))
    return {"payout": str(payout.id), "state": payout.state.value}


def _move_claim(work: Work, payout: DormantPayout, action: ClaimAction, who: frozenset[Role]) -> None:
    claim = lock(work.session, DormantClaim, DormantClaim.id == payout.claim_id)
    claim.state = CLAIM_MOVES.choose(action, claim.state, who, None)


# Money that comes


def move_in(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.move_in`: a payment in suspense is ours, from the earlier account of this old ledger."""
    book = lock(work.session, OldLedger, OldLedger.number == number)

    def take(act: Act) -> Done:
        said = Arrived.read(act.body)
        entry = _take_entry(work, said)
        missing = queries.still_elsewhere(work.session, book.id)
        if said.amount > missing:
            raise RuleBroken("dormant.moved_in_too_much", missing=str(missing))
        ledger.book(work, books.move_in(str(entry.id), str(book.id), said.amount, said.interest))
        work.record(OldMoneyMovedIn(case=CaseId(chain_of(number)), signed=act.envelope))
        return {"available_fen": queries.available(work.session, book.id).fen}

    return once(work, request, _expect("dormant.move_in", number), take)


def restore(work: Work, number: str, request: SignedRequest) -> Done:
    """`dormant.restore`: a payment in suspense is a holder's, for a later claim that waits for it; it is paid on at once."""
    book = lock(work.session, OldLedger, OldLedger.number == number)

    def take(act: Act) -> Done:
        said = Arrived.read(act.body)
        payout = lock(work.session, DormantPayout, DormantPayout.id == _uuid(said.payout), DormantPayout.ledger_id == book.id)
        payout.state = PAYOUT_MOVES.choose(PayoutAction.ORDER, payout.state, FINANCE, NOBODY)
        if said.amount != payout.total:
            raise RuleBroken("dormant.restored_other", total=str(payout.total))
        entry, rows = _take_entry(work, said), queries.rows_of(work.session, payout.id)
        for row in held_rows(work, number, [row.number for row in rows]):
            row.state = MOVES.choose(DormantAction.RESTORE, row.state, FINANCE, DormantFacts(today=legal_day(work.now())))
            row.lies_at = entry.sub_account
            ledger.book(work, books.restore(str(entry.id), str(row.id), row.amount, said.interest))
        work.record(HolderPaidBack(case=CaseId(chain_of(number)), signed=act.envelope))
        _order(work, book, payout, rows)
        return {"payout": str(payout.id), "state": payout.state.value}

    return once(work, request, _expect("dormant.restore", number), take)


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise NotFound("dormant_payout.not_found") from None


def _take_entry(work: Work, said: Arrived) -> BankEntryRow:
    """A payment of nobody's as finance may see it; from now on it is somebody's. Raises NotFound, Stale where its amount is another."""
    entry = lock(work.session, BankEntryRow, BankEntryRow.ref == said.ref)
    seen = {one.ref for one in finance.page(work.session, work.now()).unknown if not one.sent_back}
    if entry.outcome is not Outcome.UNKNOWN or said.ref not in seen:
        raise NotFound("bank_entry.not_found")
    if entry.amount != said.amount + said.interest:
        raise Stale("old_ledger.moved")
    if entry.sub_account != COLLECTING.number:  # what is paid out, with interest, is paid from there
        raise RuleBroken("dormant.came_elsewhere", account=COLLECTING.number)
    entry.returned = entry.amount
    work.session.flush()
    return entry


# What the bank says


def settle(work: Work, payout_id: UUID) -> None:
    """The bank has paid a payout, or would not: then its deposits are owed as before, and a claim waits to be decided anew."""
    payout = lock(work.session, DormantPayout, DormantPayout.id == payout_id)
    refund = lock(work.session, Refund, Refund.payout_id == payout_id)
    paid = ended(refund.state)
    if paid is None or not is_ordered(payout.state):
        return
    number = queries.ledger_of(work.session, payout_id)
    now = work.now()
    payout.state = PAYOUT_MOVES.choose(PayoutAction.SETTLE if paid else PayoutAction.FAIL, payout.state, SYSTEM, NOBODY)
    payout.settled_at = now
    rows = queries.rows_of(work.session, payout_id)
    action, facts = ENDS[payout.way] if paid else DormantAction.FAIL, DormantFacts(today=legal_day(now))
    for row in held_rows(work, number, [row.number for row in rows]):
        row.state = MOVES.choose(action, row.state, SYSTEM, facts)
        if paid:
            row.cleared_at = row.cleared_at or now
            row.refunded_at = now if payout.way is Way.REFUND else None
    if not paid:
        refund.replaced = True
        ledger.book(work, books.hand_back(str(payout_id), [(str(row.id), row.amount) for row in rows]))
        if payout.claim_id is not None:
            _move_claim(work, payout, ClaimAction.STEP_BACK, SYSTEM)
    work.record(PayoutSettled(case=CaseId(chain_of(number)), payout=str(payout_id), refund=refund.id, paid=paid))  # type: ignore[arg-type]
