"""What happens in an award session, in the past tense. `member` is a member's number; who they are stays in the signed statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class AwardOpened(Event):
    """The tenderer opened the award session under the plan fixed before the notice."""

    KIND: ClassVar[str] = "award.open"
    members: int
    candidates: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AwardSignedIn(Event):
    """A member is present."""

    KIND: ClassVar[str] = "award.sign_in"
    member: int


@dataclass(frozen=True, kw_only=True)
class AwardDeclared(Event):
    """A member declared whether there is a reason to step back, and did so where there is one."""

    KIND: ClassVar[str] = "award.declare"
    member: int
    steps_back: bool


@dataclass(frozen=True, kw_only=True)
class AwardReplaced(Event):
    """A member left: a successor sits, or the others go on. Numbers are 0 where nobody leaves or comes."""

    KIND: ClassVar[str] = "award.replace"
    member: int
    successor: int
    starts_again: bool


@dataclass(frozen=True, kw_only=True)
class AwardSpoken(Event):
    """A member gave a written opinion; it is read when all but the chair have given theirs."""

    KIND: ClassVar[str] = "award.opinion"
    member: int


@dataclass(frozen=True, kw_only=True)
class BallotCast(Event):
    """A member of the award committee voted; choice and reasons stay in the statement until the round is complete."""

    KIND: ClassVar[str] = "ballot"
    member: int


@dataclass(frozen=True, kw_only=True)
class AwardRoundCounted(Event):
    """A round without a winner was counted; `standing` may be voted for in the next one, or are those among whom lots are drawn."""

    KIND: ClassVar[str] = "award.round"
    votes: Mapping[str, int]
    standing: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AwardLotsAsked(Event):
    """A draw of lots begins: what for, who draws, and among whom. `subject` is the draw's name."""

    KIND: ClassVar[str] = "award_draw.request"
    draw: str
    purpose: str
    parties: Sequence[str]
    request: Mapping[str, JSON]
    pool_hash: str


@dataclass(frozen=True, kw_only=True)
class AwardLotsCommitted(Event):
    """A party sealed its slip."""

    KIND: ClassVar[str] = "award_draw.commit"
    draw: str
    party: str


@dataclass(frozen=True, kw_only=True)
class AwardLotsRevealed(Event):
    """A party opened its slip."""

    KIND: ClassVar[str] = "award_draw.reveal"
    draw: str
    party: str


@dataclass(frozen=True, kw_only=True)
class AwardLotsGivenUp(Event):
    """The centre gave a draw up because a party stayed silent; a new one follows."""

    KIND: ClassVar[str] = "award_draw.redraw"
    draw: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AwardLotsDrawn(Event):
    """All slips are open: this is the order that they make, the first drawn first."""

    KIND: ClassVar[str] = "award_draw.result"
    draw: str
    pool_hash: str
    seed: str
    order: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class AwardDecided(Event):
    """Ballots and draws decided."""

    KIND: ClassVar[str] = "award.result"
    method: str
    rounds: Sequence[Mapping[str, JSON]]
    winner: str
    how: str
    result_sha256: str
