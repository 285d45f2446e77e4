"""The collecting account replayed: two persons release a batch, a difference is closed once, nobody's money goes back once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from app.verify.entries import BOOKS, EVENTS, SUSPENSE, Entry
from app.verify.replay.story import same
from app.verify.verdict import Broken, inside
from core.kernel.calendar import legal_day
from deposits.domain.batch import CHAIN, LARGEST, Release, ReleaseBody
from deposits.domain.reconciliation import ClosingBody
from deposits.domain.statement_file import FileBody
from deposits.domain.suspense import ReturnBody


@dataclass
class Batch:
    """A batch as it was last told, and who has signed for what of it."""

    made: Entry
    signed: list[tuple[Entry, ReleaseBody]] = field(default_factory=list)


@dataclass
class Nobody:
    """Nobody's payments by the bank's reference, and the refunds of those that a person sent back."""

    noticed: dict[str, Entry] = field(default_factory=dict)
    returned: dict[str, Entry] = field(default_factory=dict)
    scheduled: dict[str, Entry] = field(default_factory=dict)
    sent: dict[str, Entry] = field(default_factory=dict)
    ended: dict[str, Entry] = field(default_factory=dict)  # confirmed or failed


@dataclass
class Payouts:
    """What all chains have said."""

    batches: dict[str, Batch] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    nobody: Nobody = field(default_factory=Nobody)

    @property
    def unsigned(self) -> list[str]:
        """Batches that still wait for a signature."""
        two = Release.TWO_PERSONS.value
        return [number for number, one in self.batches.items() if one.made.text("release") == two and len(one.signed) < 2]


def is_of_payouts(case: str) -> bool:
    """Whether a package is of the collecting account, not of a tender."""
    return case == CHAIN


def replay(read: Mapping[str, Sequence[Entry]]) -> Payouts:
    """Every statement fits those before it; raises Broken."""
    found = Payouts()
    for folder, takes in ((EVENTS, _BATCHES), (BOOKS, _BOOKS), (SUSPENSE, _SUSPENSE)):
        for entry in read.get(folder, ()):
            take = takes.get(entry.kind)
            if take is None:
                raise Broken(entry.member, "kind_unknown", kind=entry.kind)
            with inside(entry.member):
                take(found, entry)
    promised = {one.text("payment") for one in found.nobody.scheduled.values()}
    for ref, entry in found.nobody.returned.items():
        entry.require(ref in promised, "event_missing", kind="refund.schedule")
    return found


# Batches


def _made(found: Payouts, entry: Entry) -> None:
    """A batch that waits for two persons grows until the first of them signs; one that goes by the clock is told once."""
    number, before = entry.text("batch"), found.batches.get(entry.text("batch"))
    how = Release(entry.text("release"))
    entry.require(0 < entry.count("count") <= LARGEST, "amount_differs")
    if before is not None:
        grows = how is Release.TWO_PERSONS and before.made.text("release") == how.value and not before.signed
        entry.require(grows, "batch_changed", batch=number)
    found.batches[number] = Batch(entry)


def _released(found: Payouts, entry: Entry) -> None:
    """Who signs names what the batch pays, or what is left of it where refunds were cancelled meanwhile; the second is another person."""
    said = ReleaseBody.read(entry.body)
    batch = found.batches.get(said.batch)
    entry.require(batch is not None and batch.made.text("release") == Release.TWO_PERSONS.value, "batch_unknown", batch=said.batch)
    assert batch is not None
    entry.require(len(batch.signed) < 2, "event_twice", kind=entry.kind)
    entry.require(all(one.actor != entry.actor for one, _ in batch.signed), "batch_same_person", actor=entry.actor)
    made = batch.made
    seen = [(one.count, one.principal.fen, one.refunds_sha256) for _, one in batch.signed]
    count, fen, digest = seen[-1] if seen else (made.count("count"), made.count("principal_fen"), made.text("refunds_sha256"))
    if said.count == count:
        same(entry, (said.principal.fen, said.refunds_sha256), (fen, digest), "amount_differs")
    entry.require(said.count <= count and said.principal.fen <= fen, "amount_differs")
    batch.signed.append((entry, said))


# Books


def _closed(found: Payouts, entry: Entry) -> None:
    said = ClosingBody.read(entry.body)
    entry.require(str(said.difference) not in found.closed, "difference_twice")
    entry.require(said.day < legal_day(entry.at), "too_early")
    found.closed.add(str(said.difference))


# Suspense


def _noticed(found: Payouts, entry: Entry) -> None:
    for payment in entry.each("payments"):
        _came(found, payment)


def _came(found: Payouts, entry: Entry) -> None:
    ref = entry.text("ref")
    entry.require(ref not in found.nobody.noticed, "payment_twice", ref=ref)
    told = entry.body.get("deposit"), entry.body.get("bidder"), entry.count("taken_fen")
    same(entry, told, (None, None, 0), "deposit_unknown")
    found.nobody.noticed[ref] = entry


def _sent_back(found: Payouts, entry: Entry) -> None:
    said = ReturnBody.read(entry.body)
    entry.require(said.ref in found.nobody.noticed, "payment_unknown")
    entry.require(said.ref not in found.nobody.returned, "payment_twice", ref=said.ref)
    found.nobody.returned[said.ref] = entry


def _all_scheduled(found: Payouts, entry: Entry) -> None:
    for refund in entry.each("refunds"):
        _scheduled(found, refund)


def _scheduled(found: Payouts, entry: Entry) -> None:
    """Only what a person has sent back, once; again where the bank refused it."""
    book, ref = found.nobody, entry.text("payment")
    entry.require(ref in book.returned, "payment_unknown")
    failed = {refund for refund, one in book.ended.items() if one.kind == "refund.fail"}
    others = [refund for refund, one in book.scheduled.items() if one.text("payment") == ref and refund not in failed]
    entry.require(not others and entry.text("refund") not in book.scheduled, "refunded_twice")
    same(entry, entry.count("principal_fen"), book.noticed[ref].count("amount_fen"), "amount_differs")
    book.scheduled[entry.text("refund")] = entry


def _sent(found: Payouts, entry: Entry) -> None:
    promised = found.nobody.scheduled.get(entry.text("refund"))
    entry.require(promised is not None and entry.text("refund") not in found.nobody.sent, "refunded_twice")
    assert promised is not None
    principal = promised.count("principal_fen")
    told = entry.count("principal_fen"), entry.count("interest_fen"), entry.count("total_fen")
    same(entry, told, (principal, 0, principal), "amount_differs")
    found.nobody.sent[entry.text("refund")] = entry


def _ended(found: Payouts, entry: Entry) -> None:
    sent = found.nobody.sent.get(entry.text("refund"))
    entry.require(sent is not None and entry.text("refund") not in found.nobody.ended, "refunded_twice")
    assert sent is not None
    if entry.kind == "refund.confirm":
        same(entry, entry.count("total_fen"), sent.count("total_fen"), "amount_differs")
    found.nobody.ended[entry.text("refund")] = entry


_Take = Callable[[Payouts, Entry], object]
_BATCHES: Mapping[str, _Take] = {"batch.make": _made, "batch.release": _released}
_BOOKS: Mapping[str, _Take] = {"difference.close": _closed}
_SUSPENSE: Mapping[str, _Take] = {
    "payment.notice": _noticed,
    "suspense.return": _sent_back,
    "bank_statement.import": lambda _found, entry: FileBody.read(entry.body),
    "refund.schedule": _all_scheduled,
    "refund.send": _sent,
    "refund.confirm": _ended,
    "refund.fail": _ended,
}
