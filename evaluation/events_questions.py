"""What happens between a committee and a bidder, in the past tense: questions, answers, silence, votes on prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from evaluation.events import AtSeat


@dataclass(frozen=True, kw_only=True)
class QuestionProposed(AtSeat, Event):
    """A member would have the chair ask something."""

    KIND: ClassVar[str] = "bid_question.propose"


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """The chair asked the bidder behind a code name; the bidder never learns who or how many did."""

    KIND: ClassVar[str] = "bid_question.ask"
    number: int
    bid: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """The bidder answered in writing."""

    KIND: ClassVar[str] = "bid_question.answer"
    number: int
    bid: str


@dataclass(frozen=True, kw_only=True)
class QuestionOverdue(Event):
    """No answer came by the deadline."""

    KIND: ClassVar[str] = "bid_question.overdue"
    number: int
    bid: str


@dataclass(frozen=True, kw_only=True)
class PricesFlagged(Event):
    """The prices were held against the limits of the tender document; whom they miss is asked, nobody is rejected by it."""

    KIND: ClassVar[str] = "low_price.flag"
    bids: Mapping[str, Sequence[str]]  # code name → limits missed


@dataclass(frozen=True, kw_only=True)
class PriceCheckClosed(AtSeat, Event):
    """The chair said that the opened prices were looked through."""

    KIND: ClassVar[str] = "price_check.close"


@dataclass(frozen=True, kw_only=True)
class PriceVoteCast(AtSeat, Event):
    """A member voted on a bid whose price was asked about."""

    KIND: ClassVar[str] = "price_matter.vote"


@dataclass(frozen=True, kw_only=True)
class PriceDecided(Event):
    """The majority kept a bid in, or found it invalid."""

    KIND: ClassVar[str] = "price_matter.result"
    bid: str
    stays: bool
    against: Sequence[str]
    keeping: Sequence[str]
