"""An opening: its life from the deadline to the signed record, and the rules of keys, windows, objections and read-out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Self

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.errors import BadSignature, NotAllowed, Refusal, RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.bid import spoken

RELEASE_WINDOW = timedelta(minutes=30)
RESCUE_WINDOW = timedelta(minutes=60)
OBJECTION_WINDOW = timedelta(minutes=10)

PRICES, LATER_PRICES = 1, 3
"""The round in which price envelopes are asked for, and from which on those are of bids that pass only after a committee member was
replaced; round 2 is that of applications."""


def price_round(held: Collection[int]) -> int:
    """The next round that asks for price envelopes, where a lot has held these."""
    return max(max(held, default=0) + 1, LATER_PRICES) if PRICES in held else PRICES


class OpeningState(Enum):
    """The life of one opening: of the only or technical envelopes (round 0), or of the price envelopes (round 1, later ones
    from round 3 on)."""

    SCHEDULED = "scheduled"
    SIGN_IN = "sign_in"
    IDENTITY_CHECK = "identity_check"  # begins with the announcement of the bidders' list
    DECRYPTING = "decrypting"
    READ_OUT = "read_out"
    OBJECTION_WINDOW = "objection_window"
    RECORD_SIGNING = "record_signing"
    CLOSED = "closed"


class OpeningAction(Enum):
    """What can happen in an opening."""

    CLOSE_BIDDING = "close_bidding"
    OPEN_CLOSED = "open_closed"
    REQUEST = "request"
    SIGN_IN = "sign_in"
    START = "start"
    BEGIN_RELEASE = "begin_release"
    RELEASE = "release"
    RESCUE = "rescue"
    BEGIN_BATCH = "begin_batch"
    OPEN = "open"
    END_CLOSED = "end_closed"
    ASK_OBJECTIONS = "ask_objections"
    OBJECT = "object"
    ANSWER = "answer"
    DRAW_UP = "draw_up"
    SIGN_RECORD = "sign_record"
    DECLINE_RECORD = "decline_record"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What the rules of an opening look at. `awaited` counts envelopes without a key, `rescuable` those of them that have share boxes."""

    now: datetime
    deadline: datetime
    is_logged: bool = True  # the closing list (round 1: the request, and with it the technical lock) stands in a checkpoint
    release_until: datetime | None = None
    rescue_until: datetime | None = None
    objection_until: datetime | None = None
    batch_at: datetime | None = None
    awaited: int = 0
    rescuable: int = 0
    is_present: bool = False  # the caller has signed in
    unanswered: int = 0
    host_has_signed: bool = False
    coefficients_are_settled: bool = True


def is_due(facts: OpeningFacts) -> Refusal | None:
    """Opening and deadline are the same instant (招标投标法 art. 34)."""
    return None if facts.now >= facts.deadline else WrongState("opening.early", deadline=spoken(facts.deadline))


def is_witnessed(facts: OpeningFacts) -> Refusal | None:
    """No key is asked for before outsiders have seen the list that says whose keys."""
    return None if facts.is_logged else WrongState("opening.not_witnessed")


def nothing_is_left_to_draw(facts: OpeningFacts) -> Refusal | None:
    """Coefficients are drawn before any key is released, so before any price is known."""
    return None if facts.coefficients_are_settled else WrongState("opening.coefficients_missing")


def window_is_open(facts: OpeningFacts) -> Refusal | None:
    """Keys are taken until the window or the batch; nobody may learn a price and then lose a key."""
    if (unseen := is_witnessed(facts)) is not None:
        return unseen
    if facts.batch_at is not None or facts.release_until is None or facts.now >= facts.release_until:
        return WrongState("opening.release.window_over")
    return None


def rescue_is_open(facts: OpeningFacts) -> Refusal | None:
    """Shares are taken when the bidder's own window is over and until the rescue's is, or the batch has begun."""
    if facts.release_until is None or facts.now < facts.release_until:
        return WrongState("opening.rescue.early")
    if facts.batch_at is not None or facts.rescue_until is None or facts.now >= facts.rescue_until:
        return WrongState("opening.rescue.over")
    return None


def keys_are_settled(facts: OpeningFacts) -> Refusal | None:
    """One batch after all releases: every key is here, or the windows of those that are not are over."""
    if facts.batch_at is not None or facts.awaited == 0:
        return None
    if facts.release_until is None or facts.now < facts.release_until:
        return WrongState("opening.batch.window_open")
    if facts.rescuable > 0 and (facts.rescue_until is None or facts.now < facts.rescue_until):
        return WrongState("opening.batch.rescue_running")
    return None


def batch_has_begun(facts: OpeningFacts) -> Refusal | None:
    """What was decrypted is taken in only after the window was shut."""
    return None if facts.batch_at is not None else WrongState("opening.batch.not_begun")


def may_object(facts: OpeningFacts) -> Refusal | None:
    """Objections to the opening are raised on the spot (招标投标法实施条例 art. 44), so by those who are there."""
    if not facts.is_present:
        return NotAllowed("opening.objection.absent")
    if facts.objection_until is not None and facts.now >= facts.objection_until:
        return RuleBroken("opening.objection.late", "招标投标法实施条例 第四十四条")
    return None


def objections_are_over(facts: OpeningFacts) -> Refusal | None:
    """The record is drawn up when the window is over and the host has answered everything (招标投标法实施条例 art. 44)."""
    if facts.objection_until is None or facts.now < facts.objection_until:
        return WrongState("opening.record.early")
    return None if facts.unanswered == 0 else RuleBroken("opening.record.unanswered", "招标投标法实施条例 第四十四条")


def was_there(facts: OpeningFacts) -> Refusal | None:
    """Whoever did not come is not asked to sign, so has nothing to decline."""
    return None if facts.is_present else NotAllowed("opening.record.absent")


def host_has_signed(facts: OpeningFacts) -> Refusal | None:
    """Bidders may decline to sign the record; the host may not."""
    return None if facts.host_has_signed else WrongState("opening.close.unsigned")


_SYSTEM, _CENTRE, _BIDDER, _OFFICER = at(Role.SYSTEM), at(Role.CENTRE), at(Role.BIDDER), at(Role.OFFICER)
_ANSWERING = at(Role.CENTRE, Role.TENDERER, Role.AGENCY)
_SIGNING = at(Role.CENTRE, Role.TENDERER, Role.SUPERVISOR, Role.BIDDER)
_S, _A = OpeningState, OpeningAction

MOVES: Moves[OpeningAction, OpeningState, Role, OpeningFacts] = Moves(
    "opening",
    (
        Move(_A.CLOSE_BIDDING, at(_S.SCHEDULED), _S.SIGN_IN, _SYSTEM, is_due),
        Move(_A.REQUEST, at(_S.SCHEDULED), _S.DECRYPTING, _SYSTEM),
        Move(_A.OPEN_CLOSED, at(_S.SCHEDULED), _S.DECRYPTING, _CENTRE, is_witnessed),  # of applications: no list, nobody signs in
        Move(_A.SIGN_IN, at(_S.SIGN_IN), _S.SIGN_IN, _BIDDER),
        Move(_A.SIGN_IN, at(_S.IDENTITY_CHECK), _S.IDENTITY_CHECK, _BIDDER),
        Move(_A.SIGN_IN, at(_S.DECRYPTING), _S.DECRYPTING, _BIDDER, window_is_open),
        Move(_A.START, at(_S.SIGN_IN), _S.IDENTITY_CHECK, _CENTRE, is_witnessed),
        Move(_A.BEGIN_RELEASE, at(_S.IDENTITY_CHECK), _S.DECRYPTING, _CENTRE, nothing_is_left_to_draw),
        Move(_A.RELEASE, at(_S.DECRYPTING), _S.DECRYPTING, _BIDDER, window_is_open),
        Move(_A.RESCUE, at(_S.DECRYPTING), _S.DECRYPTING, _OFFICER, rescue_is_open),
        Move(_A.BEGIN_BATCH, at(_S.DECRYPTING), _S.DECRYPTING, _SYSTEM, keys_are_settled),
        Move(_A.OPEN, at(_S.DECRYPTING), _S.READ_OUT, _SYSTEM, batch_has_begun),
        Move(_A.END_CLOSED, at(_S.DECRYPTING), _S.CLOSED, _SYSTEM, batch_has_begun),  # nothing is read out
        Move(_A.ASK_OBJECTIONS, at(_S.READ_OUT), _S.OBJECTION_WINDOW, _CENTRE),
        Move(_A.OBJECT, at(_S.READ_OUT), _S.READ_OUT, _BIDDER, may_object),
        Move(_A.OBJECT, at(_S.OBJECTION_WINDOW), _S.OBJECTION_WINDOW, _BIDDER, may_object),
        Move(_A.ANSWER, at(_S.READ_OUT), _S.READ_OUT, _ANSWERING),
        Move(_A.ANSWER, at(_S.OBJECTION_WINDOW), _S.OBJECTION_WINDOW, _ANSWERING),
        Move(_A.DRAW_UP, at(_S.OBJECTION_WINDOW), _S.RECORD_SIGNING, _SYSTEM, objections_are_over),
        Move(_A.SIGN_RECORD, at(_S.RECORD_SIGNING), _S.RECORD_SIGNING, _SIGNING),
        Move(_A.DECLINE_RECORD, at(_S.RECORD_SIGNING), _S.RECORD_SIGNING, _BIDDER, was_there),
        Move(_A.CLOSE, at(_S.RECORD_SIGNING), _S.CLOSED, _CENTRE, host_has_signed),
    ),
)


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is who in one lot's opening: its tenderer, its agency, and the bidders on the closing list."""

    tenderer: OrgId
    agency: OrgId | None
    bidders: frozenset[OrgId]


def roles_of(actor: Actor, parties: Parties) -> frozenset[Role]:
    """The roles that `actor` has in this opening."""
    roles = actor.roles & {Role.SYSTEM, Role.CENTRE, Role.SUPERVISOR, Role.OFFICER}
    for role, organisations in (
        (Role.TENDERER, {parties.tenderer}),
        (Role.AGENCY, {parties.agency}),
        (Role.BIDDER, parties.bidders),
    ):
        if role in actor.roles and actor.org is not None and actor.org in organisations:
            roles |= {role}
    return frozenset(roles)


# Keys


class Key(Enum):
    """How an envelope's key stands, as the hall shows it."""

    AWAITED = "awaited"
    RELEASED = "released"
    RESCUING = "rescuing"
    RESCUED = "rescued"
    OPENED = "opened"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ReleaseBody:
    """The body of a `release` statement: the single-use secret of one envelope, from the bidder's own box."""

    env: str
    ver: int
    bid_pub: str
    secret: str = field(repr=False)

    @classmethod
    def read(cls, signed: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        if body.text("method", 20) != "bidder":
            raise RuleBroken("body.malformed", member="method")
        said = cls(body.text("env", 20), body.count("ver", least=1), body.text("bid_pub", 100), body.text("secret", 100))
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class ShareBody:
    """The body of a `share-release` statement: one office's share of one envelope's secret, 33 bytes in hex."""

    bid_pub: str
    role: str
    share: str = field(repr=False)

    @classmethod
    def read(cls, signed: Mapping[str, JSON]) -> Self:
        """The parsed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        said = cls(body.text("bid_pub", 100), body.text("role", 20), body.text("share", 66, least=66))
        body.done()
        return said


def same_envelope(said: ReleaseBody, ver: int, bid_pub: str) -> None:
    """A release is for the version on the closing list and no other; raises RuleBroken."""
    if said.ver != ver or said.bid_pub != bid_pub:
        raise RuleBroken("opening.release.other_version", ver=ver)


# Read-out


@dataclass(frozen=True, slots=True)
class ReadOut:
    """What is read out of one envelope (招标投标法 art. 36): the price where there is one, and the other main items by name."""

    price: Money | None
    items: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, JSON]:
        """`{"price": "123.45", "items": {name: text}}`; no price, no member."""
        said: dict[str, JSON] = {"items": dict(self.items)}
        return said | {"price": str(self.price)} if self.price is not None else said


MOST_ITEMS, LONGEST_ITEM = 30, 500


def read_out(bid: JSON) -> ReadOut:
    """The read-out of an envelope's `bid.json`: `price` in yuan as text, `items` text by name; other members are for the evaluation.

    Raises BadSignature `opening.read_out` for anything that cannot be read aloud.
    """
    if not isinstance(bid, Mapping):
        raise BadSignature("opening.read_out")
    price, items = bid.get("price"), bid.get("items", {})
    if not isinstance(items, Mapping) or len(items) > MOST_ITEMS or (price is not None and not isinstance(price, str)):
        raise BadSignature("opening.read_out")
    for name, text in items.items():
        if not isinstance(text, str) or len(text) > LONGEST_ITEM or not 0 < len(name) <= 50:
            raise BadSignature("opening.read_out")
    try:
        money = Money.yuan(price) if price is not None else None
    except ValueError:
        raise BadSignature("opening.read_out") from None
    return ReadOut(money, tuple(sorted((name, str(text)) for name, text in items.items())))


# Other statements


def check_close(signed: Mapping[str, JSON], close_sha256: str) -> None:
    """`opening.start` names the closing list that it opens; raises Stale with the right one."""
    if _digest(signed, "close_sha256") != close_sha256:
        raise Stale("opening.start.close", close_sha256=close_sha256)


def check_record(signed: Mapping[str, JSON], record_sha256: str) -> None:
    """Whoever signs the record, or closes on it, names its digest; raises Stale with the right one."""
    if _digest(signed, "record_sha256") != record_sha256:
        raise Stale("opening.record.other", record_sha256=record_sha256)


def check_present(signed: Mapping[str, JSON], present: Collection[OrgId]) -> None:
    """The host confirms exactly those who have signed in; raises Stale when somebody has just come."""
    if _texts(signed, "present", 36) != tuple(sorted(str(org) for org in present)):
        raise Stale("opening.identity.present", present=len(present))


def check_opened(signed: Mapping[str, JSON], opened: Collection[str]) -> None:
    """The host has read out exactly the envelopes that were opened; raises Stale otherwise."""
    if _texts(signed, "opened", 64) != tuple(sorted(opened)):
        raise Stale("opening.read_out.other", opened=len(opened))


def declined_record(signed: Mapping[str, JSON], record_sha256: str) -> str:
    """Why a bidder does not sign the record; raises Stale when another record is meant."""
    body = Body(signed)
    said = body.digest("record_sha256"), body.text("reason", 500, least=2)
    body.done()
    if said[0] != record_sha256:
        raise Stale("opening.record.other", record_sha256=record_sha256)
    return said[1]


def objection_text(signed: Mapping[str, JSON]) -> str:
    """The text of an objection."""
    body = Body(signed)
    text = body.text("text", 2_000)
    body.done()
    return text


def answer_of(signed: Mapping[str, JSON]) -> tuple[int, str]:
    """The number of the objection that is answered, and the answer."""
    body = Body(signed)
    said = body.count("number", least=1), body.text("text", 2_000)
    body.done()
    return said


def nothing(signed: Mapping[str, JSON]) -> None:
    """The body of a statement whose type says it all."""
    Body(signed).done()


def _digest(signed: Mapping[str, JSON], name: str) -> str:
    body = Body(signed)
    said = body.digest(name)
    body.done()
    return said


def _texts(signed: Mapping[str, JSON], name: str, each: int) -> tuple[str, ...]:
    body = Body(signed)
    said = body.texts(name, most=10_000, each=each)
    body.done()
    return said
