"""Questions to a bidder (澄清、说明): what may be asked and answered, arithmetic corrections, and enquiries into low prices."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction

from core.kernel import clock
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.body import LONG, Body
from evaluation.domain.methods.low_price import LowPriceRule, reviews_to_open
from trading.domain.clock import LegalRegime

SOONEST, LATEST = timedelta(minutes=5), timedelta(days=3)
MOST_FILES = 20
_ARTICLE = "招标投标法实施条例 第五十二条"
_AMOUNT = re.compile(r"-?[0-9]{1,12}\.[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Kind(StrEnum):
    """What may be asked about, and nothing else (招标投标法实施条例 art. 52, 87号令 art. 51, 60)."""

    UNCLEAR = "unclear"
    TEXT_ERROR = "text_error"
    ARITHMETIC = "arithmetic"
    LOW_PRICE = "low_price"


_BOTH = frozenset(LegalRegime)
CORRECTIONS: Mapping[str, frozenset[LegalRegime]] = {
    # which of two figures counts (12号令 art. 19, 87号令 art. 59)
    "words": _BOTH,
    "unit_price": _BOTH,
    "decimal_point": _BOTH,
    "opening_list": frozenset({LegalRegime.GOVERNMENT_PROCUREMENT}),
}


class State(Enum):
    """How far a question has come."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERDUE = "overdue"


class Action(Enum):
    """What ends a question."""

    ANSWER = "answer"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The moment, and until when an answer is taken."""

    now: datetime
    until: datetime


def in_time(facts: Facts) -> Refusal | None:
    """An answer is taken before its deadline."""
    return None if facts.now < facts.until else WrongState("bid_question.late")


def is_over(facts: Facts) -> Refusal | None:
    """Only then it is recorded that nothing came."""
    return None if facts.now >= facts.until else WrongState("bid_question.not_over")


MOVES: Moves[Action, State, Role, Facts] = Moves(
    "bid_question",
    (
        # action, from, to, who, only if
        Move(Action.ANSWER, at(State.OPEN), State.ANSWERED, frozenset({Role.BIDDER}), in_time),
        Move(Action.LAPSE, at(State.OPEN), State.OVERDUE, frozenset({Role.SYSTEM}), is_over),
    ),
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a member would have the chair ask."""

    bid: str
    kind: Kind
    text: str

    @classmethod
    def read(cls, body: object, bids: Collection[str]) -> Proposal:
        """From the signed body of `bid_question.propose`; raises RuleBroken."""
        fields = Body(body, "bid", "kind", "text")
        return cls(_bid(fields, bids), _kind(fields), fields.text("text", LONG, 1).strip())


@dataclass(frozen=True, slots=True)
class Question:
    """What the chair asks: `until` is the deadline of the answer; `rule` and `correction` (yuan, signed) stand where a figure is mended."""

    bid: str
    kind: Kind
    text: str
    until: datetime
    rule: str
    correction: str

    @classmethod
    def read(cls, body: object, bids: Collection[str], regime: LegalRegime) -> Question:
        """From the signed body of `bid_question.ask`; raises RuleBroken for another bid or kind, or a correction of no arithmetic error."""
        fields = Body(body, "bid", "kind", "text", "until", "rule", "correction")
        try:
            until = clock.moment(fields.text("until", 40, 1))
        except ValueError:
            raise RuleBroken("bid_question.until") from None
        said = cls(
            _bid(fields, bids),
            _kind(fields),
            fields.text("text", LONG, 1).strip(),
            until,
            fields.text("rule", 20),
            fields.text("correction", 16),
        )
        said._check_correction(regime)
        return said

    def _check_correction(self, regime: LegalRegime) -> None:
        if not self.correction and not self.rule:
            return
        known = regime in CORRECTIONS.get(self.rule, ())
        if self.kind is not Kind.ARITHMETIC or not known or _AMOUNT.fullmatch(self.correction) is None or not Decimal(self.correction):
            raise RuleBroken("bid_question.correction", _ARTICLE)

    def check_time(self, now: datetime) -> None:
        """Raises RuleBroken for a deadline that leaves no time, or too much."""
        if not now + SOONEST <= self.until <= now + LATEST:
            raise RuleBroken("bid_question.until")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with an answer."""

    name: str
    sha256: str
    size: int

    def to_json(self) -> dict[str, JSON]:
        """As it was signed."""
        return {"name": self.name, "sha256": self.sha256, "size": self.size}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bidder answers; `accepts`: `yes` or `no` to a correction, else empty. Price and substance have no field."""

    question: str
    text: str
    files: tuple[Attachment, ...]
    accepts: str

    @classmethod
    def read(cls, body: object) -> Answer:
        """From the signed body of `bid_question.answer`; raises RuleBroken."""
        fields = Body(body, "question", "text", "files", "accepts")
        files = tuple(_attachment(one) for one in fields.objects("files", "name", "sha256", "size", most=MOST_FILES))
        said = cls(fields.text("question", 64, 64), fields.text("text", LONG, 1).strip(), files, fields.text("accepts", 3))
        if said.accepts not in ("", "yes", "no"):
            raise RuleBroken("bid_question.accepts")
        return said

    def check(self, correction: str) -> None:
        """Raises RuleBroken unless a correction, and nothing else, is accepted or refused."""
        if bool(correction) != bool(self.accepts):
            raise RuleBroken("bid_question.accepts")


def _attachment(one: Body) -> Attachment:
    found = Attachment(one.text("name", 200, 1), one.text("sha256", 64, 64), one.whole("size", 1, 2**31))
    if not found.name.lower().endswith(".pdf") or _DIGEST.fullmatch(found.sha256) is None:
        raise RuleBroken("bid_question.file", name=found.name)
    return found


def _bid(fields: Body, bids: Collection[str]) -> str:
    bid = fields.text("bid", 20, 1)
    if bid not in bids:
        raise RuleBroken("bid_question.bid", bid=bid)
    return bid


def _kind(fields: Body) -> Kind:
    try:
        return Kind(fields.text("kind", 20, 1))
    except ValueError:
        raise RuleBroken("bid_question.kind", _ARTICLE) from None


# Prices


def corrected(
    read_out: Mapping[str, Decimal], accepted: Mapping[str, Sequence[Mapping[str, JSON]]], ceiling: Decimal | None
) -> dict[str, Decimal]:
    """The prices that are held against the limits: without those above the ceiling, each with the corrections that its bidder accepted."""
    return {
        code: price + sum((Decimal(str(one["value"])) for one in accepted.get(code, ())), Decimal(0))
        for code, price in read_out.items()
        if ceiling is None or price <= ceiling
    }


def flagged(prices: Mapping[str, Decimal], ceiling: Decimal | None, limits: Mapping[str, Decimal]) -> dict[str, list[str]]:
    """Code name → the limits of the tender document that its price misses; the committee judges, never the software."""
    rule = LowPriceRule(**{name: Fraction(value) for name, value in limits.items()})
    found = reviews_to_open({code: Fraction(price) for code, price in prices.items()}, None if ceiling is None else Fraction(ceiling), rule)
    return {code: [str(trigger) for trigger in triggers] for code, triggers in found.items()}


@dataclass(frozen=True, slots=True)
class PriceVoteBody:
    """One member's vote on a bid whose price was asked about: whether it stays, and why."""

    bid: str
    stays: bool
    reason: str

    @classmethod
    def read(cls, body: object, bids: Collection[str]) -> PriceVoteBody:
        """From the signed body of `price_matter.vote`; `bids` wait for this member's vote."""
        fields = Body(body, "bid", "stays", "reason")
        said = cls(fields.text("bid", 20, 1), fields.flag("stays"), fields.text("reason", 500).strip())
        if said.bid not in bids:
            raise RuleBroken("price_matter.bid", bid=said.bid)
        if not said.reason:
            raise RuleBroken("price_matter.reason")
        return said


@dataclass(frozen=True, slots=True)
class PriceDecision:
    """What the majority made of it, with the seats of each side."""

    bid: str
    stays: bool
    against: tuple[str, ...]
    keeping: tuple[str, ...]

    def to_json(self) -> dict[str, JSON]:
        """As the platform records it."""
        return {"bid": self.bid, "stays": self.stays, "against": list(self.against), "keeping": list(self.keeping)}


def decide_price(bid: str, votes: Mapping[str, bool]) -> PriceDecision:
    """By simple majority of the members; `votes` is seat → whether it stays. Equal sides keep it in."""
    against = tuple(sorted((seat for seat, stays in votes.items() if not stays), key=int))
    keeping = tuple(sorted((seat for seat, stays in votes.items() if stays), key=int))
    return PriceDecision(bid, 2 * len(against) <= len(votes), against, keeping)


def matters(asked: Sequence[tuple[str, Kind, str, str]]) -> frozenset[str]:
    """The bids that wait for a vote on their price, from questions that have ended: (bid, kind, correction, accepts).

    An enquiry into a low price always does; a correction does where its bidder did not accept it (87号令 art. 59, 12号令 art. 22).
    """
    return frozenset(bid for bid, kind, correction, accepts in asked if kind is Kind.LOW_PRICE or (correction and accepts != "yes"))


def adjustments(asked: Sequence[tuple[str, str, str, str]]) -> dict[str, list[dict[str, JSON]]]:
    """Code name → the corrections that its bidder accepted, as `adjustments` of a scoring case; from (bid, rule, correction, accepts)."""
    found: dict[str, list[dict[str, JSON]]] = {}
    for bid, rule, correction, accepts in asked:
        if correction and accepts == "yes":
            found.setdefault(bid, []).append({"kind": "correction", "value": correction, "reason": rule})
    return found
