"""An old ledger replayed: its deposits come in as they were signed for, and each goes where two persons decided, once, to the fen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.verify.entries import Entry
from app.verify.package import Package
from app.verify.replay.dormant_rows import Claimed, Ordered, Proposed, Row
from app.verify.replay.story import same
from app.verify.verdict import Broken, inside
from core.kernel.calendar import legal_day
from core.kernel.encoding import sha256
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.dormant import (
    CLAIM_MOVES,
    ENDS,
    MOVES,
    ClaimAction,
    ClaimState,
    DormantAction,
    DormantFacts,
    DormantState,
    Way,
    check_claim,
    is_claimable,
    is_gone,
    may_complete,
)
from deposits.domain.dormant_said import Answer, Arrived, Claim, Contact, Proposal, Published, Reasoned, Second, TakenOver, chain_of
from deposits.domain.dormant_sheet import OldDeposit, paper
from deposits.domain.interest import Part, interest

PREFIX = "D-DORMANT-"
FINANCE, SYSTEM = frozenset({Role.FINANCE}), frozenset({Role.SYSTEM})


@dataclass
class Book:
    """What has been said of an old ledger so far."""

    package: Package
    number: str
    signed: Entry | None = None
    is_booked: bool = False
    rows: dict[str, Row] = field(default_factory=dict)
    claims: dict[str, Claimed] = field(default_factory=dict)
    proposals: dict[str, Proposed] = field(default_factory=dict)
    scheduled: dict[str, Entry] = field(default_factory=dict)
    orders: dict[str, Ordered] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    moved_in: int = 0

    @property
    def outstanding(self) -> list[Row]:
        """What has not been cleared."""
        return [row for row in self.rows.values() if row.state in (DormantState.LISTED, DormantState.PAYING)]


def is_of_old_ledger(case: str) -> bool:
    """Whether a package is of an old ledger, not of a tender."""
    return case.startswith(PREFIX)


def replay(package: Package, entries: Sequence[Entry]) -> Book:
    """Every statement about an old ledger fits those before it; raises Broken."""
    book = Book(package, entries[0].logged.case.removeprefix(PREFIX))
    for entry in entries:
        take = _TAKE.get(entry.kind)
        if take is None:
            raise Broken(entry.member, "kind_unknown", kind=entry.kind)
        entry.require(book.signed is not None or entry.kind in _FIRST, "event_missing", kind="dormant.import")
        with inside(entry.member):
            take(book, entry)
    for refund, entry in book.scheduled.items():
        entry.require(refund in book.orders, "event_missing", kind="dormant.order")
    return book


# Coming in


def _taken_over(book: Book, entry: Entry) -> None:
    entry.require(book.signed is None, "event_twice", kind=entry.kind)
    said = TakenOver.read(entry.body)
    same(entry, said.ledger, book.number, "case_differs", case=said.ledger)
    member = book.package.paper(said.rows_sha256)
    lines = [OldDeposit.of_json(one) for one in book.package.json(member)["rows"]]
    entry.require(sha256(paper(lines)).hex() == said.rows_sha256, "digest_differs", field="rows_sha256")
    same(entry, (said.rows, said.total.fen), (len(lines), sum(line.amount.fen for line in lines)), "amount_differs")
    entry.require(len({line.key for line in lines}) == len(lines), "dormant_twice")
    book.rows = {f"{book.number}-{n:05d}": Row(line, entry.kind == "dormant.take_over") for n, line in enumerate(lines, 1)}
    book.signed = entry


def _booked(book: Book, entry: Entry) -> None:
    entry.require(not book.is_booked, "event_twice", kind=entry.kind)
    assert book.signed is not None
    total = sum(row.line.amount.fen for row in book.rows.values())
    told = entry.text("statement_sha256"), entry.count("rows"), entry.count("total_fen")
    same(entry, told, (book.signed.digest, len(book.rows), total), "amount_differs")
    book.is_booked = True


def _published(book: Book, entry: Entry) -> None:
    entry.require(book.is_booked, "event_missing", kind="dormant.book")
    said = Published.read(entry.body)
    hidden = [row for row in book.rows.values() if row.published_on is None]
    same(entry, (said.rows, said.total.fen), (len(hidden), sum(row.line.amount.fen for row in hidden)), "amount_differs")
    for row in hidden:
        row.published_on = legal_day(entry.at)


def _sought(book: Book, entry: Entry) -> None:
    said = Contact.read(entry.body)
    entry.require(said.on <= legal_day(entry.at), "too_early")
    for row in _rows(book, entry, said.rows):
        row.contacts += 1


def _reasoned(book: Book, entry: Entry) -> None:
    said = Reasoned.read(entry.body)
    for row in _rows(book, entry, said.rows):
        row.reason = said.reason


def _rows(book: Book, entry: Entry, numbers: Sequence[str]) -> list[Row]:
    entry.require(book.is_booked and set(numbers) <= book.rows.keys(), "dormant_unknown")
    return [book.rows[number] for number in sorted(numbers)]


# Claims


def _claimed(book: Book, entry: Entry) -> None:
    said = Claim.read(entry.body)
    [row] = _rows(book, entry, [said.row])
    check_claim(said.materials, said.claimant, row.line.payer, said.payee.name)
    for file in said.files:
        book.package.paper(file.sha256)
    earlier = row.claim
    if earlier is not None:
        entry.require(may_complete(earlier.state) and earlier.role == entry.role, "dormant_claim_open")
    else:
        entry.require(is_claimable(row.state), "dormant_not_claimable")
    row.claim = book.claims[entry.digest] = Claimed(said, entry.role, ClaimState.SUBMITTED)


def _answered(book: Book, entry: Entry) -> None:
    said = Answer.read(entry.body)
    claim = book.claims.get(said.claim_sha256)
    entry.require(claim is not None and claim is book.rows[claim.said.row].claim, "dormant_claim_unknown")
    assert claim is not None
    action = {"dormant.return": ClaimAction.RETURN, "dormant.refuse": ClaimAction.REFUSE}.get(entry.kind, ClaimAction.WITHDRAW)
    entry.require(action is not ClaimAction.WITHDRAW or entry.role in (claim.role, Role.FINANCE.value), "role_differs", role=entry.role)
    claim.state = CLAIM_MOVES.choose(action, claim.state, frozenset({Role(entry.role)}), None)
    if action is not ClaimAction.RETURN:
        book.rows[claim.said.row].claim = None


# Deciding


def _proposed(book: Book, entry: Entry) -> None:
    said = Proposal.read(entry.body)
    entry.require(str(said.payout) not in {str(one.said.payout) for one in book.proposals.values()}, "event_twice", kind=entry.kind)
    rows = _rows(book, entry, said.rows)
    same(entry, said.total.fen, sum(row.line.amount.fen for row in rows), "amount_differs")
    entry.require(not any(row.is_decided for row in rows), "dormant_decided")
    for row in rows:
        _choose(entry, row, said.way)
    claim = _claim_of(book, entry, said)
    if claim is not None:
        claim.state = CLAIM_MOVES.choose(ClaimAction.PROPOSE, claim.state, FINANCE, None)
    for row in rows:
        row.is_decided = True
    book.proposals[entry.digest] = Proposed(said, entry.actor, is_gone(rows[0].state))


def _claim_of(book: Book, entry: Entry, said: Proposal) -> Claimed | None:
    if said.way is not Way.REFUND:
        return None
    claim = book.claims.get(said.claim_sha256)
    entry.require(claim is not None and len(said.rows) == 1 and claim is book.rows[said.rows[0]].claim, "dormant_claim_unknown")
    assert claim is not None
    entry.require((said.rows[0], said.payee) == (claim.said.row, claim.said.payee), "payee_differs")
    return claim


def _choose(entry: Entry, row: Row, way: Way) -> DormantState:
    claim = row.claim
    facts = DormantFacts(
        today=legal_day(entry.at),
        way=way,
        reason=row.reason,
        has_claim=claim is not None and claim.state is not ClaimState.APPROVED,
        published_on=row.published_on,
        contacts=row.contacts,
    )
    return MOVES.choose(DormantAction.RECALL if is_gone(row.state) else DormantAction.PAY, row.state, FINANCE, facts)


def _decided(book: Book, entry: Entry) -> None:
    said = Second.read(entry.body)
    proposal = book.proposals.get(said.proposal_sha256)
    entry.require(proposal is not None and not proposal.is_over, "dormant_proposal_unknown")
    assert proposal is not None
    same(entry, said.total.fen, proposal.said.total.fen, "amount_differs")
    proposal.is_over = True
    rows = _rows(book, entry, proposal.said.rows)
    claim = rows[0].claim if proposal.said.way is Way.REFUND else None
    if entry.kind == "dormant.reject":
        for row in rows:
            row.is_decided = False
        if claim is not None:
            claim.state = CLAIM_MOVES.choose(ClaimAction.STEP_BACK, claim.state, FINANCE, None)
        return
    entry.require(entry.actor != proposal.proposer, "dormant_same_person", actor=entry.actor)
    proposal.is_approved, proposal.waits = True, proposal.is_later
    for row in rows:
        row.state = _choose(entry, row, proposal.said.way)
    if claim is not None:
        claim.state = CLAIM_MOVES.choose(ClaimAction.APPROVE, claim.state, FINANCE, None)


# Money


def _moved_in(book: Book, entry: Entry) -> None:
    said = Arrived.read(entry.body)
    _arrive(book, entry, said)
    elsewhere = sum(row.line.amount.fen for row in book.rows.values() if not row.is_here)
    entry.require(book.moved_in + said.amount.fen <= elsewhere, "dormant_too_much")
    book.moved_in += said.amount.fen


def _arrive(book: Book, entry: Entry, said: Arrived) -> None:
    entry.require(said.ref not in book.arrived, "payment_twice", ref=said.ref)
    book.arrived.add(said.ref)


def _restored(book: Book, entry: Entry) -> None:
    said = Arrived.read(entry.body)
    proposal = _payout(book, entry, said.payout)
    entry.require(proposal.is_approved and proposal.waits, "dormant_proposal_unknown")
    same(entry, said.amount.fen, proposal.said.total.fen, "amount_differs")
    _arrive(book, entry, said)
    proposal.waits = False
    for row in _rows(book, entry, proposal.said.rows):
        row.state = MOVES.choose(DormantAction.RESTORE, row.state, FINANCE, DormantFacts(today=legal_day(entry.at)))


def _payout(book: Book, entry: Entry, payout: str) -> Proposed:
    found = [one for one in book.proposals.values() if str(one.said.payout) == payout]
    entry.require(len(found) == 1, "dormant_proposal_unknown")
    return found[0]


def _scheduled(book: Book, entry: Entry) -> None:
    for refund in entry.each("refunds"):
        refund.require(refund.text("refund") not in book.scheduled, "refunded_twice")
        book.scheduled[refund.text("refund")] = refund


def _ordered(book: Book, entry: Entry) -> None:
    proposal, refund = _payout(book, entry, entry.text("payout")), entry.text("refund")
    promised = book.scheduled.get(refund)
    entry.require(proposal.is_approved and not proposal.waits and not proposal.is_ordered, "dormant_proposal_unknown")
    entry.require(promised is not None and refund not in book.orders, "refunded_twice")
    assert promised is not None
    total, rows = proposal.said.total.fen, _rows(book, entry, proposal.said.rows)
    same(entry, (entry.count("total_fen"), promised.count("principal_fen")), (total, total), "amount_differs")
    same(entry, entry.texts("rows"), sorted(proposal.said.rows), "dormant_unknown")
    elsewhere = sum(row.line.amount.fen for row in rows if not row.is_here)
    entry.require(elsewhere <= book.moved_in, "dormant_not_moved_in")
    book.moved_in -= elsewhere
    for row in rows:
        row.is_here = True
    proposal.is_ordered = True
    book.orders[refund] = Ordered(proposal)


def _sent(book: Book, entry: Entry) -> None:
    order = book.orders.get(entry.text("refund"))
    entry.require(order is not None and order.sent is None, "refunded_twice")
    assert order is not None
    due, until = _interest(book, entry, order.proposal.said)
    same(entry, (entry.count("interest_fen"), entry.text("interest_until")), (due, until), "interest_differs", due=due)
    total = order.proposal.said.total.fen
    same(entry, (entry.count("principal_fen"), entry.count("total_fen")), (total, total + due), "amount_differs")
    order.sent = entry


def _interest(book: Book, entry: Entry, said: Proposal) -> tuple[int, str]:
    """What the rows earn until the day they are sent, or were handed over; a holder gets none."""
    if said.way is not Way.REFUND:
        return 0, ""
    rows = [book.rows[number] for number in said.rows if book.rows[number].line.bears_interest]
    until: date = min((row.cleared_on for row in rows if row.cleared_on is not None), default=legal_day(entry.at))
    earned = interest([Part(row.line.amount, row.line.received_on) for row in rows], until)
    return earned.fen, until.isoformat() if rows else ""


def _confirmed(book: Book, entry: Entry) -> None:
    order = book.orders.get(entry.text("refund"))
    entry.require(order is not None and order.sent is not None and order.paid is None, "refunded_twice")
    assert order is not None and order.sent is not None
    same(entry, entry.count("total_fen"), order.sent.count("total_fen"), "amount_differs")
    order.paid = True


def _failed(book: Book, entry: Entry) -> None:
    order = book.orders.get(entry.text("refund"))
    entry.require(order is not None and order.sent is not None and order.paid is None, "refunded_twice")
    assert order is not None
    order.paid = False


def _settled(book: Book, entry: Entry) -> None:
    order = book.orders.get(entry.text("refund"))
    entry.require(order is not None and order.paid is not None and not order.is_settled, "refunded_twice")
    assert order is not None
    same(entry, (entry.body.get("paid"), entry.text("payout")), (order.paid, str(order.proposal.said.payout)), "amount_differs")
    order.is_settled, way = True, order.proposal.said.way
    action, facts = ENDS[way] if order.paid else DormantAction.FAIL, DormantFacts(today=legal_day(entry.at))
    for row in _rows(book, entry, order.proposal.said.rows):
        row.state, row.is_decided = MOVES.choose(action, row.state, SYSTEM, facts), False
        if order.paid:
            row.cleared_on = row.cleared_on or legal_day(entry.at)
        if way is Way.REFUND and row.claim is not None:
            if order.paid:
                row.claim = None
            else:
                row.claim.state = CLAIM_MOVES.choose(ClaimAction.STEP_BACK, row.claim.state, SYSTEM, None)


def figures(book: Book) -> str:
    """How many deposits came in, how much, and how much of it is cleared."""
    total = Money(sum(row.line.amount.fen for row in book.rows.values()))
    left = Money(sum(row.line.amount.fen for row in book.outstanding))
    return f"{chain_of(book.number)}: {len(book.rows)}, {total}; {total - left}"


_FIRST = ("dormant.import", "dormant.take_over")
_TAKE: Mapping[str, Callable[[Book, Entry], None]] = {
    "dormant.import": _taken_over,
    "dormant.take_over": _taken_over,
    "dormant.book": _booked,
    "dormant.publish": _published,
    "dormant.contact": _sought,
    "dormant.reason": _reasoned,
    "dormant.claim": _claimed,
    "dormant.return": _answered,
    "dormant.refuse": _answered,
    "dormant.withdraw": _answered,
    "dormant.propose": _proposed,
    "dormant.approve": _decided,
    "dormant.reject": _decided,
    "dormant.move_in": _moved_in,
    "dormant.restore": _restored,
    "dormant.order": _ordered,
    "dormant.settle": _settled,
    "refund.schedule": _scheduled,
    "refund.send": _sent,
    "refund.confirm": _confirmed,
    "refund.fail": _failed,
}
