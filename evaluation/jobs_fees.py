"""What fees do by themselves: calculated when a report is in, ordered when names may be known, warned of when they are late."""

from __future__ import annotations

from uuid import UUID

from core.kernel.outbox import Outside, Subscriber
from core.kernel.ticks import Tick, each
from core.kernel.work import Door
from core.web.platform import Platform
from deposits import jobs_orders
from deposits.gateway import Bank
from evaluation.queries import fee_due
from evaluation.services import fee_payments, fees


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after; without a bank fees wait, confirmed."""
    always = (
        Tick("evaluation.fees", 2.0, each(fee_due.to_calculate, fees.calculate)),
        Tick("evaluation.fees_late", 60.0, each(fee_due.overdue, fee_payments.warn)),
    )
    if not platform.settings.bank_url:
        return always
    bank = Bank(platform.settings.bank_url)
    return (
        *always,
        Tick("evaluation.fee_orders", 1.0, each(fee_due.to_order, fee_payments.order)),
        Tick("evaluation.fees_asked", 3.0, lambda door: ask_again(door, bank)),
    )


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """Who carries an order to the bank."""
    if not platform.settings.bank_url:
        return {}
    bank = Bank(platform.settings.bank_url)
    return {fee_payments.ORDER: Outside(lambda door, payload: pay(door, bank, UUID(str(payload["order"]))))}


def pay(door: Door, bank: Bank, order: UUID) -> None:
    """Puts a fee's order to the bank, and notes what it says or that it says nothing; one that is answered already is left alone."""
    jobs_orders.put(
        door,
        bank,
        lambda session: fee_due.order(session, order),
        lambda work: fee_payments.doubt(work, order),
        lambda work, answer: fee_payments.take_answer(work, order, answer),
    )


def ask_again(door: Door, bank: Bank) -> int:
    """Asks the bank anew about every order of which it has not said that it is paid, under the same key; returns how many."""
    waiting = door.read(lambda session: fee_due.unanswered(session, door.clock(session)))
    for order in waiting:
        pay(door, bank, order)
    return len(waiting)
