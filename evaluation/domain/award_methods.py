"""The six methods of the award in one table: what a ballot holds, who casts it, and how the ballots are counted to a winner or a draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from core.kernel.jcs import JSON
from evaluation.domain.award import Ballot, How, Result, Tally, TieBreak, VoteFault, direct_vote, elimination_vote, tally
from evaluation.domain.award_price import distances
from evaluation.domain.methods.averages import mean
from evaluation.domain.methods.figures import Mode, rounded
from trading.domain.award_plan import AwardMethod, AwardPlan, TieKey


class Holds(Enum):
    """What a ballot holds beside its reasons."""

    CHOICE = "choice"  # one candidate, or nobody where the plan lets members abstain
    OUTPUT = "output"  # the digest of the formula's output, which the member has checked
    SCORES = "scores"  # points for each candidate and factor


class Outcome(Enum):
    """What the ballots so far say."""

    INCOMPLETE = "incomplete"
    ANOTHER_ROUND = "another_round"
    DRAW = "draw"
    WON = "won"


class Lots(Enum):
    """What a draw of lots is for."""

    TIE = "tie"
    WINNER = "winner"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recommended bidder with what formula and keys look at: contract price in yuan and evaluated total."""

    org: str
    price: Decimal
    score: Decimal


@dataclass(frozen=True, slots=True)
class Voice:
    """One member's ballot in a round that is over; `choice` None = abstained, or a ballot that holds no choice."""

    member: str
    choice: str | None = None
    scores: Mapping[str, Mapping[str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """The order, best first, that a recorded draw gave to the candidates in it."""

    lots: Lots
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """All that a count needs: the plan, the candidates, the rounds that are over, what was drawn, and the price ceiling."""

    plan: AwardPlan
    candidates: Sequence[Candidate]
    rounds: Sequence[Sequence[Voice]] = ()
    drawn: Sequence[Drawn] = ()
    ceiling: Decimal | None = None

    @property
    def orgs(self) -> tuple[str, ...]:
        """The candidates by id."""
        return tuple(sorted(one.org for one in self.candidates))

    def order(self, lots: Lots, among: Sequence[str]) -> tuple[str, ...] | None:
        """What was drawn for that purpose among exactly these."""
        return next((one.order for one in self.drawn if one.lots is lots and frozenset(one.order) == frozenset(among)), None)

    @property
    def ties(self) -> TieBreak:
        """The plan's keys, and the draws that followed them."""
        keys = [key for key in self.plan.ties if key is not TieKey.DRAW]
        grades = {one.org: tuple(one.price if key is TieKey.PRICE else -one.score for key in keys) for one in self.candidates}
        return TieBreak(grades, {frozenset(one.order): one.order for one in self.drawn if one.lots is Lots.TIE})


@dataclass(frozen=True, slots=True)
class Standing:
    """What a count says. `next_round` may be voted for next; a draw is needed among `among`; `rounds` as the result states them."""

    outcome: Outcome
    rounds: tuple[Mapping[str, JSON], ...] = ()
    next_round: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    lots: Lots | None = None
    winner: str = ""
    how: str = ""

    def to_json(self, plan: AwardPlan) -> dict[str, JSON]:
        """The result as it is signed and hashed."""
        rounds: list[JSON] = [dict(one) for one in self.rounds]
        return {"method": plan.method.value, "rounds": rounds, "winner": self.winner, "how": self.how}


Count = Callable[[Papers], Standing]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A method: what its ballots hold, whether members give written opinions first and the chair then votes alone, and its count."""

    holds: Holds
    count: Count
    deliberates: bool = False


def stand(papers: Papers) -> Standing:
    """Where the award stands, from plan, ballots and draws alone. Raises VoteFault for ballots that can't be counted."""
    return PROCEDURES[papers.plan.method].count(papers)


# Votes


def _tallies(papers: Papers, vote: Callable[[Sequence[Tally]], Result]) -> tuple[Tally, ...]:
    """Each round counted over those who stood in it; more than half is counted of all members of the plan."""
    counted: list[Tally] = []
    for number, voices in enumerate(papers.rounds, 1):
        standing = vote(counted).next_round
        if not standing:
            raise VoteFault("vote_is_over", number)
        ballots = [Ballot(one.member, one.choice) for one in voices]
        counted.append(tally({one.member for one in voices}, standing, ballots, number, papers.plan.members))
    return tuple(counted)


def _direct(papers: Papers) -> Standing:
    def vote(tallies: Sequence[Tally]) -> Result:
        return direct_vote(papers.orgs, tallies, papers.ties)

    return _voted(vote(_tallies(papers, vote)))


def _elimination(papers: Papers) -> Standing:
    def vote(tallies: Sequence[Tally]) -> Result:
        return elimination_vote(papers.orgs, tallies, papers.plan.keep, papers.ties)

    return _voted(vote(_tallies(papers, vote)), papers)


def _voted(result: Result, papers: Papers | None = None) -> Standing:
    rounds = rounds_json(result)
    if result.next_round:
        return Standing(Outcome.ANOTHER_ROUND, rounds, next_round=result.next_round)
    if result.tied:
        return Standing(Outcome.DRAW, rounds, among=result.tied, lots=Lots.TIE)
    if len(result.chosen) == 1:
        return Standing(Outcome.WON, rounds, winner=result.chosen[0], how=str(result.how))
    assert papers is not None, "only a vote before a draw leaves several"
    if order := papers.order(Lots.WINNER, result.chosen):
        return Standing(Outcome.WON, rounds, winner=order[0], how="draw")
    return Standing(Outcome.DRAW, rounds, among=result.chosen, lots=Lots.WINNER)


def rounds_json(result: Result) -> tuple[Mapping[str, JSON], ...]:
    """The rounds of a vote as `award.result` states them: votes by candidate, of how many, who went out."""
    return tuple(
        {"votes": dict(held.tally.votes), "electors": held.tally.electors, "eliminated": held.eliminated or ""} for held in result.rounds
    )


# The chair decides, the formula decides, the mean decides


def _deliberation(papers: Papers) -> Standing:
    if not papers.rounds:
        return Standing(Outcome.ANOTHER_ROUND, next_round=papers.orgs)
    voices = _only_round(papers)
    if len(voices) != 1:
        raise VoteFault("not_the_chair_alone", 1)
    counted = tally([voices[0].member], papers.orgs, [Ballot(voices[0].member, voices[0].choice)])
    if voices[0].choice is None:
        raise VoteFault("chair_abstained", 1, voices[0].member)
    rounds: tuple[Mapping[str, JSON], ...] = ({"votes": dict(counted.votes), "electors": 1, "eliminated": ""},)
    return Standing(Outcome.WON, rounds, winner=voices[0].choice, how="chair")


def _price(papers: Papers) -> Standing:
    if not papers.rounds:
        return Standing(Outcome.ANOTHER_ROUND, next_round=papers.orgs)
    electors = len(_only_round(papers))
    told = output(papers)
    far = distances(papers.plan, [one.price for one in papers.candidates], papers.ceiling)[1]
    nearest = [one.org for one, distance in zip(papers.candidates, far, strict=True) if distance == min(far)]
    return _best(papers, nearest, ({**told, "electors": electors},), "formula")


def output(papers: Papers) -> dict[str, JSON]:
    """What the formula of a price competition gives, as members check and sign it: benchmark, and each candidate's price and distance."""
    mark, far = distances(papers.plan, [one.price for one in papers.candidates], papers.ceiling)
    pairs = sorted(zip(papers.candidates, far, strict=True), key=lambda pair: pair[0].org)
    return {
        "benchmark": mark,
        "prices": {one.org: f"{one.price:.2f}" for one, _ in pairs},
        "distances": {one.org: rounded(distance, 2, Mode.HALF_UP).text for one, distance in pairs},
    }


def _scoring(papers: Papers) -> Standing:
    if not papers.rounds:
        return Standing(Outcome.ANOTHER_ROUND, next_round=papers.orgs)
    voices = _only_round(papers)
    sums: dict[str, list[Fraction]] = {org: [] for org in papers.orgs}
    for voice in voices:
        for org, sheet in _complete_scores(papers, voice).items():
            sums[org].append(sum((Fraction(points) for points in sheet.values()), Fraction(0)))
    means = {org: rounded(mean(given), papers.plan.places, Mode.HALF_UP) for org, given in sums.items()}
    most = max(one.value for one in means.values())
    scores: dict[str, JSON] = {org: one.text for org, one in means.items()}
    first = [org for org, one in means.items() if one.value == most]
    return _best(papers, first, ({"scores": scores, "electors": len(voices)},), "scores")


def _complete_scores(papers: Papers, voice: Voice) -> Mapping[str, Mapping[str, str]]:
    if voice.scores is None or sorted(voice.scores) != list(papers.orgs):
        raise VoteFault("scores_missing", 1, voice.member)
    return voice.scores


def _only_round(papers: Papers) -> Sequence[Voice]:
    """These methods ask once; raises VoteFault for a second round, and for a member who speaks twice."""
    if len(papers.rounds) > 1:
        raise VoteFault("vote_is_over", 2)
    voices = papers.rounds[0]
    seen: set[str] = set()
    for voice in voices:
        if voice.member in seen:
            raise VoteFault("second_ballot", 1, voice.member)
        seen.add(voice.member)
    return voices


def _best(papers: Papers, level: Sequence[str], rounds: tuple[Mapping[str, JSON], ...], how: str) -> Standing:
    """The one in front, or of several the first by the plan's keys, or a draw among those who stay level."""
    chosen = papers.ties.first(level)
    if len(chosen) > 1:
        return Standing(Outcome.DRAW, rounds, among=chosen, lots=Lots.TIE)
    return Standing(Outcome.WON, rounds, winner=chosen[0], how=how if len(level) == 1 else str(How.PRESET))


PROCEDURES: Mapping[AwardMethod, Procedure] = {
    # method, what a ballot holds, how it is counted
    AwardMethod.DIRECT_VOTE: Procedure(Holds.CHOICE, _direct),
    AwardMethod.ELIMINATION_VOTE: Procedure(Holds.CHOICE, _elimination),
    AwardMethod.VOTE_THEN_DRAW: Procedure(Holds.CHOICE, _elimination),
    AwardMethod.PRICE_COMPETITION: Procedure(Holds.OUTPUT, _price),
    AwardMethod.COLLECTIVE_DELIBERATION: Procedure(Holds.CHOICE, _deliberation, deliberates=True),
    AwardMethod.SCORING_AWARD: Procedure(Holds.SCORES, _scoring),
}
