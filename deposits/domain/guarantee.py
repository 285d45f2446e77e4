"""A guarantee (电子保函): its life, what it must say to stand for a deposit, and what is found wrong with it once it is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import Enum

from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.calendar import end_of, legal_day
from core.kernel.errors import BadSignature, Refusal, RuleBroken
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON, canonical, parse_object
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.performance import is_performance

SYSTEM, BIDDER = frozenset({Role.SYSTEM}), frozenset({Role.BIDDER})
VALIDITY_ARTICLE = "招标投标法实施条例第二十六条"  # 投标保证金有效期应当与投标有效期一致
DEFAULT_DAYS = 90
"""Days of validity where a document does not say for how long a bid binds."""
LARGEST_TERMS = 16_384  # bytes
SPARE = timedelta(minutes=10)
"""Before the deadline: nobody should apply so late that no issuer could answer."""


class Product(Enum):
    """What a guarantee stands for."""

    BID = "bid"  # 投标保函
    PERFORMANCE = "performance"  # 履约保函


def product_of(number: str) -> Product:
    """What a guarantee under this number stands for."""
    return Product.PERFORMANCE if is_performance(number) else Product.BID


def opens_at(number: str, deadline: datetime, now: datetime) -> datetime:
    """From when its guarantor hands the key over: at the opening, or, of a winner's security, which is no secret, at once."""
    return now if is_performance(number) else deadline


class GuaranteeState(Enum):
    """The life of one guarantee."""

    APPLIED = "applied"  # the issuer has not answered yet
    UNDERWRITING = "underwriting"
    APPROVED = "approved"  # it will be issued for the premium
    PAID_PREMIUM = "paid_premium"
    REJECTED = "rejected"
    ISSUED_SEALED = "issued_sealed"  # the platform holds what it cannot read
    UNSEALED = "unsealed"
    VERIFIED = "verified"
    FAULTY = "faulty"  # opened, and it does not say what it must
    RELEASED = "released"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CALLED = "called"  # paid whole under a claim


class GuaranteeAction(Enum):
    """What can happen to a guarantee."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    PAY = "pay"
    ISSUE = "issue"
    EXTEND = "extend"
    UNSEAL = "unseal"
    VERIFY = "verify"
    FAULT = "fault"
    CANCEL = "cancel"
    RELEASE = "release"
    EXPIRE = "expire"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class ApplyFacts:
    """What the rule of an application looks at. `known`: the issuer is registered and takes new applications; `standing`: the bidder has a
    guarantee already; `taken`: the document takes electronic guarantees."""

    now: datetime
    deadline: datetime
    amount: Money
    known: bool
    standing: bool = False
    taken: bool = True


def may_apply(facts: ApplyFacts) -> Refusal | None:
    """Whether a bidder may apply for a guarantee now."""
    if facts.amount.fen == 0:
        return RuleBroken("deposit.not_asked")
    if not facts.taken:
        return RuleBroken("guarantee.form_not_taken")
    if facts.now >= facts.deadline - SPARE:
        return RuleBroken("guarantee.too_late", VALIDITY_ARTICLE)
    if not facts.known:
        return RuleBroken("guarantee.issuer_unknown")
    return RuleBroken("guarantee.one_at_a_time") if facts.standing else None


_S, _A = GuaranteeState, GuaranteeAction
UNISSUED = at(_S.APPLIED, _S.UNDERWRITING, _S.APPROVED, _S.PAID_PREMIUM)
STANDING = UNISSUED | at(_S.ISSUED_SEALED, _S.UNSEALED, _S.VERIFIED)
"""A bidder has one guarantee of these states in a lot."""
MET = at(_S.ISSUED_SEALED, _S.UNSEALED, _S.VERIFIED)
OPENED = at(_S.UNSEALED, _S.VERIFIED, _S.FAULTY)
"""Its file can be read, and still binds or might."""

MOVES: Moves[GuaranteeAction, GuaranteeState, Role, None] = Moves(
    "guarantee",
    (
        Move(_A.SUBMIT, at(_S.APPLIED), _S.UNDERWRITING, SYSTEM),
        Move(_A.APPROVE, at(_S.APPLIED, _S.UNDERWRITING), _S.APPROVED, SYSTEM),
        Move(_A.REJECT, UNISSUED, _S.REJECTED, SYSTEM),
        Move(_A.PAY, at(_S.APPROVED), _S.PAID_PREMIUM, BIDDER),
        Move(_A.ISSUE, at(_S.PAID_PREMIUM), _S.ISSUED_SEALED, SYSTEM),
        Move(_A.EXTEND, at(_S.ISSUED_SEALED), _S.ISSUED_SEALED, SYSTEM),
        Move(_A.UNSEAL, at(_S.ISSUED_SEALED), _S.UNSEALED, SYSTEM),
        Move(_A.VERIFY, at(_S.UNSEALED), _S.VERIFIED, SYSTEM),
        Move(_A.FAULT, at(_S.UNSEALED), _S.FAULTY, SYSTEM),
        Move(_A.CANCEL, UNISSUED, _S.CANCELLED, BIDDER | SYSTEM),
        Move(_A.RELEASE, at(_S.ISSUED_SEALED, _S.UNSEALED, _S.VERIFIED, _S.FAULTY), _S.RELEASED, SYSTEM),
        Move(_A.CALL, at(_S.VERIFIED), _S.CALLED, SYSTEM),
        Move(_A.EXPIRE, at(_S.ISSUED_SEALED, _S.UNSEALED, _S.VERIFIED, _S.FAULTY), _S.EXPIRED, SYSTEM),
    ),
)


def can_be_claimed(state: GuaranteeState) -> bool:
    """Whether the beneficiary may claim under it: it was opened, says what it must, and has not ended."""
    return state is _S.VERIFIED


def may(action: GuaranteeAction, state: GuaranteeState) -> bool:
    """Whether the platform itself may take this action now: an issuer's answers come twice, late, and in any order."""
    return action in MOVES.available(state, SYSTEM, None)


class Task(Enum):
    """What is to be asked of an issuer next."""

    APPLY = "apply"
    ASK = "ask"  # how far it is
    PAY = "pay"
    EXTEND = "extend"
    KEY = "key"
    END = "end"  # released or cancelled: it should know


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides the next task: `opened` the lot's bidders are public, `wanted_to` until when it must hold by now, `told` the issuer
    knows of its end."""

    state: GuaranteeState
    opened: bool
    valid_to: datetime | None
    wanted_to: datetime
    told: bool


def next_task(one: Standing) -> Task | None:
    """What the issuer is asked now; None: nothing."""
    if one.state in _ENDED:
        return None if one.told else Task.END
    if one.state is _S.ISSUED_SEALED:
        if one.opened:
            return Task.KEY
        return Task.EXTEND if one.valid_to is not None and one.valid_to < one.wanted_to else None
    return _TASKS.get(one.state)


_ENDED = at(_S.RELEASED, _S.CANCELLED)
_TASKS: Mapping[GuaranteeState, Task] = {_S.APPLIED: Task.APPLY, _S.UNDERWRITING: Task.ASK, _S.PAID_PREMIUM: Task.PAY}
TASKED = frozenset(_TASKS) | _ENDED | at(_S.ISSUED_SEALED)
"""States in which there may be something to ask."""


def is_standing(state: GuaranteeState) -> bool:
    """Whether this guarantee is the bidder's one."""
    return state in STANDING


def at_deadline(state: GuaranteeState, has_bid: bool) -> GuaranteeAction | None:
    """What the deadline does: what was not issued comes too late; one without a bid is given back."""
    if state in UNISSUED:
        return _A.CANCEL
    return _A.RELEASE if state is _S.ISSUED_SEALED and not has_bid else None


def ending(state: GuaranteeState) -> GuaranteeAction | None:
    """How a guarantee ends that nobody needs any more: given back, or, not yet issued, cancelled; None where it has ended."""
    return next((action for action in (_A.RELEASE, _A.CANCEL) if may(action, state)), None)


TOLD: Mapping[str, str] = {
    "guarantee.approve": "approved",
    "guarantee.reject": "rejected",
    "guarantee.issue": "issued",
    "guarantee.extend": "extended",
    "guarantee.verify": "verified",
    "guarantee.cancel": "cancelled",
    "guarantee.release": "released",
    "guarantee.expire": "expired",
}
"""Kinds of event that a bidder is told of, and as what."""
TASKS_FOR_BIDDERS = frozenset({"approved", "rejected", "faulty", "cancelled"})
"""Of these it has something to do."""


def told_as(kind: str, state: GuaranteeState, reason: str) -> str | None:
    """As what an event is told to the bidder; None: it is its own act."""
    if kind == "guarantee.verify" and state is _S.FAULTY:
        return "faulty"
    return None if reason == "own_wish" else TOLD[kind]


def must_hold_to(deadline: datetime, days: int) -> datetime:
    """Until when a bid guarantee must hold: as long as the bid binds, from the deadline on (Implementing Regulation, arts 25, 26)."""
    return end_of(legal_day(deadline) + timedelta(days=days or DEFAULT_DAYS))


def roles_of(actor: Actor, org: OrgId) -> frozenset[Role]:
    """The roles of an actor for the guarantee of this organisation."""
    own = actor.org is not None and actor.org == org
    return actor.roles & (SYSTEM | (BIDDER if own else frozenset()))


# What a guarantee says


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a guarantee must say: for whom it stands, towards whom, for which lot, over how much, until when at least."""

    product: str
    lot: str
    applicant: str
    applicant_uscc: str
    beneficiary: str
    amount_fen: int
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """What an issuer has signed beside the PDF, for machines. `ver` counts from 1 and grows with each extension."""

    application: str
    guarantee_no: str
    ver: int
    product: str
    lot: str
    applicant: str
    applicant_uscc: str
    beneficiary: str
    amount_fen: int
    issued_at: datetime
    valid_from: datetime
    valid_to: datetime
    on_demand: bool
    verify_code: str
    file_sha256: str

    @classmethod
    def read(cls, signed: bytes) -> Terms:
        """Of the bytes that were signed: canonical JSON with exactly these members. Raises BadSignature."""
        if len(signed) > LARGEST_TERMS:
            raise BadSignature("guarantee.terms")
        members = parse_object(signed)
        kinds = {"ver": int, "amount_fen": int, "on_demand": bool}
        if members.keys() != {one.name for one in fields(cls)}:
            raise BadSignature("guarantee.terms")
        if any(type(value) is not kinds.get(name, str) for name, value in members.items()):
            raise BadSignature("guarantee.terms")
        try:
            moments = {name: clock.moment(str(members[name])) for name in ("issued_at", "valid_from", "valid_to")}
        except ValueError:
            raise BadSignature("guarantee.terms") from None
        return cls(**(members | moments))  # type: ignore[arg-type]  # each member is of its field's type: checked above

    def to_json(self) -> dict[str, JSON]:
        """The members as they are signed."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: clock.text(value) if isinstance(value, datetime) else value for name, value in said.items()}

    def to_bytes(self) -> bytes:
        """What is signed."""
        return canonical(self.to_json())


def faults(terms: Terms, wanted: Wanted, file_sha256: str) -> tuple[str, ...]:
    """What is wrong with a guarantee whose signature holds, as codes in a fixed order; empty: it stands.

    It must hold as long as the bid binds (Implementing Regulation, art. 26), over the whole amount, to this beneficiary for this bidder and
    lot, be paid on demand, and be the file that was issued.
    """
    tests = {
        "other_file": terms.file_sha256 != file_sha256,
        "other_product": terms.product != wanted.product,
        "other_lot": terms.lot != wanted.lot,
        "other_applicant": (terms.applicant, terms.applicant_uscc) != (wanted.applicant, wanted.applicant_uscc),
        "other_beneficiary": terms.beneficiary != wanted.beneficiary,
        "amount_short": terms.amount_fen < wanted.amount_fen,
        "validity_short": terms.valid_to < wanted.valid_to or terms.valid_from > terms.valid_to,
        "not_on_demand": not terms.on_demand,
    }
    return tuple(code for code, is_wrong in tests.items() if is_wrong)
