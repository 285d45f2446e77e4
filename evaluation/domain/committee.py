"""The committee: seats under code names at several sites, the chair's election, declarations of recusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.kernel.draw import ordered
from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body

CHAIR_DRAW = "chair"
"""The word under which the draw's seed orders seats that stay equal in the chair's election."""


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site and how many seats it gives; the host site comes first."""

    site: str
    seats: int


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """A seat: its number (`3` is 专家3), the pseudonym of the draw, the site."""

    code: str
    pseudonym: str
    site: str


def seat_all(members: Sequence[str], sites: Sequence[SitePlan]) -> tuple[SeatPlan, ...]:
    """Seats `members` (pseudonyms, in an order drawn elsewhere) site by site; raises RuleBroken unless the seats are exactly enough."""
    places = [plan.site for plan in sites for _ in range(plan.seats)]
    if len(places) != len(members):
        raise RuleBroken("committee.seats", seats=len(places), members=len(members))
    pairs = zip(members, places, strict=True)
    return tuple(SeatPlan(str(number), member, place) for number, (member, place) in enumerate(pairs, start=1))


def code_name(code: str) -> str:
    """What everyone calls the seat, in every page and log line: 专家3."""
    return f"专家{code}"


@dataclass(frozen=True, slots=True)
class Elected:
    """The chair; `drawn`: by the draw's seed, since re-votes stayed equal."""

    code: str
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class VoteAgain:
    """The seats that share the most votes; the next round is among them."""

    among: tuple[str, ...]


def elect(votes: Mapping[str, str], tied: Sequence[str] = (), seed: bytes = b"") -> Elected | VoteAgain:
    """The chair by most votes; `votes` is seat → choice, of every member. Equal votes lead to another round among the equal.

    `tied`: the seats among which this round was a re-vote, empty in an election's first round. A re-vote that leaves them all equal
    again would leave the next no better: then the chair is the first of them in the order that the recorded draw's `seed` gives,
    as anyone can compute from the draw record.
    """
    counted = Counter(votes.values())
    most = max(counted.values())
    first = sorted((choice for choice, count in counted.items() if count == most), key=int)
    if len(first) == 1:
        return Elected(first[0])
    if set(first) == set(tied):
        return Elected(ordered(seed, CHAIR_DRAW, first)[0], drawn=True)
    return VoteAgain(tuple(first))


@dataclass(frozen=True, slots=True)
class ChairVoteBody:
    """A vote for the chair."""

    round: int
    choice: str

    @classmethod
    def read(cls, body: object, choices: frozenset[str], round_now: int) -> ChairVoteBody:
        """From the signed body of `chair.vote`; the choice must stand for election in this very round."""
        fields = Body(body, "round", "choice")
        said = cls(fields.whole("round", 1), fields.text("choice", 4, 1))
        if said.round != round_now:
            raise RuleBroken("chair.vote.round", round=round_now)
        if said.choice not in choices:
            raise RuleBroken("chair.vote.choice")
        return said


@dataclass(frozen=True, slots=True)
class RecusalDeclaration:
    """`none` True: nothing to declare; else the reason for stepping back."""

    none: bool
    reason: str

    @classmethod
    def read(cls, body: object) -> RecusalDeclaration:
        """From the signed body of `recusal.declare`; a reason stands exactly where there is something to declare."""
        fields = Body(body, "none", "reason")
        said = cls(fields.flag("none"), fields.text("reason", 500).strip())
        if said.none == bool(said.reason):
            raise RuleBroken("recusal.declare.reason")
        return said


@dataclass(frozen=True, slots=True)
class SignInBody:
    """Presence at a seat: its number and site, as the page showed them."""

    seat: str
    site: str

    @classmethod
    def read(cls, body: object, seat: str, site: str) -> SignInBody:
        """From the signed body of `room.sign_in`; must name the member's own seat and site."""
        fields = Body(body, "seat", "site")
        said = cls(fields.text("seat", 4, 1), fields.text("site", 60, 1))
        if said != cls(seat, site):
            raise RuleBroken("room.sign_in.other_seat")
        return said
