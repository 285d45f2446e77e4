"""A refund: why money goes back, and its life between the promise and the bank's booking."""

from __future__ import annotations

from enum import Enum

from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import FINANCE, SYSTEM, TENDERER
from deposits.domain.matching import Outcome
from deposits.domain.messages import OrderStatus


class RefundReason(Enum):
    """Why money goes back: first what ends a deposit, then what never was one."""

    CONTRACT_SIGNED = "contract_signed"  # Regulation on Tendering and Bidding, art. 57
    LOT_FAILED = "lot_failed"
    LOT_TERMINATED = "lot_terminated"  # art. 31
    WITHDRAWN = "withdrawn"  # before the deadline, art. 35
    AWARD_LOST = "award_lost"  # procurement: Regulation on Government Procurement, art. 33
    NO_BID = "no_bid"
    SHORT = "short"
    PLATFORM_FAILURE = "platform_failure"  # the bid could not be opened through no fault of its bidder
    WAIVED = "waived"  # the tenderer might have kept it, and does not
    PERFORMED = "performed"  # a performance security, by the tenderer's word
    FORFEITED = "forfeited"  # it goes to the tenderer or the treasury, by decision and note
    OVER = "over"
    LATE = "late"
    WRONG_NAME = "wrong_name"
    NOT_BASIC_ACCOUNT = "not_basic_account"
    DUPLICATE = "duplicate"
    SPLIT = "split"
    UNKNOWN = "unknown"  # nobody's, sent back by decision of a person
    DORMANT = "dormant"  # an old deposit, by decision of two persons


def reason_of(outcome: Outcome) -> RefundReason:
    """Why what was not taken of a payment goes back."""
    return RefundReason(outcome.value)


class RefundState(Enum):
    """The life of a refund."""

    SCHEDULED = "scheduled"
    SENDING = "sending"  # booked as promised, and the order is on its way
    IN_DOUBT = "in_doubt"  # the bank did not answer: it may have paid, so it is asked again under the same key
    ACCEPTED = "accepted"  # the bank has it
    CONFIRMED = "confirmed"  # the bank has booked it
    REJECTED = "rejected"  # the bank will not pay it, and nothing has moved
    CANCELLED = "cancelled"  # a decision came before it was sent


class RefundAction(Enum):
    """What can happen to a refund."""

    SEND = "send"
    DOUBT = "doubt"
    ACCEPT = "accept"
    CONFIRM = "confirm"
    REJECT = "reject"
    RETRY = "retry"
    CANCEL = "cancel"


_S, _A = RefundState, RefundAction
NOT_SENT = at(_S.SCHEDULED)
OPEN = at(_S.SENDING, _S.IN_DOUBT, _S.ACCEPTED)
UNANSWERED = at(_S.SENDING, _S.IN_DOUBT)
MOVES: Moves[RefundAction, RefundState, Role, None] = Moves(
    "refund",
    (
        Move(_A.SEND, at(_S.SCHEDULED), _S.SENDING, SYSTEM),
        Move(_A.DOUBT, UNANSWERED, _S.IN_DOUBT, SYSTEM),
        Move(_A.DOUBT, at(_S.ACCEPTED), _S.ACCEPTED, SYSTEM),
        Move(_A.ACCEPT, OPEN, _S.ACCEPTED, SYSTEM),
        Move(_A.ACCEPT, at(_S.CONFIRMED), _S.CONFIRMED, SYSTEM),  # its notice was faster than its answer
        Move(_A.CONFIRM, OPEN, _S.CONFIRMED, SYSTEM),
        Move(_A.REJECT, OPEN, _S.REJECTED, SYSTEM),
        Move(_A.CANCEL, at(_S.SCHEDULED), _S.CANCELLED, TENDERER),
        Move(_A.RETRY, at(_S.REJECTED), _S.REJECTED, FINANCE),  # a new refund takes its place, under a new key
    ),
)


def ended(state: RefundState) -> bool | None:
    """Whether the bank has paid (True) or would not (False); None while it has not said."""
    return {_S.CONFIRMED: True, _S.REJECTED: False}.get(state)


def may(action: RefundAction, state: RefundState) -> bool:
    """Whether the platform itself may take this action now: news of the bank come twice, late, and in any order."""
    return action in MOVES.available(state, SYSTEM, None)


def meaning(status: OrderStatus) -> RefundAction:
    """What the bank's word on an order means: one that is pending is no decision, so it is asked again."""
    return {OrderStatus.REJECTED: _A.REJECT, OrderStatus.PENDING: _A.DOUBT}.get(status, _A.ACCEPT)
