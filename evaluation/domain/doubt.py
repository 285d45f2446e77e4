"""A member's score that others find far too high or low (评分畸高畸低): doubted with a reason, voted on, explained, and what follows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any

from core.kernel.errors import RuleBroken
from evaluation.domain.body import LONG, Body
from evaluation.domain.finding import AnswerBody
from evaluation.domain.methods.figures import Mode, rounded
from evaluation.domain.sheet import BidScores, SheetRules
from trading.domain.clock import LegalRegime
from trading.domain.score_rules import ScoreRules

TIME = timedelta(minutes=30)
"""How long a member has to answer before the host may note that nothing came. The law names no span."""

REASON = 500
_ARTICLE = "重庆市招标投标条例 第三十二条"


class State(Enum):
    """What a doubt waits for, or what became of it."""

    VOTING = "voting"  # the votes of all others: is the score abnormal?
    ANSWERING = "answering"  # the member's explanation; in procurement another score instead
    WEIGHING = "weighing"  # the votes of all others: does the explanation hold?
    NOTING = "noting"  # the chair's note of what replaces the score
    DISMISSED = "dismissed"  # no majority found it abnormal
    UPHELD = "upheld"  # the explanation holds
    RESCORED = "rescored"  # its member scored again
    REPLACED = "replaced"  # the mean of the others stands in its place
    KEPT = "kept"  # found abnormal, unexplained, and no rule of the document replaces it

    @property
    def is_over(self) -> bool:
        """Whether nothing is awaited any more."""
        return self not in (State.VOTING, State.ANSWERING, State.WEIGHING, State.NOTING)

    @property
    def changes(self) -> bool:
        """Whether other scores count than were signed."""
        return self in (State.RESCORED, State.REPLACED)


class Side(StrEnum):
    """Which way a score is said to be off."""

    HIGH = "high"
    LOW = "low"


class Question(StrEnum):
    """What is voted on."""

    ABNORMAL = "abnormal"  # yes: the score is abnormal
    HOLDS = "holds"  # yes: the explanation holds


@dataclass(frozen=True, slots=True)
class Terms:
    """What law and document provide: `rescores`: its member may score again (87号令 art. 64); `places`: the mean of the others replaces
    what is not explained, to so many decimals, None where the document does not say so (重庆市招标投标条例 art. 32)."""

    rescores: bool
    places: int | None

    @property
    def is_open(self) -> bool:
        """Whether a score may be doubted at all."""
        return self.rescores or self.places is not None

    @property
    def unexplained(self) -> State:
        """What follows where nothing explains the score."""
        return State.KEPT if self.places is None else State.NOTING


def terms_of(regime: LegalRegime, said: Mapping[str, Any]) -> Terms:
    """The terms of a lot; `said`: the document's `score_rules`, empty where it has none."""
    abnormal = ScoreRules.read(said).abnormal if said else None
    return Terms(regime is LegalRegime.GOVERNMENT_PROCUREMENT, abnormal.places if abnormal is not None else None)


@dataclass(frozen=True, slots=True)
class DoubtBody:
    """One member's signed word that another's scores of one bid are too high or too low."""

    seat: str
    bid: str
    criteria: tuple[str, ...]
    side: Side
    reason: str

    @classmethod
    def read(cls, body: object, rules: SheetRules) -> DoubtBody:
        """From the body of `doubt.raise`; `rules`: of all items of the ranked bids. Raises RuleBroken for an item that is none or is
        objective: what members must give alike is compared by the platform."""
        fields = Body(body, "seat", "bid", "criteria", "side", "reason")
        said = (fields.text("seat", 4, 1), fields.text("bid", 20, 1), fields.items("criteria", 60))
        side, reason = fields.text("side", 4, 1), fields.text("reason", REASON).strip()
        if side not in list(Side):
            raise RuleBroken("evaluation.body", field="body.side")
        if not reason:
            raise RuleBroken("doubt.raise.reason", _ARTICLE)
        if not said[2] or len(set(said[2])) < len(said[2]):
            raise RuleBroken("doubt.raise.criteria")
        for criterion in said[2]:
            if rules.criterion(said[1], criterion).is_objective:
                raise RuleBroken("doubt.raise.objective", criterion=criterion)
        return cls(*said, Side(side), reason)

    @property
    def matters(self) -> frozenset[tuple[str, str, str]]:
        """Seat, bid and criterion of each score it is about; a score is doubted once."""
        return frozenset((self.seat, self.bid, criterion) for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class VoteBody:
    """One member's signed vote; `about`: digest of the doubt, or of the explanation."""

    about: str
    question: Question
    yes: bool
    reason: str

    @classmethod
    def read(cls, body: object, about: str, question: Question) -> VoteBody:
        """From the body of `doubt.vote`, on what is voted on now; raises RuleBroken for another matter or no reason."""
        fields = Body(body, "about", "question", "yes", "reason")
        said = (fields.text("about", 64, 64), fields.text("question", 10, 1), fields.flag("yes"), fields.text("reason", REASON).strip())
        if said[:2] != (about, question):
            raise RuleBroken("doubt.vote.other")
        if not said[3]:
            raise RuleBroken("doubt.vote.reason")
        return cls(about, question, said[2], said[3])


@dataclass(frozen=True, slots=True)
class ExplanationBody:
    """What the member says whose score was found abnormal: why it stands, or in procurement other scores; neither is a refusal."""

    doubt: str
    explanation: str
    scores: Mapping[str, str]
    ticks: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, body: object, doubt: DoubtBody, rules: SheetRules, terms: Terms) -> ExplanationBody:
        """From the body of `doubt.answer`; raises RuleBroken for scores where nobody may score again, of other items, or out of bounds."""
        fields = Body(body, "doubt", "explanation", "scores", "ticks")
        scores = {name: score for name, score in fields.texts("scores", 12).items() if score}
        said = cls(fields.text("doubt", 64, 64), fields.text("explanation", LONG).strip(), scores, fields.lists("ticks", 20))
        if scores and not terms.rescores:
            raise RuleBroken("doubt.answer.no_rescoring", _ARTICLE)
        if not set(scores) <= set(doubt.criteria) or not set(said.ticks) <= set(scores):
            raise RuleBroken("doubt.answer.other")
        for criterion, score in scores.items():
            rules.score(doubt.bid, criterion, score, said.ticks.get(criterion, ()))
        return said

    def state(self, terms: Terms) -> State:
        """What follows."""
        if self.scores:
            return State.RESCORED
        return State.WEIGHING if self.explanation else terms.unexplained


@dataclass(frozen=True, slots=True)
class SilenceBody:
    """The host's note that no explanation came in time."""

    doubt: str
    note: str

    @classmethod
    def read(cls, body: object) -> SilenceBody:
        """From the body of `doubt.silence`."""
        fields = Body(body, "doubt", "note")
        return cls(fields.text("doubt", 64, 64), fields.text("note", REASON, 2).strip())


@dataclass(frozen=True, slots=True)
class ReplacementBody:
    """The chair's signed note: by which figures the scores are replaced."""

    doubt: str
    scores: Mapping[str, str]
    note: str

    @classmethod
    def read(cls, body: object, doubt: str, means: Mapping[str, str]) -> ReplacementBody:
        """From the body of `doubt.replace`; raises RuleBroken unless it names the means of the others, and says why."""
        fields = Body(body, "doubt", "scores", "note")
        said = cls(fields.text("doubt", 64, 64), fields.texts("scores", 20), fields.text("note", REASON).strip())
        if said.doubt != doubt or said.scores != means:
            raise RuleBroken("doubt.replace.differs")
        if not said.note:
            raise RuleBroken("doubt.replace.note", _ARTICLE)
        return said


def voters(seats: Iterable[str], doubted: str) -> frozenset[str]:
    """Who votes: all but the member concerned."""
    return frozenset(seats) - {doubted}


def noter(chair: str, doubted: str, seats: Iterable[str]) -> str:
    """Who signs the note: the chair; where the chair is concerned, the other member of the lowest seat."""
    others = sorted(voters(seats, doubted), key=int)
    return chair if chair in others else others[0]


def outcome(question: Question, votes: Mapping[str, bool], members: int, terms: Terms) -> State:
    """What follows from the votes (seat → yes); more than half of all members decide, whoever did not vote included."""
    if question is Question.ABNORMAL:
        return State.ANSWERING if 2 * sum(votes.values()) > members else State.DISMISSED
    against = sum(not yes for yes in votes.values())
    return terms.unexplained if 2 * against > members else State.UPHELD


def means(sheets: Mapping[str, Sequence[BidScores]], doubt: DoubtBody, places: int) -> dict[str, str]:
    """Criterion → the mean of the other members' scores as they count now, half up; `sheets`: seat → one sheet for each bid."""
    others = [one.scores for seat, given in sheets.items() if seat != doubt.seat for one in given if one.bid == doubt.bid]
    found = {}
    for criterion in doubt.criteria:
        total = sum((Fraction(scores[criterion]) for scores in others), Fraction(0))
        found[criterion] = rounded(total / len(others), places, Mode.HALF_UP).text
    return found


def corrections(bid: str, scores: Mapping[str, str], ticks: Mapping[str, Sequence[str]]) -> list[AnswerBody]:
    """Scores that stand in the place of signed ones, as `finding.corrected` takes them."""
    return [AnswerBody(bid, name, score, "", {name: ticks[name]} if name in ticks else {}) for name, score in scores.items()]


def is_doubted_before(doubt: DoubtBody, earlier: Collection[DoubtBody]) -> bool:
    """Whether one of these scores was doubted before, whatever became of it."""
    return any(doubt.matters & one.matters for one in earlier)
