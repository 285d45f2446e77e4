"""A bid before anyone may read it: its life, the statement that seals it, and what the deadline does to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Self

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.calendar import BEIJING
from core.kernel.clock import text
from core.kernel.errors import Refusal, RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from core.kernel.sealing import ROLES as OFFICES
from core.kernel.sealing import Purpose, SealBody
from trading.domain.document import Escrow
from trading.domain.lot import LotState


class BidState(Enum):
    """The life of one bidder's bid for one lot."""

    DRAFT = "draft"
    UPLOADING = "uploading"
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"
    LOCKED = "locked"
    READ_OUT = "read_out"
    DECRYPT_FAILED_OWN = "decrypt_failed_own"
    DECRYPT_FAILED_OTHER = "decrypt_failed_other"


class BidAction(Enum):
    """What can happen to a bid."""

    UPLOAD = "upload"
    SEAL = "seal"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    LOCK = "lock"
    READ_OUT = "read_out"
    FAIL_OWN = "fail_own"
    FAIL_OTHER = "fail_other"


class EnvelopeState(Enum):
    """The life of one sealed envelope of one version of a bid."""

    SEALED = "sealed"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    LOCKED = "locked"
    RELEASED = "released"
    OPENED = "opened"
    DECRYPT_FAILED_OWN = "decrypt_failed_own"
    DECRYPT_FAILED_OTHER = "decrypt_failed_other"
    SHUT = "shut"


class EnvelopeAction(Enum):
    """What can happen to an envelope."""

    REPLACE = "replace"
    WITHDRAW = "withdraw"
    LOCK = "lock"
    RELEASE = "release"
    RESCUE = "rescue"
    OPEN = "open"
    FAIL_OWN = "fail_own"
    FAIL_OTHER = "fail_other"
    SHUT = "shut"
    ASK_LATER = "ask_later"


@dataclass(frozen=True, slots=True)
class BidFacts:
    """What the rules of a bid look at: `now` is the database's clock, read while the lot was held."""

    now: datetime
    deadline: datetime | None
    is_bidding: bool = True  # the lot takes bids: announced, neither suspended nor ended
    is_suspended: bool = False  # no bid is taken, and none comes too late: the deadline will be moved


def spoken(moment: datetime) -> str:
    """A moment as sentences say it: Beijing time to the millisecond."""
    local = moment.astimezone(BEIJING)
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03d}"


TRACED_FOR = timedelta(days=1)
"""How long after the deadline a late attempt still gets the platform's signed trace."""


def bidding_is_open(facts: BidFacts) -> Refusal | None:
    """On time means before the deadline, by the moment when the whole ciphertext is here (电子招标投标办法 art. 27)."""
    if facts.is_suspended:
        return WrongState("bid.lot_suspended")
    if facts.deadline is not None and facts.now >= facts.deadline:
        said = {"deadline": spoken(facts.deadline), "arrived": spoken(facts.now), "arrived_at": text(facts.now)}
        return RuleBroken("bid.seal.late", "电子招标投标办法 第二十七条", **said)
    return None if facts.is_bidding else WrongState("bid.lot_takes_no_bids")


def may_withdraw(facts: BidFacts) -> Refusal | None:
    """A bid may be taken back until the deadline (招标投标法 art. 29), also while the lot is suspended."""
    return None if facts.is_suspended else bidding_is_open(facts)


def deadline_has_passed(facts: BidFacts) -> Refusal | None:
    """The closing list is made at the deadline, not before."""
    return None if facts.deadline is not None and facts.now >= facts.deadline else WrongState("bid.close.early")


_BIDDER, _SYSTEM, _OFFICER = at(Role.BIDDER), at(Role.SYSTEM), at(Role.OFFICER)

MOVES: Moves[BidAction, BidState, Role, BidFacts] = Moves(
    "bid",
    (
        Move(BidAction.UPLOAD, at(BidState.DRAFT, BidState.UPLOADING, BidState.WITHDRAWN), BidState.UPLOADING, _BIDDER, bidding_is_open),
        Move(BidAction.UPLOAD, at(BidState.SEALED), BidState.SEALED, _BIDDER, bidding_is_open),  # the sealed version stands until replaced
        Move(
            BidAction.SEAL,
            at(BidState.DRAFT, BidState.UPLOADING, BidState.SEALED, BidState.WITHDRAWN),
            BidState.SEALED,
            _BIDDER,
            bidding_is_open,
        ),
        Move(BidAction.WITHDRAW, at(BidState.SEALED), BidState.WITHDRAWN, _BIDDER, may_withdraw),
        Move(BidAction.LAPSE, at(BidState.DRAFT, BidState.UPLOADING), BidState.WITHDRAWN, _SYSTEM, deadline_has_passed),
        Move(BidAction.LOCK, at(BidState.SEALED), BidState.LOCKED, _SYSTEM, deadline_has_passed),
        Move(BidAction.READ_OUT, at(BidState.LOCKED, BidState.READ_OUT), BidState.READ_OUT, _SYSTEM),
        Move(BidAction.FAIL_OWN, at(BidState.LOCKED, BidState.READ_OUT), BidState.DECRYPT_FAILED_OWN, _SYSTEM),
        Move(BidAction.FAIL_OTHER, at(BidState.LOCKED, BidState.READ_OUT), BidState.DECRYPT_FAILED_OTHER, _SYSTEM),
    ),
)

_KEPT = at(EnvelopeState.LOCKED, EnvelopeState.RELEASED)

ENVELOPE_MOVES: Moves[EnvelopeAction, EnvelopeState, Role, object] = Moves(
    "envelope",
    (
        Move(EnvelopeAction.REPLACE, at(EnvelopeState.SEALED), EnvelopeState.REPLACED, _BIDDER),
        Move(EnvelopeAction.WITHDRAW, at(EnvelopeState.SEALED), EnvelopeState.WITHDRAWN, _BIDDER),
        Move(EnvelopeAction.LOCK, at(EnvelopeState.SEALED), EnvelopeState.LOCKED, _SYSTEM),
        Move(EnvelopeAction.RELEASE, at(EnvelopeState.LOCKED), EnvelopeState.RELEASED, _BIDDER),
        Move(EnvelopeAction.RESCUE, at(EnvelopeState.LOCKED), EnvelopeState.RELEASED, _OFFICER),
        Move(EnvelopeAction.OPEN, at(EnvelopeState.RELEASED), EnvelopeState.OPENED, _SYSTEM),
        Move(EnvelopeAction.FAIL_OWN, _KEPT, EnvelopeState.DECRYPT_FAILED_OWN, _SYSTEM),
        Move(EnvelopeAction.FAIL_OTHER, _KEPT, EnvelopeState.DECRYPT_FAILED_OTHER, _SYSTEM),
        Move(EnvelopeAction.SHUT, at(EnvelopeState.SEALED, EnvelopeState.LOCKED), EnvelopeState.SHUT, _SYSTEM),
        Move(EnvelopeAction.ASK_LATER, at(EnvelopeState.SHUT), EnvelopeState.LOCKED, _SYSTEM),  # its bid passes after all
    ),
)


AT_DEADLINE: Mapping[BidState, BidAction] = {
    BidState.DRAFT: BidAction.LAPSE,
    BidState.UPLOADING: BidAction.LAPSE,
    BidState.SEALED: BidAction.LOCK,
}
"""What the deadline does to a bid; to one that was withdrawn, nothing."""


def takes_bids(lot: LotState) -> bool:
    """Whether bids for a lot in this state are taken, in time."""
    return lot is LotState.BIDDING


def stands_still(lot: LotState) -> bool:
    """Whether the lot is suspended."""
    return lot is LotState.SUSPENDED


def is_in_evaluation(state: BidState) -> bool:
    """Whether the bid was opened and read out, and nothing of it has failed."""
    return state is BidState.READ_OUT


def roles_of(actor: Actor, bidder: OrgId) -> frozenset[Role]:
    """The roles that `actor` has towards the bid of `bidder`: its own people bid, the clock closes, nobody else does anything."""
    roles = actor.roles & {Role.SYSTEM, Role.OFFICER}
    if Role.BIDDER in actor.roles and actor.org == bidder:
        roles |= {Role.BIDDER}
    return frozenset(roles)


# Statements


@dataclass(frozen=True, slots=True)
class WithdrawBody:
    """The body of a `withdraw` statement: the version given up, and the seals it consisted of."""

    ver: int
    seals: tuple[str, ...]

    @classmethod
    def read(cls, body: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member."""
        members = Body(body)
        said = cls(members.count("ver", least=1), members.texts("seals", most=10, each=64))
        members.done()
        return said


# Rules


@dataclass(frozen=True, slots=True)
class SealFacts:
    """What a version must fit: the lot's envelopes in order, the next version, the escrow clause, and each office's recipients."""

    envelopes: tuple[str, ...]
    next_ver: int
    escrow: Escrow = Escrow.REQUIRED
    recipients: Mapping[str, frozenset[str]] = field(default_factory=dict)
    purpose: Purpose = Purpose.BID


def check_version(bodies: Sequence[SealBody], facts: SealFacts) -> None:
    """All envelopes of one version or none: raises Stale for another version, RuleBroken for what else does not fit."""
    if {body.purpose for body in bodies} != {facts.purpose}:
        raise RuleBroken("bid.seal.other_purpose")  # an application is no bid, and the other way round
    if tuple(body.env for body in bodies) != facts.envelopes:
        raise RuleBroken("bid.seal.envelopes", envelopes="、".join(facts.envelopes))
    if {body.ver for body in bodies} != {facts.next_ver}:
        raise Stale("bid.seal.version", ver=facts.next_ver)
    if len({body.bid_pub for body in bodies}) != len(bodies) or len({body.ct_sha256 for body in bodies}) != len(bodies):
        raise RuleBroken("bid.seal.key_reused")  # one single-use key per envelope
    for body in bodies:
        check_shares(body, facts)


def check_shares(body: SealBody, facts: SealFacts) -> None:
    """The share boxes go to exactly the offices, each to recipients that the office's certified keys name."""
    if not body.shares and facts.escrow is not Escrow.REQUIRED:
        return
    if facts.escrow is Escrow.NONE:
        raise RuleBroken("bid.seal.no_escrow_here", env=body.env)
    if tuple(share.role for share in body.shares) != OFFICES:
        raise RuleBroken("bid.seal.offices", env=body.env)
    if len({share.commitment for share in body.shares}) != len(OFFICES):
        raise RuleBroken("bid.seal.share_twice", env=body.env)
    for share in body.shares:
        if not set(share.recipients) <= facts.recipients.get(share.role, frozenset()):
            raise RuleBroken("bid.seal.recipient", role=share.role)


def check_withdrawal(body: WithdrawBody, ver: int, seals: Collection[str]) -> None:
    """A withdrawal names exactly the version that stands; raises Stale otherwise."""
    if body.ver != ver or body.seals != tuple(sorted(seals)):
        raise Stale("bid.withdraw.version", ver=ver)


def receipt_number(seal_sha256: str) -> str:
    """The receipt's number on paper. Made from the digest of the seal, since a running number would count the bidders."""
    return f"RC-{seal_sha256[:16].upper()}"


def late_seal_number(seal_sha256: str) -> str:
    """The number of a late seal's trace, which counts nobody either."""
    return f"LT-{seal_sha256[:16].upper()}"


class Cause(Enum):
    """Why an envelope could not be opened (电子招标投标办法 art. 31)."""

    OWN = "own"  # the bidder withheld or lost the key and the rescue failed, or sealed rubbish
    PLATFORM = "platform"  # the file or the platform was at fault


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a failed decryption means: 撤销 (revoked) lets the deposit be forfeited, 撤回 (withdrawn) has it refunded."""

    action: BidAction
    envelope: EnvelopeAction
    bid: str
    deposit: str


CONSEQUENCES: Mapping[Cause, Consequence] = {
    Cause.OWN: Consequence(BidAction.FAIL_OWN, EnvelopeAction.FAIL_OWN, "REVOKED", "FORFEITABLE"),
    Cause.PLATFORM: Consequence(BidAction.FAIL_OTHER, EnvelopeAction.FAIL_OTHER, "WITHDRAWN", "REFUND_DUE"),
}
