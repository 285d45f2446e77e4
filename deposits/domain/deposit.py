"""A deposit (投标保证金): what a lot asks for, the life of one bidder's deposit, and who may see it when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from deposits.domain.performance import SUFFIX

SYSTEM, BIDDER, FINANCE = frozenset({Role.SYSTEM}), frozenset({Role.BIDDER}), frozenset({Role.FINANCE})
TENDERER, SUPERVISOR = frozenset({Role.TENDERER}), frozenset({Role.SUPERVISOR})
BANK_LAG = timedelta(days=1)
"""How long after the deadline a notice of a payment with a value time before it is waited for."""
PROMPTLY = timedelta(days=5)
"""By when money that was never a deposit goes back, where no article sets a period: as quickly as the law is elsewhere."""


class RequirementState(Enum):
    """What a lot asks for, and whether anyone but the bidder concerned may know who has paid."""

    TAKING = "taking"
    CLOSED = "closed"  # the deadline has passed; who has paid is secret still
    OPENED = "opened"  # the bidders are public, and so are their deposits
    ENDED = "ended"  # the lot was terminated before its opening: finance alone sees who had paid, for it pays them back


class RequirementAction(Enum):
    """What moves a requirement along."""

    AMEND = "amend"
    REQUEST = "request"
    CLOSE = "close"
    UNSEAL = "unseal"
    END = "end"


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """What the rules of a requirement look at."""

    now: datetime
    amount: Money
    deadline: datetime
    has_basic_account: bool = False
    basic_only: bool = True
    by_transfer: bool = True


def _may_be_requested(facts: RequirementFacts) -> Refusal | None:
    if facts.amount.fen == 0:
        return RuleBroken("deposit.not_asked")
    if facts.now >= facts.deadline:
        return RuleBroken("deposit.deadline_passed", "招标投标法实施条例第二十六条")
    if not facts.by_transfer:
        return RuleBroken("deposit.no_transfer")
    if facts.basic_only and not facts.has_basic_account:
        return RuleBroken("deposit.basic_account_missing", "招标投标法实施条例第二十六条")
    return None


_R, _RA = RequirementState, RequirementAction
REQUIREMENT_MOVES: Moves[RequirementAction, RequirementState, Role, RequirementFacts] = Moves(
    "deposit_requirement",
    (
        Move(_RA.AMEND, at(_R.TAKING), _R.TAKING, SYSTEM),
        Move(_RA.REQUEST, at(_R.TAKING), _R.TAKING, BIDDER, _may_be_requested),
        Move(_RA.REQUEST, at(_R.OPENED), _R.OPENED, BIDDER, _may_be_requested),  # of a security, which is no secret
        Move(_RA.CLOSE, at(_R.TAKING), _R.CLOSED, SYSTEM),
        Move(_RA.END, at(_R.TAKING), _R.ENDED, SYSTEM),
        Move(_RA.UNSEAL, at(_R.CLOSED, _R.OPENED), _R.OPENED, SYSTEM),
    ),
)


class See(Enum):
    """What can be seen of a lot's deposits."""

    OWN = "own_deposit"
    LIST = "deposit_list"  # names, amounts, and how many there are


_PARTIES = frozenset({Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR})
READS: Reads[See, RequirementState, Role] = Reads(
    "deposit_requirement",
    (
        Read(See.OWN, BIDDER, at(_R.TAKING, _R.CLOSED, _R.OPENED, _R.ENDED)),
        Read(See.LIST, _PARTIES | FINANCE, at(_R.OPENED)),
        Read(See.LIST, FINANCE, at(_R.ENDED)),
    ),
)


class DepositState(Enum):
    """The life of one bidder's deposit for one lot."""

    REQUESTED = "requested"  # it has its sub-account
    SHORT = "short"  # something has come, not all of it
    MATCHED = "matched"
    LOCKED = "locked"  # the deadline has passed and there is a bid
    LAPSED = "lapsed"  # nothing had come in time
    REFUND_DUE = "refund_due"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"  # the bank would not pay it: a person decides
    FORFEITABLE = "forfeitable"  # its bid could not be opened by its bidder's own doing: the tenderer decides
    FORFEIT_PROPOSED = "forfeit_proposed"  # the tenderer has decided to keep it; the supervisor has not spoken
    FORFEITED = "forfeited"  # it belongs to the tenderer, in procurement to the treasury
    DORMANT = "dormant"  # nobody could be found who takes it: it is among the dormant deposits now


class DepositAction(Enum):
    """What can happen to a deposit."""

    TAKE = "take"
    COMPLETE = "complete"
    LOCK = "lock"
    LAPSE = "lapse"
    SCHEDULE_REFUND = "schedule_refund"
    RETRY_REFUND = "retry_refund"
    SEND_REFUND = "send_refund"
    CONFIRM_REFUND = "confirm_refund"
    FAIL_REFUND = "fail_refund"
    AWAIT_DECISION = "await_decision"
    WAIVE = "waive"
    PROPOSE_FORFEIT = "propose_forfeit"
    REFUSE_FORFEIT = "refuse_forfeit"
    KEEP_WAITING = "keep_waiting"
    FORFEIT = "forfeit"
    GO_DORMANT = "go_dormant"


_S, _A = DepositState, DepositAction
MOVES: Moves[DepositAction, DepositState, Role, None] = Moves(
    "deposit",
    (
        Move(_A.TAKE, at(_S.REQUESTED, _S.SHORT), _S.SHORT, SYSTEM),
        Move(_A.COMPLETE, at(_S.REQUESTED, _S.SHORT), _S.MATCHED, SYSTEM),
        Move(_A.LOCK, at(_S.MATCHED), _S.LOCKED, SYSTEM),
        Move(_A.LAPSE, at(_S.REQUESTED), _S.LAPSED, SYSTEM),
        Move(_A.SCHEDULE_REFUND, at(_S.SHORT, _S.MATCHED, _S.LOCKED), _S.REFUND_DUE, SYSTEM),
        Move(_A.RETRY_REFUND, at(_S.REFUND_FAILED), _S.REFUND_DUE, FINANCE),
        Move(_A.SEND_REFUND, at(_S.REFUND_DUE), _S.REFUNDING, SYSTEM),
        Move(_A.CONFIRM_REFUND, at(_S.REFUNDING), _S.REFUNDED, SYSTEM),
        Move(_A.FAIL_REFUND, at(_S.REFUNDING), _S.REFUND_FAILED, SYSTEM),
        Move(_A.AWAIT_DECISION, at(_S.LOCKED), _S.FORFEITABLE, SYSTEM),
        Move(_A.WAIVE, at(_S.FORFEITABLE), _S.LOCKED, TENDERER),
        Move(_A.PROPOSE_FORFEIT, at(_S.LOCKED, _S.FORFEITABLE, _S.REFUND_DUE), _S.FORFEIT_PROPOSED, TENDERER),
        Move(_A.REFUSE_FORFEIT, at(_S.FORFEIT_PROPOSED), _S.LOCKED, SUPERVISOR),
        Move(_A.KEEP_WAITING, at(_S.FORFEIT_PROPOSED), _S.FORFEITABLE, SUPERVISOR),
        Move(_A.FORFEIT, at(_S.FORFEIT_PROPOSED), _S.FORFEITED, SUPERVISOR),
        Move(_A.GO_DORMANT, at(_S.REFUND_FAILED), _S.DORMANT, FINANCE),
    ),
)

TAKES_PAYMENTS = at(_S.REQUESTED, _S.SHORT)
STANDING = at(_S.REQUESTED, _S.SHORT, _S.MATCHED, _S.LOCKED)
"""A bidder has one deposit of these states in a lot; after a refund it may ask for another."""
PAST_DEADLINE = at(_R.CLOSED, _R.OPENED, _R.ENDED)
KNOWN_TO_FINANCE = at(_R.OPENED, _R.ENDED)
STANDS_STILL = datetime(9999, 12, 31, tzinfo=UTC)
"""The deadline for the deposits of a suspended lot: none runs."""
MET = at(_S.MATCHED, _S.LOCKED)
SETTLED = at(_S.LAPSED, _S.REFUNDED, _S.FORFEITED, _S.DORMANT)
"""Nothing is left to be done about the deposit itself."""
HOLDS_MONEY = at(*STANDING, _S.REFUND_DUE, _S.REFUND_FAILED, _S.FORFEITABLE, _S.FORFEIT_PROPOSED)
"""What was paid lies on the ledger for the bidder."""


def is_standing(state: DepositState) -> bool:
    """Whether this deposit is the bidder's one."""
    return state in STANDING


def has_closed(state: RequirementState) -> bool:
    """Whether the deadline has been dealt with."""
    return state in PAST_DEADLINE


def takes_requests(state: RequirementState) -> bool:
    """Whether it may be asked for a sub-account or applied for a guarantee in this state, the deadline aside."""
    return any(row.action is RequirementAction.REQUEST and state in row.source for row in REQUIREMENT_MOVES)


def is_in_time(state: RequirementState, deadline: datetime, now: datetime) -> bool:
    """Whether what is missing can still come in time."""
    return state is RequirementState.TAKING and now < deadline


def is_public(state: RequirementState) -> bool:
    """Whether the bidders of the lot are known, so that mail to them tells nothing."""
    return state is RequirementState.OPENED


def is_known_to_finance(state: RequirementState) -> bool:
    """Whether finance may know of the lot's deposits, and so can decide about them."""
    return state in KNOWN_TO_FINANCE


def takes_payments(state: DepositState) -> bool:
    """Whether a payment may still be added."""
    return state in TAKES_PAYMENTS


def awaits_decision(state: DepositState) -> bool:
    """Whether the tenderer is to decide whether to keep it."""
    return state is _S.FORFEITABLE


def may_refund(state: DepositState) -> bool:
    """Whether there is money of this deposit to be refunded that is not on its way already."""
    return _A.SCHEDULE_REFUND in MOVES.available(state, SYSTEM, None)


def at_deadline(state: DepositState, has_bid: bool) -> DepositAction | None:
    """What the deadline does to a deposit: complete ones are kept with their bid; money of a firm that did not bid goes back.

    An incomplete one waits for `BANK_LAG`, since the bank may still tell of a payment that came in time.
    """
    if state is _S.MATCHED and has_bid:
        return _A.LOCK
    return _A.SCHEDULE_REFUND if may_refund(state) and not has_bid else None


def after_bank_lag(state: DepositState) -> DepositAction | None:
    """What becomes of a deposit that was not completed in time."""
    return {_S.REQUESTED: _A.LAPSE, _S.SHORT: _A.SCHEDULE_REFUND}.get(state)


def chain_of(number: str) -> str:
    """The chain of a lot's deposits, its winner's performance security included: `D-T2026-000001-1`."""
    return f"D-{number.removesuffix(SUFFIX)}"


NO_LOT = "D-SUSPENSE"
"""The chain of bank entries that belong to no lot."""


def roles_of(actor: Actor, org: OrgId) -> frozenset[Role]:
    """The roles of an actor for the deposit of this organisation."""
    own = actor.org is not None and actor.org == org
    return actor.roles & (frozenset({Role.FINANCE, Role.SYSTEM}) | (BIDDER if own else frozenset()))
