"""How one order is put to the bank, whoever promised it: what the bank says is noted, and that it says nothing."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.work import Door, Work
from deposits.domain.messages import PaymentOrder, PaymentStatus
from deposits.gateway import Bank, BankSilent


def put(
    door: Door,
    bank: Bank,
    order: Callable[[Session], PaymentOrder | None],
    doubt: Callable[[Work], None],
    take: Callable[[Work, PaymentStatus], None],
) -> None:
    """Puts an order to the bank, once for its key however often; one that is answered already (None) is left alone."""
    asked = door.read(order)
    if asked is None:
        return
    try:
        answer = bank.order(asked)
    except BankSilent:
        door.perform(SYSTEM_ACTOR, doubt)
        return
    door.perform(SYSTEM_ACTOR, lambda work: take(work, answer))
