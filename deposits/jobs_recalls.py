"""What recalls do by themselves: the bank is asked to stop an order until it has decided."""

from __future__ import annotations

from uuid import UUID

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.work import Door
from deposits.gateway import Bank, BankSilent
from deposits.queries import recalls as queries
from deposits.services import recalls


def ask(door: Door, bank: Bank) -> int:
    """Puts every recall that two persons signed to the bank, under the same case each time; returns how many."""
    waiting = door.read(lambda session: queries.to_ask(session, door.clock(session)))
    for asked in waiting:
        recall = UUID(hex=asked.case)
        try:
            answer = bank.recall(asked)
        except BankSilent:
            door.perform(SYSTEM_ACTOR, lambda work, recall=recall: recalls.note_asked(work, recall, work.now()))  # type: ignore[misc]  # bound by default
            continue
        door.perform(SYSTEM_ACTOR, lambda work, recall=recall, answer=answer: recalls.take_answer(work, recall, answer))  # type: ignore[misc]  # bound by default
    return len(waiting)
