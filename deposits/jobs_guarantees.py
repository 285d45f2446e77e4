"""What guarantees do by themselves: guarantors are asked what is to be asked, opened files are examined, old ones expire."""

from __future__ import annotations

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import BadSignature
from core.kernel.ids import GuaranteeId
from core.kernel.outbox import Outside, Payload, Subscriber
from core.kernel.sealedlog import SEALED
from core.kernel.ticks import Tick, each
from core.kernel.work import Door
from deposits import jobs_claims
from deposits.domain.guarantee import Task
from deposits.domain.guarantee_messages import Answer
from deposits.gateway_guarantors import Guarantors, GuarantorSilent
from deposits.guarantee_opening import open_with
from deposits.queries import guarantees as queries
from deposits.queries.guarantees import Question
from deposits.services import claim_letters, guarantee_answers, guarantee_letters, guarantees


def ticks() -> tuple[Tick, ...]:
    """Where no guarantor is registered there is nothing to ask."""
    outside = Guarantors()
    return (
        Tick("deposits.guarantees", 2.0, lambda door: ask_all(door, outside)),
        Tick("deposits.claims", 5.0, lambda door: jobs_claims.ask_all(door, outside)),
        Tick("deposits.guarantees_expired", 60.0, each(queries.expired, guarantees.expire, SEALED)),
    )


def subscriptions() -> dict[str, Subscriber]:
    """Who tells bidders."""
    return {guarantee_letters.TOPIC: Outside(_tell, sealed=True), claim_letters.TOPIC: Outside(_tell_of_claim, sealed=True)}


def _tell(door: Door, payload: Payload) -> None:
    door.perform(SYSTEM_ACTOR, lambda work: guarantee_letters.tell(work, payload))


def _tell_of_claim(door: Door, payload: Payload) -> None:
    door.perform(SYSTEM_ACTOR, lambda work: claim_letters.tell(work, payload))


def ask_all(door: Door, outside: Guarantors) -> int:
    """Asks about each guarantee what is to be asked, one after the other; returns how many were asked about. Whether and how often is told
    to the sealed log alone: it would count who bids."""
    waiting = door.read(lambda session: queries.due(session, door.clock(session)))
    for guarantee in waiting:
        try:
            ask(door, outside, guarantee)
        except Exception:
            SEALED.exception("failed for guarantee %s", guarantee)
            door.perform(SYSTEM_ACTOR, lambda work, guarantee=guarantee: guarantee_answers.postpone(work, guarantee))  # type: ignore[misc]  # bound by default
    return len(waiting)


def ask(door: Door, outside: Guarantors, guarantee: GuaranteeId) -> None:
    """Asks what is to be asked about one guarantee, and takes the answer in, or that there was none."""
    asked = door.read(lambda session: queries.question(session, guarantee))
    if asked is None:
        return
    try:
        if asked.task is Task.KEY:
            opened = open_with(asked, outside.key(asked.url, str(guarantee)), "guarantor")
            door.perform(SYSTEM_ACTOR, lambda work: guarantee_answers.open_up(work, guarantee, opened))
        else:
            answer = _put(outside, asked)
            door.perform(SYSTEM_ACTOR, lambda work: guarantee_answers.take_in(work, guarantee, asked.task, answer))
    except (GuarantorSilent, BadSignature) as silence:
        SEALED.info("guarantee %s: %s", guarantee, silence)
        door.perform(SYSTEM_ACTOR, lambda work: guarantee_answers.postpone(work, guarantee))


def _put(outside: Guarantors, asked: Question) -> Answer:
    key, told = str(asked.guarantee), asked.application
    match asked.task:
        case Task.APPLY:
            return outside.apply(asked.url, told)
        case Task.PAY if asked.premium is not None:
            return outside.pay(asked.url, key, asked.premium)
        case Task.EXTEND:
            return outside.extend(asked.url, key, told.valid_to, told.opening_at)
        case Task.END:
            return outside.end(asked.url, key, asked.reason)
    return outside.ask(asked.url, key)
