"""The life of one member's fee: calculated, objected to, corrected, confirmed, ordered, paid or returned; and when it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from core.kernel.calendar import CHINA, Unit, end_of, legal_day
from core.kernel.errors import Refusal, WrongState
from core.kernel.ids import CaseId, PersonId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.lot import LotState


class FeeState(Enum):
    """Named after what has been reached."""

    CALCULATED = "calculated"
    OBJECTED = "objected"  # the host to answer
    CORRECTED = "corrected"  # once; it may be confirmed, and objected to no more
    CONFIRMED = "confirmed"  # waits until names may be known and the accounts are there
    ORDERED = "ordered"  # the order is on its way
    IN_DOUBT = "in_doubt"  # the bank did not answer: it may have paid, so it is asked again under the same key
    ACCEPTED = "accepted"  # the bank has it
    PAID = "paid"
    RETURNED = "returned"  # the bank will not pay it: the account is to be corrected


class FeeAction(Enum):
    """What can happen to a fee."""

    OBJECT = "object"
    CORRECT = "correct"
    CONFIRM = "confirm"
    ORDER = "order"
    DOUBT = "doubt"
    ACCEPT = "accept"
    PAY = "pay"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """What the rules look at."""

    is_closed: bool = False  # the case takes no more statements
    has_objected: bool = False
    has_corrected: bool = False
    names_open: bool = False  # who the experts are may be known
    has_account: bool = False  # the expert's
    has_payer_account: bool = False
    is_new_account: bool = False  # another one than the order that came back went to


def _in_time(facts: FeeFacts) -> Refusal | None:
    return WrongState("fee.case_closed") if facts.is_closed else None


def objects_once(facts: FeeFacts) -> Refusal | None:
    """One objection of each member, answered once."""
    return _in_time(facts) or (WrongState("fee.object.twice") if facts.has_objected or facts.has_corrected else None)


def corrects_once(facts: FeeFacts) -> Refusal | None:
    """One correction of each line, with its reason."""
    return _in_time(facts) or (WrongState("fee.correct.twice") if facts.has_corrected else None)


def can_be_ordered(facts: FeeFacts) -> Refusal | None:
    """Before the result nobody may learn from an order who the experts are (招标投标法 art. 37; 政府采购法实施条例 art. 43)."""
    if not facts.names_open:
        return WrongState("fee.names_secret")
    if not facts.has_account:
        return WrongState("fee.account_missing")
    return None if facts.has_payer_account else WrongState("fee.payer_account_missing")


def can_be_ordered_again(facts: FeeFacts) -> Refusal | None:
    """What came back goes out again under a new key when the expert has given another account."""
    return can_be_ordered(facts) or (None if facts.is_new_account else WrongState("fee.same_account"))


EXPERT = frozenset({Role.EXPERT})
HOST = frozenset({Role.CENTRE})
PAYERS = frozenset({Role.TENDERER, Role.AGENCY})
SYSTEM = frozenset({Role.SYSTEM})
_S, _A = FeeState, FeeAction
UNANSWERED = at(_S.ORDERED, _S.IN_DOUBT)
OPEN = at(_S.ORDERED, _S.IN_DOUBT, _S.ACCEPTED)
WAITING = at(_S.CALCULATED, _S.OBJECTED, _S.CORRECTED)
UNPAID = frozenset(FeeState) - {FeeState.PAID}
TO_ORDER = at(_S.CONFIRMED, _S.RETURNED)

MOVES: Moves[FeeAction, FeeState, Role, FeeFacts] = Moves(
    "fee",
    (
        # action, from, to, who, only if
        Move(_A.OBJECT, at(_S.CALCULATED, _S.CONFIRMED), _S.OBJECTED, EXPERT, objects_once),  # a confirmation falls with it
        Move(_A.CORRECT, at(_S.CALCULATED, _S.OBJECTED), _S.CORRECTED, HOST, corrects_once),
        Move(_A.CONFIRM, at(_S.CALCULATED, _S.CORRECTED), _S.CONFIRMED, PAYERS, _in_time),
        Move(_A.ORDER, at(_S.CONFIRMED), _S.ORDERED, SYSTEM, can_be_ordered),
        Move(_A.ORDER, at(_S.RETURNED), _S.ORDERED, SYSTEM, can_be_ordered_again),
        Move(_A.DOUBT, UNANSWERED, _S.IN_DOUBT, SYSTEM),
        Move(_A.DOUBT, at(_S.ACCEPTED), _S.ACCEPTED, SYSTEM),
        Move(_A.ACCEPT, OPEN, _S.ACCEPTED, SYSTEM),
        Move(_A.PAY, OPEN, _S.PAID, SYSTEM),
        Move(_A.RETURN, OPEN, _S.RETURNED, SYSTEM),
    ),
)


def may(action: FeeAction, state: FeeState) -> bool:
    """Whether the platform may take this action now: the bank's answers come twice, late, and in any order."""
    return action in MOVES.available(state, SYSTEM, FeeFacts())


NAMES_OPEN = frozenset(
    {
        LotState.NOTICE_SENT,
        LotState.CONTRACTED,
        LotState.CLOSED,
        LotState.ARCHIVED,
        LotState.FAILED,
        LotState.TERMINATED,
        LotState.ALL_REJECTED,
    }
)
"""From the award notice on, with which procurement publishes the names too (政府采购法实施条例 art. 43), or when there will be no award."""


def names_are_open(state: LotState) -> bool:
    """Whether payer, centre and finance may learn who the experts of a lot are."""
    return state in NAMES_OPEN


def due_on(calculated_at: datetime, named_at: datetime, term_days: int) -> date:
    """The last day for paying: `term_days` calendar days from the calculation, or from the later moment since which names may be known."""
    return CHINA.after(legal_day(max(calculated_at, named_at)), term_days, Unit.CALENDAR)


def is_overdue(due: date, now: datetime) -> bool:
    """Whether the last day for paying has gone by."""
    return now >= end_of(due)


def masked(number: str) -> str:
    """An account number as pages show it: its last four digits."""
    return f"**** {number[-4:]}" if number else ""


def payment_chain(number: str) -> CaseId:
    """The chain of a lot's payments: no part of the case, for it goes on after the close."""
    return CaseId(f"F-{number}")


def account_chain(person: PersonId) -> CaseId:
    """The chain of an expert's account, named by the person's id."""
    told = person.hex.upper()
    return CaseId(f"X-{told[:12]}-{told[12:24]}-{told[24:]}")
