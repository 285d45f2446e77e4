"""Deposits: what was paid is what was asked, every fen goes back once, with the interest that its days have earned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.verify.entries import Entry
from app.verify.replay import holds, new_accounts, performance, recalls, reliefs, sub_accounts, suspense
from app.verify.replay.holds import Orders
from app.verify.replay.new_accounts import Redirected
from app.verify.replay.rates import read_table
from app.verify.replay.recalls import Recalled
from app.verify.replay.story import Story, same
from app.verify.replay.suspense import Assigned
from core.kernel import clock
from core.kernel.calendar import legal_day
from core.kernel.money import Money
from deposits.domain.interest import Part, interest
from deposits.domain.relief import Waiver


@dataclass
class Books:
    """What has been said of one lot's deposits so far."""

    asked: dict[str, Entry] = field(default_factory=dict)
    noticed: set[str] = field(default_factory=set)  # payments, by the bank's references
    taken: dict[str, list[Entry]] = field(default_factory=dict)
    returned: dict[str, Entry] = field(default_factory=dict)
    matched: dict[str, Entry] = field(default_factory=dict)
    scheduled: dict[str, Entry] = field(default_factory=dict)
    sent: dict[str, Entry] = field(default_factory=dict)
    confirmed: dict[str, Entry] = field(default_factory=dict)
    failed: dict[str, Entry] = field(default_factory=dict)
    cancelled: dict[str, Entry] = field(default_factory=dict)
    orders: Orders = field(default_factory=Orders)
    assigned: Assigned = field(default_factory=Assigned)
    redirected: Redirected = field(default_factory=Redirected)
    recalled: Recalled = field(default_factory=Recalled)
    empty: set[str] = field(default_factory=set)  # sub-accounts that were cancelled
    waived: Mapping[str, tuple[datetime, Waiver]] = field(default_factory=dict)

    def left(self, deposit: str) -> int:
        """What came to a deposit's sub-account and has not been paid out from it, fen."""
        came = sum(one.count("returned_fen") for one in self.returned.values() if one.body.get("deposit") == deposit)
        gone = [self.scheduled[refund] for refund in self.confirmed]
        return self.paid(deposit) + came - sum(one.count("principal_fen") for one in gone if self._whose(one) == deposit)

    def _whose(self, promised: Entry) -> object:
        payment = promised.text("payment")
        return self.returned[payment].body.get("deposit") if payment else promised.body.get("deposit")

    def paid(self, deposit: str) -> int:
        """What was taken for a deposit, fen."""
        return sum(one.count("taken_fen") for one in self.taken.get(deposit, []))


def check_deposits(story: Story) -> Books:
    """Every statement about the lot's deposits fits those before it; raises Broken."""
    books = Books()
    known = reliefs.read_reliefs(story.reliefs)
    reliefs.check_freed(story, known)
    books.waived = reliefs.used(story, known)
    for entry in story.deposits:
        if entry.kind in _TAKE:  # `guarantees` looks at the others
            _TAKE[entry.kind](story, books, entry)
    suspense.check_all_noticed(books.assigned)
    new_accounts.check_all_redirected(books.redirected)
    recalls.check_all_ended(books.recalled, (*books.failed, *books.confirmed))
    return books


def open_matters(story: Story, books: Books) -> list[str]:
    """The refunds that were due when the contract was signed and that the bank had not booked when the package was made."""
    if not story.has("contract.sign"):
        return []
    done = {books.scheduled[refund].body.get("deposit") for refund in books.confirmed}
    return sorted(set(books.matched) - {str(one) for one in done})


def _asked(story: Story, books: Books, entry: Entry) -> None:
    entry.require(entry.text("deposit") not in books.asked, "said_twice", seat=entry.text("deposit"))
    if (security := performance.asking(story, entry)) is not None:
        performance.check_request(entry, security)
    else:
        same(entry, entry.count("amount_fen"), reliefs.asked_of(story, books.waived, entry.text("bidder"), entry.at), "amount_differs")
    books.asked[entry.text("deposit")] = entry


def _noticed(_story: Story, books: Books, entry: Entry) -> None:
    for payment in entry.each("payments"):
        _paid(books, payment)


def _paid(books: Books, entry: Entry) -> None:
    ref = entry.text("ref")
    entry.require(ref not in books.noticed, "payment_twice", ref=ref)
    books.noticed.add(ref)
    same(entry, entry.count("amount_fen"), entry.count("taken_fen") + entry.count("returned_fen"), "amount_differs")
    suspense.noticed(books.assigned, entry)
    if entry.count("taken_fen"):
        entry.require(entry.body.get("deposit") in books.asked, "deposit_unknown")
        books.taken.setdefault(entry.text("deposit"), []).append(entry)
    if entry.count("returned_fen"):
        books.returned[ref] = entry


def _all_matched(_story: Story, books: Books, entry: Entry) -> None:
    for deposit in entry.each("deposits"):
        _matched(books, deposit)


def _matched(books: Books, entry: Entry) -> None:
    deposit = entry.text("deposit")
    asked = books.asked.get(deposit)
    entry.require(asked is not None and deposit not in books.matched, "deposit_unknown")
    assert asked is not None
    paid = books.paid(deposit)
    same(entry, (entry.text("bidder"), entry.count("paid_fen")), (asked.text("bidder"), paid), "amount_differs")
    same(entry, paid, asked.count("amount_fen"), "amount_differs")
    books.matched[deposit] = entry


def _locked(_story: Story, books: Books, entry: Entry) -> None:
    entry.require(entry.text("deposit") in books.matched, "deposit_unknown")


def _all_scheduled(_story: Story, books: Books, entry: Entry) -> None:
    for refund in entry.each("refunds"):
        _scheduled(books, refund)


def _scheduled(books: Books, entry: Entry) -> None:
    """Money goes back once: a second promise is made only where the bank refused the first."""
    entry.require(entry.text("refund") not in books.scheduled, "refunded_twice")
    holds.scheduled(books.orders, entry)
    key = (entry.body.get("deposit") if not entry.text("payment") else "", entry.text("payment"))
    for refund, one in books.scheduled.items():
        other = (one.body.get("deposit") if not one.text("payment") else "", one.text("payment"))
        entry.require(other != key or refund in books.failed or refund in books.cancelled, "refunded_twice")
    if entry.text("payment"):
        source = books.returned.get(entry.text("payment"))
        entry.require(source is not None, "payment_unknown")
        assert source is not None
        same(entry, entry.count("principal_fen"), source.count("returned_fen"), "amount_differs")
    else:
        same(entry, entry.count("principal_fen"), books.paid(entry.text("deposit")), "amount_differs")
    books.scheduled[entry.text("refund")] = entry


def _sent(story: Story, books: Books, entry: Entry) -> None:
    promised = books.scheduled.get(entry.text("refund"))
    is_new = entry.text("refund") not in books.sent and entry.text("refund") not in books.cancelled
    entry.require(promised is not None and is_new, "refunded_twice")
    assert promised is not None
    entry.require(bool(promised.text("payment")) or not books.orders.is_held(entry.text("deposit")), "sent_while_held")
    principal, earned = entry.count("principal_fen"), entry.count("interest_fen")
    same(entry, principal, promised.count("principal_fen"), "amount_differs")
    same(entry, entry.count("total_fen"), principal + earned, "amount_differs")
    due = 0 if promised.text("payment") else _interest(story, books.taken.get(entry.text("deposit"), []), entry.text("interest_until"))
    same(entry, earned, due, "interest_differs", due=due)
    books.sent[entry.text("refund")] = entry


def _interest(story: Story, payments: Sequence[Entry], until: str) -> int:
    parts = [Part(Money(one.count("taken_fen")), legal_day(clock.moment(one.text("value_at")))) for one in payments]
    return interest(parts, date.fromisoformat(until), read_table(story.rates)).fen


def _confirmed(_story: Story, books: Books, entry: Entry) -> None:
    refund = entry.text("refund")
    sent = books.sent.get(refund)
    entry.require(sent is not None and refund not in books.confirmed and refund not in books.failed, "refunded_twice")
    assert sent is not None
    same(entry, entry.count("total_fen"), sent.count("total_fen"), "amount_differs")
    entry.require(entry.text("ref") not in {one.text("ref") for one in books.confirmed.values()}, "payment_twice", ref=entry.text("ref"))
    books.confirmed[refund] = entry


def _failed(_story: Story, books: Books, entry: Entry) -> None:
    refund = entry.text("refund")
    entry.require(refund in books.sent and refund not in books.confirmed, "refunded_twice")
    books.failed[refund] = entry


def _cancelled(_story: Story, books: Books, entry: Entry) -> None:
    refund = entry.text("refund")
    promised = books.scheduled.get(refund)
    entry.require(promised is not None and refund not in books.sent and refund not in books.cancelled, "refunded_twice")
    decision = books.orders.decided.get(entry.text("decision_sha256"))
    entry.require(decision is not None, "decision_unknown")
    assert promised is not None and decision is not None
    same(entry, promised.text("deposit"), str(decision[1].deposit), "deposit_unknown")
    books.cancelled[refund] = entry


def _decided(story: Story, books: Books, entry: Entry) -> None:
    matched = books.matched.get(entry.text("deposit"))
    bidder = "" if matched is None else matched.text("bidder")
    sent = [one for refund, one in books.sent.items() if refund not in books.failed and one.body.get("deposit") == entry.text("deposit")]
    entry.require(not sent, "refunded_twice")
    holds.decided(story, books.orders, entry, bidder, books.paid(entry.text("deposit")))


def _assigned(_story: Story, books: Books, entry: Entry) -> None:
    suspense.assigned(books.assigned, entry, books.asked)


def _emptied(_story: Story, books: Books, entry: Entry) -> None:
    left = {asked.text("sub_account"): books.left(deposit) for deposit, asked in books.asked.items()}
    sub_accounts.cancelled(entry, left, books.empty)


_TAKE: Mapping[str, Callable[[Story, Books, Entry], None]] = {
    "suspense.assign": _assigned,
    "account.ask": lambda _story, books, entry: new_accounts.asked(books.redirected, entry, books.failed),
    "account.approve": lambda _story, books, entry: new_accounts.approved(books.redirected, entry),
    "account.refuse": lambda _story, books, entry: new_accounts.refused(books.redirected, entry),
    "refund.redirect": lambda _story, books, entry: new_accounts.redirected(books.redirected, entry, books.scheduled, books.sent),
    "sub_account.cancel": _emptied,
    "recall.propose": lambda _story, books, entry: recalls.proposed(books.recalled, entry, books.sent, (*books.failed, *books.confirmed)),
    "recall.approve": lambda _story, books, entry: recalls.approved(books.recalled, entry),
    "recall.drop": lambda _story, books, entry: recalls.dropped(books.recalled, entry),
    "recall.answer": lambda _story, books, entry: recalls.answered(books.recalled, entry),
    "deposit.request": _asked,
    "payment.notice": _noticed,
    "deposit.match": _all_matched,
    "deposit.lock": _locked,
    "refund.schedule": _all_scheduled,
    "refund.send": _sent,
    "refund.confirm": _confirmed,
    "refund.fail": _failed,
    "refund.cancel": _cancelled,
    "hold.place": lambda _story, books, entry: holds.placed(books.orders, entry, entry.text("deposit") in books.matched),
    "hold.lift": lambda _story, books, entry: holds.lifted(books.orders, entry),
    "hold.end": lambda _story, books, entry: holds.ended(books.orders, entry),
    "forfeit.await": lambda story, books, entry: holds.awaited(story, books.orders, entry),
    "forfeit.decide": _decided,
    "forfeit.note": lambda _story, books, entry: holds.noted(books.orders, entry),
    "forfeit.waive": lambda _story, books, entry: holds.waived(books.orders, entry),
}
