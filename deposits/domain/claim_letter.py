"""Who is told what of a claim under a guarantee."""

from __future__ import annotations

from dataclasses import dataclass

from core.identity.domain.message import Topic
from deposits.domain.claim import ClaimState

TOLD = ("claim.decide", "claim.note", "claim.answer", "claim.receipt")
"""Kinds of event that somebody is told of."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one side is told: the bidder, or else the tenderer who claims."""

    to_bidder: bool
    words: str
    topic: Topic


_BOTH_FALLEN = (Told(True, "disagreed", Topic.PROGRESS), Told(False, "disagreed_claim", Topic.PROGRESS))
_ANSWERS: dict[ClaimState, tuple[Told, ...]] = {
    ClaimState.IN_REVIEW: (Told(False, "in_review", Topic.PROGRESS),),
    ClaimState.PAID: (Told(True, "paid", Topic.PROGRESS), Told(False, "paid_claim", Topic.TASK)),
    ClaimState.SETTLED: (Told(True, "paid", Topic.PROGRESS),),
    ClaimState.REFUSED: (Told(True, "refused", Topic.PROGRESS), Told(False, "refused_claim", Topic.TASK)),
}


def told_of(kind: str, state: ClaimState) -> tuple[Told, ...]:
    """What an event is told as, the claim standing as it does by now; nobody is told of its own act."""
    if kind == "claim.decide":
        return (Told(True, "decided", Topic.TASK),)
    if kind == "claim.note":
        return _BOTH_FALLEN if state is ClaimState.DISAGREED else (Told(True, "agreed", Topic.PROGRESS),)
    return _ANSWERS.get(state, ()) if kind == "claim.answer" else (Told(True, "settled", Topic.PROGRESS),)
