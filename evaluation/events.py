"""What happens in a draw and in an evaluation room, in the past tense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON

# The draw. `draw` is its name inside the lot, such as draw-1.


@dataclass(frozen=True, kw_only=True)
class DrawRequested(Event):
    """The centre fixed pool, quotas and recusals, under pseudonyms."""

    KIND: ClassVar[str] = "draw.request"
    draw: str
    purpose: str
    pool_hash: str


@dataclass(frozen=True, kw_only=True)
class DrawCommitted(Event):
    """A party handed in its sealed slip."""

    KIND: ClassVar[str] = "draw.commit"
    draw: str
    party: str
    commit: str


@dataclass(frozen=True, kw_only=True)
class DrawRevealed(Event):
    """A party opened its slip."""

    KIND: ClassVar[str] = "draw.reveal"
    draw: str
    party: str
    value: str


@dataclass(frozen=True, kw_only=True)
class SlipShareReleased(Event):
    """An office gave away its share of the slip of a party that stayed silent."""

    KIND: ClassVar[str] = "draw.share"
    draw: str
    party: str
    role: str


@dataclass(frozen=True, kw_only=True)
class SlipOpened(Event):
    """Two shares made the silent party's slip whole; it is what the party had committed to."""

    KIND: ClassVar[str] = "draw.opened"
    draw: str
    party: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ExpertsDrawn(Event):
    """The platform computed the list from the opened slips; anyone can compute it again. `order`: where a provincial pool drew, the value
    that the request committed to."""

    KIND: ClassVar[str] = "draw.result"
    draw: str
    pool_hash: str
    seed: str
    picked: Mapping[str, Sequence[str]]
    reserves: Mapping[str, Sequence[str]]
    order: str = ""

    def body(self) -> dict[str, JSON]:
        """Without the value where there is none."""
        return {name: value for name, value in super().body().items() if name != "order" or value}


@dataclass(frozen=True, kw_only=True)
class ExpertRecused(Event):
    """A drawn expert stepped back; the seat goes to the next in the order of the draw."""

    KIND: ClassVar[str] = "draw.recusal"
    draw: str
    id: str
    successor: str
    is_partners: bool = False  # a provincial pool's own references, for insiders alone


# The room


@dataclass(frozen=True, kw_only=True)
class CommitteeFormed(Event):
    """The seats were given out; recorded again when a successor takes a seat."""

    KIND: ClassVar[str] = "committee.form"
    draw: str
    seats: Sequence[Mapping[str, str]]  # [{code, pseudonym, site}]


@dataclass(frozen=True, kw_only=True)
class BlindMapSealed(Event):
    """The code names of the bids were drawn and committed to; `map_sha256` covers salt and map."""

    KIND: ClassVar[str] = "blind.map"
    bids: Sequence[str]
    map_sha256: str


@dataclass(frozen=True, kw_only=True)
class BlindMapOpened(Event):
    """The code names were opened, after the technical lock and two signatures."""

    KIND: ClassVar[str] = "blind.opened"
    salt: str
    map: Mapping[str, str]  # code name → organisation id


@dataclass(frozen=True, kw_only=True)
class AtSeat:
    """An act of the member at `seat`."""

    seat: str


@dataclass(frozen=True, kw_only=True)
class MemberSignedIn(AtSeat, Event):
    """A member took their seat."""

    KIND: ClassVar[str] = "room.sign_in"
    site: str


@dataclass(frozen=True, kw_only=True)
class CommitteeAssembled(Event):
    """Every member is here."""

    KIND: ClassVar[str] = "room.assembled"
    seats: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ChairVoteCast(AtSeat, Event):
    """A member voted for the chair; the choice stays in the statement."""

    KIND: ClassVar[str] = "chair.vote"


@dataclass(frozen=True, kw_only=True)
class ChairTied(Event):
    """Several seats share the most votes; the next round is among them."""

    KIND: ClassVar[str] = "chair.tied"
    among: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ChairElected(Event):
    """The chair was elected; `drawn`: the draw's seed decided, since a re-vote had left the same seats equal."""

    KIND: ClassVar[str] = "chair.elected"
    chair: str
    drawn: bool


@dataclass(frozen=True, kw_only=True)
class RecusalDeclared(AtSeat, Event):
    """A member declared that nothing stands against them, or stepped back."""

    KIND: ClassVar[str] = "recusal.declare"
    none: bool


@dataclass(frozen=True, kw_only=True)
class ReviewOpened(Event):
    """Every member has declared; the bids lie open under their code names."""

    KIND: ClassVar[str] = "preliminary.open"
    bids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class PreliminaryReviewed(AtSeat, Event):
    """A member handed in the preliminary review."""

    KIND: ClassVar[str] = "preliminary.review"


@dataclass(frozen=True, kw_only=True)
class PreliminaryDecided(Event):
    """Which bids go on; `votes` has a decision for each bid that somebody failed, the minority beside the majority."""

    KIND: ClassVar[str] = "preliminary.result"
    standing: Sequence[str]
    rejected: Sequence[Mapping[str, JSON]]  # [{bid, grounds[]}]
    votes: Sequence[Mapping[str, JSON]]  # [{bid, rejected, against[], keeping[], grounds{}}]


@dataclass(frozen=True, kw_only=True)
class ScoreSubmitted(AtSeat, Event):
    """A member signed their sheet; what it says stays in the statement."""

    KIND: ClassVar[str] = "score"
    sheet_sha256: str


@dataclass(frozen=True, kw_only=True)
class TechnicalLocked(Event):
    """Every sheet is in; `passed` and `failed` are organisation ids, so that officers can tell whose price envelope may be asked for."""

    KIND: ClassVar[str] = "technical.lock"
    passed: Sequence[str]
    failed: Sequence[str]
    result_sha256: str


@dataclass(frozen=True, kw_only=True)
class ReferencePriceOpened(Event):
    """The tenderer opened the reference price that the tender document had committed to."""

    KIND: ClassVar[str] = "reference_price.open"
    value: str


@dataclass(frozen=True, kw_only=True)
class PricesScored(Event):
    """The price envelopes are open and scored."""

    KIND: ClassVar[str] = "price.result"
    benchmark: str
    scores: Mapping[str, str]  # code name → price score before its weight


@dataclass(frozen=True, kw_only=True)
class Summarised(Event):
    """All was added up; the case is what `gongheng score` reads, the result what it prints."""

    KIND: ClassVar[str] = "summary"
    case_sha256: str
    result_sha256: str
    document: Mapping[str, JSON]
    result: Mapping[str, JSON]


@dataclass(frozen=True, kw_only=True)
class ReportDrafted(Event):
    """The report was rendered once; its digest is what members sign."""

    KIND: ClassVar[str] = "report.draft"
    report_sha256: str


@dataclass(frozen=True, kw_only=True)
class ReportSigned(AtSeat, Event):
    """A member signed the report."""

    KIND: ClassVar[str] = "report.sign"
    report_sha256: str
    dissents: bool


@dataclass(frozen=True, kw_only=True)
class ReportSubmitted(Event):
    """Every member has signed; the report went to the tenderer."""

    KIND: ClassVar[str] = "report.submit"
    report_sha256: str
    case_sha256: str
    ranked: bool
    candidates: Sequence[str]  # organisation ids; by id where the set is unranked
    unsigned: Sequence[str] = ()  # seats that did not sign in time; without a written dissent they agree
