"""Dormant deposits (历史沉淀保证金): why money lies unclaimed, for how long, the life of one such deposit, and what its list may show."""

from __future__ import annotations

import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.account import normal_name
from deposits.domain.deposit import FINANCE, SYSTEM

CLEAN_UP = "发改法规〔2023〕27号"  # orders that old deposits be cleared
DEPOSIT_ARTICLE = "民法典第五百七十条、第五百七十四条"  # 提存; claimed within five years, then the state's
PUBLISHED_DAYS = 60
"""For how many days a deposit stands in the public list before it may go to a notary or to the finance office; a place may ask for more."""
CONTACTS = 1
"""How often its payer must have been looked for before that."""
YEARS_WITH_NOTARY = 5


class Reason(Enum):
    """Why a deposit was not given back."""

    NO_REFUND_REQUEST = "NO_REFUND_REQUEST"
    PROJECT_FAILED = "PROJECT_FAILED"
    PAYER_DEREGISTERED = "PAYER_DEREGISTERED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    COMPLAINT_HOLD = "COMPLAINT_HOLD"
    FORFEIT_PENDING = "FORFEIT_PENDING"
    UNKNOWN_PAYER = "UNKNOWN_PAYER"


HELD_BACK = frozenset({Reason.COMPLAINT_HOLD, Reason.FORFEIT_PENDING})
"""Whoever decides on the complaint or the forfeiture decides on the money; until then nothing is paid out."""


class Age(Enum):
    """How long ago a deposit was to be given back."""

    DUE = "due"  # thirty days or less
    MONTH = "month"  # more than thirty days
    YEAR = "year"  # more than a year
    THREE_YEARS = "three_years"  # more than three years


def age(due_on: date, today: date) -> Age:
    """The bucket of a deposit that was due on `due_on`, on the Beijing day `today`."""
    if today > years_after(due_on, 3):
        return Age.THREE_YEARS
    if today > years_after(due_on, 1):
        return Age.YEAR
    return Age.MONTH if today > due_on + timedelta(days=30) else Age.DUE


def years_after(day: date, years: int) -> date:
    """The last day of a period of years: the same day, or the month's last where there is none (Civil Code, art. 202)."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def begins(youngest: Age, today: date) -> date:
    """The first due day that is too young for this age: rows due before it are at least so old."""
    if youngest is Age.DUE:
        return date.max
    if youngest is Age.MONTH:
        return today - timedelta(days=30)
    back = today.year - (3 if youngest is Age.THREE_YEARS else 1)
    edge = date(back, today.month, min(today.day, monthrange(back, today.month)[1]))
    return edge if age(edge, today) is not youngest else edge + timedelta(days=1)


class Way(Enum):
    """Where a dormant deposit goes."""

    REFUND = "refund"  # to its firm
    NOTARY = "notary"  # 提存: deposited with a notary
    TREASURY = "treasury"  # to the finance office


class DormantState(Enum):
    """The life of one dormant deposit."""

    LISTED = "listed"  # its money is on the ledger and nobody has had it
    PAYING = "paying"  # two persons have decided, and the order is with the bank
    REFUNDED = "refunded"
    WITH_NOTARY = "with_notary"
    WITH_TREASURY = "with_treasury"
    RECALLED = "recalled"  # a later claim was approved: the holder's money is waited for


class DormantAction(Enum):
    """What moves a dormant deposit along."""

    PAY = "pay"
    RECALL = "recall"
    RESTORE = "restore"
    REFUND = "refund"
    NOTARY = "notary"
    TREASURY = "treasury"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class DormantFacts:
    """What the rules look at. `published_on`: since when it stands in the public list; `contacts`: how often its payer was looked for."""

    today: date
    way: Way = Way.REFUND
    reason: Reason = Reason.NO_REFUND_REQUEST
    has_claim: bool = False
    published_on: date | None = None
    contacts: int = 0


def _may_pay(facts: DormantFacts) -> Refusal | None:
    if facts.reason in HELD_BACK:
        return RuleBroken("dormant.held_back")
    if facts.way is Way.REFUND:
        return None if facts.has_claim else RuleBroken("dormant.no_claim")
    if facts.has_claim:
        return WrongState("dormant.claim_open")
    if facts.published_on is None or facts.today < facts.published_on + timedelta(days=PUBLISHED_DAYS):
        return RuleBroken("dormant.not_published", DEPOSIT_ARTICLE, days=PUBLISHED_DAYS)
    if facts.contacts < CONTACTS:
        return RuleBroken("dormant.not_sought", DEPOSIT_ARTICLE)
    return None


def _may_recall(facts: DormantFacts) -> Refusal | None:
    return None if facts.way is Way.REFUND and facts.has_claim else WrongState("dormant.gone")


_S, _A = DormantState, DormantAction
GONE = at(_S.WITH_NOTARY, _S.WITH_TREASURY)
CLEARED = GONE | at(_S.REFUNDED)
CLAIMABLE = GONE | at(_S.LISTED)
MOVES: Moves[DormantAction, DormantState, Role, DormantFacts] = Moves(
    "dormant",
    (
        Move(_A.PAY, at(_S.LISTED), _S.PAYING, FINANCE, _may_pay),
        Move(_A.RECALL, GONE, _S.RECALLED, FINANCE, _may_recall),
        Move(_A.RESTORE, at(_S.RECALLED), _S.PAYING, FINANCE),
        Move(_A.REFUND, at(_S.PAYING), _S.REFUNDED, SYSTEM),
        Move(_A.NOTARY, at(_S.PAYING), _S.WITH_NOTARY, SYSTEM),
        Move(_A.TREASURY, at(_S.PAYING), _S.WITH_TREASURY, SYSTEM),
        Move(_A.FAIL, at(_S.PAYING), _S.LISTED, SYSTEM),  # the bank would not pay: the money is here
    ),
)
ENDS = {Way.REFUND: _A.REFUND, Way.NOTARY: _A.NOTARY, Way.TREASURY: _A.TREASURY}


def is_gone(state: DormantState) -> bool:
    """Whether a notary or the finance office holds the money: it can be claimed still."""
    return state in GONE


def is_claimable(state: DormantState) -> bool:
    """Whether its firm may ask for it."""
    return state in CLAIMABLE


class ClaimState(Enum):
    """The life of a claim."""

    SUBMITTED = "submitted"
    RETURNED = "returned"  # something is missing
    PROPOSED = "proposed"  # one finance person has examined it and proposes to pay
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ClaimAction(Enum):
    """What moves a claim along."""

    RETURN = "return"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    SUBMIT_AGAIN = "submit_again"
    PROPOSE = "propose"
    STEP_BACK = "step_back"  # the second person does not agree, or the bank did not pay
    APPROVE = "approve"


_C, _B = ClaimState, ClaimAction
CLAIMANT = frozenset({Role.BIDDER, Role.FINANCE})  # `finance` on behalf of a firm that came in person
CLAIM_MOVES: Moves[ClaimAction, ClaimState, Role, None] = Moves(
    "dormant_claim",
    (
        Move(_B.RETURN, at(_C.SUBMITTED), _C.RETURNED, FINANCE),
        Move(_B.REFUSE, at(_C.SUBMITTED, _C.RETURNED), _C.REFUSED, FINANCE),
        Move(_B.WITHDRAW, at(_C.SUBMITTED, _C.RETURNED), _C.WITHDRAWN, CLAIMANT),
        Move(_B.SUBMIT_AGAIN, at(_C.RETURNED), _C.SUBMITTED, CLAIMANT),
        Move(_B.PROPOSE, at(_C.SUBMITTED), _C.PROPOSED, FINANCE),
        Move(_B.STEP_BACK, at(_C.PROPOSED), _C.SUBMITTED, FINANCE),
        Move(_B.STEP_BACK, at(_C.APPROVED), _C.SUBMITTED, SYSTEM),
        Move(_B.APPROVE, at(_C.PROPOSED), _C.APPROVED, FINANCE),
    ),
)
CLAIM_OPEN = at(_C.SUBMITTED, _C.RETURNED, _C.PROPOSED)


def may_complete(state: ClaimState) -> bool:
    """Whether the claimant was told that something is missing, and may file the claim again."""
    return state is _C.RETURNED


class PayoutState(Enum):
    """The life of a decision to pay out."""

    PROPOSED = "proposed"
    REJECTED = "rejected"  # by the second person
    AWAITED = "awaited"  # decided, and a holder's money is waited for
    ORDERED = "ordered"
    PAID = "paid"
    FAILED = "failed"  # the bank would not


class PayoutAction(Enum):
    """What moves a payout along."""

    APPROVE = "approve"
    AWAIT = "await"
    REJECT = "reject"
    ORDER = "order"
    SETTLE = "settle"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """What the second person's act is held against: whether it is the same person who proposed, or who signed the claim for a firm."""

    is_same_person: bool = False


def _another_person(facts: PayoutFacts) -> Refusal | None:
    return RuleBroken("dormant.same_person") if facts.is_same_person else None


_P, _O = PayoutState, PayoutAction
PAYOUT_MOVES: Moves[PayoutAction, PayoutState, Role, PayoutFacts] = Moves(
    "dormant_payout",
    (
        Move(_O.APPROVE, at(_P.PROPOSED), _P.ORDERED, FINANCE, _another_person),
        Move(_O.AWAIT, at(_P.PROPOSED), _P.AWAITED, FINANCE, _another_person),
        Move(_O.REJECT, at(_P.PROPOSED), _P.REJECTED, FINANCE),
        Move(_O.ORDER, at(_P.AWAITED), _P.ORDERED, FINANCE),
        Move(_O.SETTLE, at(_P.ORDERED), _P.PAID, SYSTEM),
        Move(_O.FAIL, at(_P.ORDERED), _P.FAILED, SYSTEM),
    ),
)
PAYOUT_OPEN = at(_P.PROPOSED, _P.AWAITED, _P.ORDERED)


def is_ordered(state: PayoutState) -> bool:
    """Whether the bank's word on it is waited for."""
    return state is _P.ORDERED


class Payer(Enum):
    """Who paid an old deposit."""

    FIRM = "firm"
    PERSON = "person"


def shown_name(name: str, payer: Payer) -> str:
    """How the public list shows who paid: a firm by its name, as notices do; of a person the first character alone (个人信息保护法)."""
    if payer is Payer.FIRM or not name:
        return name
    plain = unicodedata.normalize("NFC", name)
    return plain[0] + "*" * max(len(plain) - 1, 1)


class Material(Enum):
    """What a claim brings along."""

    LICENCE = "licence"  # copy of the business licence
    APPLICATION = "application"
    UNDERTAKING = "undertaking"
    BANK_SLIP = "bank_slip"  # by which the deposit was paid
    CHANGE = "change"  # proof that the firm has changed its name, or who succeeds it


NEEDED = (Material.LICENCE, Material.APPLICATION, Material.UNDERTAKING, Material.BANK_SLIP)


def check_claim(materials: frozenset[Material], claimant: str, payer: str, payee: str) -> None:
    """A claim has its materials, and the money goes to an account in the claimant's own name.

    Raises RuleBroken "dormant.material_missing" (also where the names differ and no proof of change is there), "dormant.payee_other".
    """
    needed = [*NEEDED, Material.CHANGE] if normal_name(claimant) != normal_name(payer) else NEEDED
    for material in needed:
        if material not in materials:
            raise RuleBroken("dormant.material_missing", material=material.value)
    if normal_name(payee) != normal_name(claimant):
        raise RuleBroken("dormant.payee_other", claimant=claimant)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a city publishes: how much, of how many firms, for how many projects."""

    amount: Money
    firms: int
    projects: int
    deposits: int
