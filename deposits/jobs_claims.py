"""Guarantors are asked about the claims under their guarantees, until they have paid or said why not."""

from __future__ import annotations

from uuid import UUID

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.certificates import read_certificate
from core.kernel.errors import BadSignature
from core.kernel.sealedlog import SEALED
from core.kernel.work import Door
from deposits.domain.claim_messages import SignedWord, check_word
from deposits.gateway_guarantors import Guarantors, GuarantorSilent
from deposits.queries import claims as queries
from deposits.queries.claims import ClaimQuestion
from deposits.services import claim_answers


def ask_all(door: Door, outside: Guarantors) -> int:
    """Asks about each claim what is to be asked; returns how many were asked about."""
    waiting = door.read(lambda session: queries.due(session, door.clock(session)))
    for claim in waiting:
        _ask(door, outside, claim)
    return len(waiting)


def _ask(door: Door, outside: Guarantors, claim: UUID) -> None:
    asked = door.read(lambda session: queries.question(session, claim))
    if asked is None:
        return
    try:
        signed = _put(outside, asked)
        word = check_word(signed, asked.expected, read_certificate(asked.root), door.read(door.clock))
        door.perform(SYSTEM_ACTOR, lambda work: claim_answers.take_in(work, asked.number, signed, word))
    except (GuarantorSilent, BadSignature) as silence:
        SEALED.info("claim %s: %s", claim, silence)
        door.perform(SYSTEM_ACTOR, lambda work: claim_answers.postpone(work, asked.number, asked.order.claim))
    except Exception:
        SEALED.exception("failed for claim %s", claim)
        door.perform(SYSTEM_ACTOR, lambda work: claim_answers.postpone(work, asked.number, asked.order.claim))


def _put(outside: Guarantors, asked: ClaimQuestion) -> SignedWord:
    key = str(asked.guarantee)
    return outside.claim(asked.url, key, asked.order) if asked.new else outside.ask_claim(asked.url, key, asked.order.claim)
