"""What deposits do by themselves: the bank's notices come in, refunds go out, and what the bank left unanswered is asked again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from uuid import UUID, uuid4

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.ids import RefundId
from core.kernel.outbox import Outside, Payload, Subscriber
from core.kernel.sealedlog import SEALED
from core.kernel.ticks import Tick, each
from core.kernel.work import Door
from core.web.platform import Platform
from deposits import jobs_guarantees, jobs_orders, jobs_recalls
from deposits.domain.batch import LARGEST, Release
from deposits.domain.messages import BankEntry, Notices
from deposits.gateway import Bank, BankSilent
from deposits.gateway_reader import Reader
from deposits.queries import books as days_due
from deposits.queries import dormant, due, payers
from deposits.queries import holds as held
from deposits.queries import statement_files as files
from deposits.queries.due import TOGETHER
from deposits.services import (
    batches,
    books,
    dormant_ledgers,
    dormant_payouts,
    holds,
    letters,
    order_letters,
    payments,
    reconciliation,
    refunds,
    relief_letters,
    requirements,
    statement_files,
    waiver_letters,
)

log = logging.getLogger(__name__)
FIRST_PAGES, PAGES, FASTER = 5, 100, 4  # of notices that are read before they are taken in: few at first, then many, so that those of
# a lot meet; reading is that many times faster than taking in, which so never waits for it
TOGETHER_READ = 500  # entries in one use case: others wait for the writer no longer than that takes
ROUNDS = 50  # batches that one tick makes


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after; without a bank refunds wait, scheduled."""
    lapse = Tick("deposits.lapse", 30.0, each(due.incomplete, requirements.give_up_waiting, SEALED))
    holds_end = Tick("deposits.holds_end", 30.0, each(held.over, holds.end, SEALED))
    book = Tick("deposits.book_old_ledgers", 1.0, each(dormant.to_book, dormant_ledgers.book))
    sheets = Tick("deposits.statement_files", 2.0, each(files.waiting, statement_files.book_some, SEALED))
    alone = (lapse, holds_end, book, sheets, *jobs_guarantees.ticks())
    if not platform.settings.bank_url:
        return alone
    bank = Bank(platform.settings.bank_url)
    return (
        *alone,
        Tick("deposits.settle_payouts", 2.0, each(dormant.to_settle, dormant_payouts.settle)),
        Tick("deposits.notices", 1.0, _patiently(lambda door: read_notices(door, bank))),
        Tick("deposits.send", 1.0, lambda door: send_due(door, Release(platform.settings.refund_release))),
        Tick("deposits.ask", 3.0, lambda door: ask_again(door, bank)),
        Tick("deposits.statements", 60.0, _patiently(lambda door: compare_days(door, bank))),
        Tick("deposits.recalls", 3.0, lambda door: jobs_recalls.ask(door, bank)),
        Tick("deposits.reconcile", 10.0, _patiently(lambda door: reconcile(door, bank))),
    )


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """Who tells bidders of their payments, and who carries a refund to the bank."""
    told: dict[str, Subscriber] = {
        letters.TOPIC: Outside(_tell, sealed=True),
        order_letters.TOPIC: Outside(_tell_order, sealed=True),
        waiver_letters.TOPIC: Outside(_tell_waiver, sealed=True),
        relief_letters.PROPOSED: relief_letters.tell_supervisors,
        relief_letters.TOPIC: relief_letters.tell,
    }
    told |= jobs_guarantees.subscriptions()
    if not platform.settings.bank_url:
        return told
    bank = Bank(platform.settings.bank_url)
    return told | {
        refunds.ORDER: Outside(lambda door, payload: _carry(door, bank, payload), sealed=True),
        batches.ORDER: Outside(lambda door, payload: carry_batch(door, bank, payload), sealed=True),
    }


def send_due(door: Door, release: Release) -> int:
    """Promises what is due: refunds of sealed lots one by one without a person, those of opened lots in batches as they are released.
    Returns how many were promised."""
    sent = each(due.to_send, refunds.send, SEALED)(door)
    for _ in range(ROUNDS):
        if door.perform(SYSTEM_ACTOR, lambda work: batches.gather(work, release)) < LARGEST:
            break
    for part in door.read(lambda session: due.released(session, door.clock(session))):
        sent += door.perform(SYSTEM_ACTOR, lambda work, part=part: batches.send_some(work, part))  # type: ignore[misc]
    return sent


def carry_batch(door: Door, bank: Bank, payload: Payload) -> None:
    """Puts the orders of a part of a batch to the bank in one message."""
    order_all(door, bank, [RefundId(UUID(str(refund))) for refund in payload["refunds"]])


def order_all(door: Door, bank: Bank, wanted: Sequence[RefundId]) -> None:
    """Puts many orders to the bank in one message, and notes what it says of each; of what it does not tell we know nothing: in doubt."""
    asked = door.read(lambda session: due.orders(session, wanted))
    if not asked:
        return
    try:
        answers = bank.orders(uuid4().hex, asked)
    except BankSilent:
        answers = {}
    told = [RefundId(UUID(hex=one.key)) for one in asked]
    door.perform(SYSTEM_ACTOR, lambda work: batches.take_answers(work, told, answers))


def _carry(door: Door, bank: Bank, payload: Payload) -> None:
    order(door, bank, RefundId(UUID(str(payload["refund"]))))


def _tell(door: Door, payload: Payload) -> None:
    door.perform(SYSTEM_ACTOR, lambda work: letters.tell(work, payload))


def _tell_order(door: Door, payload: Payload) -> None:
    door.perform(SYSTEM_ACTOR, lambda work: order_letters.tell(work, payload))


def _tell_waiver(door: Door, payload: Payload) -> None:
    door.perform(SYSTEM_ACTOR, lambda work: waiver_letters.tell(work, payload))


def order(door: Door, bank: Bank, refund: RefundId) -> None:
    """Puts a refund's order to the bank, and notes what it says or that it says nothing; one that is answered already is left alone."""
    jobs_orders.put(
        door,
        bank,
        lambda session: due.order(session, refund),
        lambda work: refunds.doubt(work, refund),
        lambda work, answer: refunds.take_answer(work, refund, answer),
    )


def ask_again(door: Door, bank: Bank) -> int:
    """Asks the bank anew about every order it has not answered, under the same key; returns how many."""
    waiting = door.read(lambda session: due.unanswered(session, door.clock(session)))
    for start in range(0, len(waiting), TOGETHER):
        order_all(door, bank, waiting[start : start + TOGETHER])
    return len(waiting)


def read_notices(door: Door, bank: Bank) -> int:
    """Takes in what the bank has booked since we last looked, lot by lot; returns the number of its last entry.

    The pages that follow are read while these are taken in, their XML in another process. How far we have read is noted when a stretch of
    pages is taken in: who stops half way reads it again, and what is known changes nothing.
    """
    position = door.read(due.position)
    with closing(Reader()) as reader, ThreadPoolExecutor(1) as ahead:
        pages = FIRST_PAGES
        told = _told(bank, reader, position, pages)
        while told.last != position:
            pages = min(PAGES, FASTER * pages)
            following = ahead.submit(_told, bank, reader, told.last, pages)
            position = _take_in(door, told)
            told = following.result()
    return position


def _take_in(door: Door, told: Notices) -> int:
    lots = door.read(lambda session: payers.lots_of(session, {entry.sub_account for entry in told.entries}))
    for part in told.by_lot(lots, TOGETHER_READ):
        door.perform(SYSTEM_ACTOR, lambda work, part=part: payments.take(work, part))  # type: ignore[misc]  # bound by default
    return door.perform(SYSTEM_ACTOR, lambda work: payments.reach(work, told.last))


def _told(bank: Bank, reader: Reader, after: int, pages: int) -> Notices:
    """The bank's pages after a number as one; where the bank falls silent, those that it gave before."""
    entries, last = list[BankEntry](), after
    for _ in range(pages):
        try:
            page = bank.notices(last, reader.read)
        except BankSilent:
            if not entries:
                raise
            break
        if page.last == last:
            break
        entries += page.entries
        last = page.last
    return Notices(tuple(entries), last)


def reconcile(door: Door, bank: Bank) -> bool:
    """Compares the bank's balance with the ledger's, after reading what the bank has booked, and where nothing was ever paid too: whether
    and when the two were compared must not depend on whether anybody pays. False when one of the two is ahead."""
    read_notices(door, bank)
    report = bank.report()
    return door.perform(SYSTEM_ACTOR, lambda work: reconciliation.compare(work, report))


def compare_days(door: Door, bank: Bank) -> int:
    """Holds the statements of the days that are over against our books, after reading what the bank has booked; returns how many days."""
    days = door.read(lambda session: days_due.to_compare(session, door.clock(session)))
    for day in days:
        read_notices(door, bank)
        told = bank.statement(day)
        door.perform(SYSTEM_ACTOR, lambda work, told=told: books.compare_day(work, told))  # type: ignore[misc]
    return len(days)


def _patiently(run: Callable[[Door], object]) -> Callable[[Door], object]:
    """A bank that is away for a while is no fault of ours: the next tick asks again."""

    def patient(door: Door) -> object:
        try:
            return run(door)
        except BankSilent as silence:
            log.info("the bank is silent: %s", silence)
            return None

    return patient
