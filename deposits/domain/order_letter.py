"""What a bidder is told of holds, decisions and refunds of its deposit, and whether it has something to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.identity.domain.message import Topic
from deposits.domain.forfeiture import ForfeitureState
from deposits.domain.new_account import ACCOUNT_FAULTS
from deposits.domain.refund import RefundReason
from deposits.domain.refund_recall import STOPPED

OF_HOLDS: Mapping[str, str] = {"hold.place": "held", "hold.lift": "hold_lifted", "hold.end": "hold_ended"}
OF_DEPOSITS: Mapping[str, str] = {"forfeit.await": "keep_awaited", "forfeit.waive": "keep_waived"}
OF_DECISIONS: Mapping[str, str] = {"forfeit.decide": "keep_decided", "forfeit.note": "kept"}
OF_REFUNDS: Mapping[str, str] = {
    "refund.send": "refund_sent",
    "refund.confirm": "refund_confirmed",
    "refund.fail": "refund_failed",
    "refund.redirect": "account_approved",
}
OF_REQUESTS: Mapping[str, str] = {"account.refuse": "account_refused"}
TOLD: Mapping[str, str] = {**OF_HOLDS, **OF_DEPOSITS, **OF_DECISIONS, **OF_REFUNDS, **OF_REQUESTS}
"""Kinds of event that a bidder is told of, and as what."""
WORDS = frozenset(TOLD.values()) | {"keep_refused", "refund_failed_account", "refund_stopped"}
TASKS = frozenset({"keep_decided", "refund_failed_account", "account_refused"})
"""Of these it has something to do: to object, or to name an account that can be paid into."""

NOT_THE_BIDDERS = frozenset({RefundReason.FORFEITED, RefundReason.WRONG_NAME})
"""What goes to who keeps it, and what somebody else had paid."""


def topic_of(words: str) -> Topic:
    """Under which topic it is told."""
    return Topic.TASK if words in TASKS else Topic.PROGRESS


def of_decision(kind: str, state: ForfeitureState) -> str:
    """As what an event of a decision to keep a deposit is told: a note agrees or refuses."""
    return "keep_refused" if kind == "forfeit.note" and state is ForfeitureState.REFUSED else OF_DECISIONS[kind]


@dataclass(frozen=True, slots=True)
class RefundTold:
    """What a letter about a refund looks at; `may_ask`: another account can be asked for, since the bidders are known."""

    reason: RefundReason
    cause: str
    may_ask: bool


def of_refund(kind: str, refund: RefundTold) -> str | None:
    """As what an event of a refund is told; None: the money is not the bidder's."""
    if refund.reason in NOT_THE_BIDDERS:
        return None
    if kind == "refund.fail" and refund.cause == STOPPED:
        return "refund_stopped"  # the bank did as it was asked
    if kind == "refund.fail" and refund.may_ask and refund.cause in ACCOUNT_FAULTS:
        return "refund_failed_account"
    return OF_REFUNDS[kind]
