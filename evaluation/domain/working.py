"""How each bid's total came about: every member's mark, what was dropped, mean and weight, the price line by line, and what decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from core.kernel.jcs import JSON
from evaluation.domain.methods import CaseFault, Code, Evaluation, Rejection, ScoringCase, evaluate, parse_case, review
from evaluation.domain.methods.averages import average
from evaluation.domain.methods.case import Criterion, Over, Sheet, TieKey
from evaluation.domain.methods.figures import outcome, plain, rounded, shown
from evaluation.domain.methods.ranking import KEYS, Contender
from evaluation.domain.methods.sheets import TECHNICAL, Marks, part_of
from evaluation.domain.methods.steps import Step
from evaluation.domain.methods.wording import Lang
from evaluation.domain.sheet import BidScores
from evaluation.domain.working_wording import tie_text

_PRICE = ("price.", "outlier.", "points.", "deduction.")
_BENCHMARK = ("benchmark.result", "benchmark.ratio")


@dataclass(frozen=True, slots=True)
class Mark:
    """One member's mark, or weighted sum, of a bid; `dropped`: "high" or "low" where it was left out of the mean; `signed`: the mark as it
    was signed, where another one counts since."""

    seat: str
    score: str
    dropped: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True)
class CriterionWorking:
    """One criterion: all marks, `mean` as a formula with its result, the points, and those times the weight."""

    id: str
    title: str
    part: str
    max: str
    weight: str
    marks: tuple[Mark, ...]
    mean: str
    points: str
    weighted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BidWorking:
    """A bid from its marks to its place; `rank` 0 where it is in no row, `out` then says by which test.

    `sums` and `sum_line`: each member's weighted sum, where sheets are averaged as a whole. The other lines are sentences.
    """

    bid: str
    rank: int
    joint: bool
    out: str
    total: str
    criteria: tuple[CriterionWorking, ...] = ()
    sums: tuple[Mark, ...] = ()
    sum_line: str = ""
    price: tuple[str, ...] = ()
    adding: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    draw: str = ""  # the name of the draw of lots that decided its place, where one did

    def without_marks(self) -> BidWorking:
        """For whoever may know what was added up, not what each member gave."""
        criteria = tuple(replace(one, marks=(), mean="") for one in self.criteria)
        return replace(self, criteria=criteria, sums=(), sum_line="")

    def with_signed(self, signed: Mapping[str, Sequence[BidScores]]) -> BidWorking:
        """With the marks as they were signed beside those that count instead; `signed`: seat → its sheets."""
        given = {
            (seat, name): score
            for seat, sheets in signed.items()
            for one in sheets
            if one.bid == self.bid
            for name, score in one.scores.items()
        }
        criteria = tuple(
            replace(one, marks=tuple(_beside(mark, given.get((mark.seat, one.id), "")) for mark in one.marks)) for one in self.criteria
        )
        return replace(self, criteria=criteria)


def _beside(mark: Mark, signed: str) -> Mark:
    return replace(mark, signed=signed) if signed and Fraction(signed) != Fraction(mark.score) else mark


def workings(case: Mapping[str, JSON], titles: Mapping[str, str], lang: Lang = "zh") -> tuple[BidWorking, ...]:
    """The worked calculation of every bid of a scoring case, in rank order, then those that are out by code name.

    `titles`: criterion id → its words. Figures are those of `gongheng score`, exact or rounded as the method says.
    """
    if not case.get("bids"):
        return ()
    parsed = parse_case(case)
    try:
        result = evaluate(parsed)
        steps, rejected = result.steps, result.rejected
    except CaseFault as fault:
        if fault.code != "no_bid_counts":
            raise
        reviewed = review(parsed)
        result, steps, rejected = None, reviewed.steps, reviewed.rejected
    works = _Works(parsed, titles, lang, steps, review(parsed).marks)
    ranked = [] if result is None else [works.ranked(result, place) for place in range(len(result.rows))]
    return (*ranked, *(works.out(one) for one in sorted(rejected, key=lambda one: one.bid)))


@dataclass(frozen=True, slots=True)
class _Works:
    case: ScoringCase
    titles: Mapping[str, str]
    lang: Lang
    steps: Sequence[Step]
    marks: Mapping[str, Marks]

    def ranked(self, result: Evaluation, place: int) -> BidWorking:
        """A bid that has a place."""
        row = result.rows[place]
        total = row.total.text if row.total is not None else row.evaluated_price.text
        return BidWorking(
            bid=row.bid,
            rank=row.rank,
            joint=row.joint,
            out="",
            total=total,
            criteria=self._criteria(row.bid, self.case.method.criteria),
            sums=self._sums(row.bid),
            sum_line=self._line("marks.", row.bid, "∑"),
            price=self._price(row.bid),
            adding=tuple(self._texts(row.bid, "part.reached", "weighted", "total")),
            place=(*self._ties(result, row.bid), *self._texts(row.bid, "rank.place", "rank.joint", "rank.draw", "rank.lots")),
            draw=self._draw(row.bid),
        )

    def out(self, rejection: Rejection) -> BidWorking:
        """A bid that a test took out; of one below the technical minimum nothing later was ever scored."""
        bid = rejection.bid
        criteria = self.case.method.criteria if bid in self.marks else ()
        if rejection.code is Code.BELOW_MINIMUM and self._fails_technically(bid):
            criteria = tuple(one for one in criteria if one.part == TECHNICAL)
        return BidWorking(
            bid=bid,
            rank=0,
            joint=False,
            out=str(rejection.code),
            total="",
            criteria=self._criteria(bid, criteria),
            price=self._price(bid),
            adding=tuple(self._texts(bid, "out.", "part.reached")),
        )

    def _fails_technically(self, bid: str) -> bool:
        least = self.case.method.part_minimum.get(TECHNICAL)
        return least is not None and part_of(self.case.method, self.marks[bid], TECHNICAL) < least

    # Marks

    def _criteria(self, bid: str, criteria: Sequence[Criterion]) -> tuple[CriterionWorking, ...]:
        return tuple(self._criterion(bid, one) for one in criteria)

    def _criterion(self, bid: str, one: Criterion) -> CriterionWorking:
        given = [(sheet.expert, sheet.scores[one.id]) for sheet in self._sheets(bid)]
        figure, rounding = self.marks[bid].criteria[one.id], self.case.method.rounding
        product = figure.value * one.weight
        by_criterion = self.case.method.aggregation.over is Over.CRITERION
        return CriterionWorking(
            id=one.id,
            title=self.titles.get(one.id, one.id),
            part=one.part,
            max=plain(one.max),
            weight=plain(one.weight),
            marks=self._dropping(given),
            mean=self._mean(bid, one.id),
            points=figure.text,
            weighted=outcome(product, rounded(product, rounding.weighted if by_criterion else None, rounding.mode)),
        )

    def _sums(self, bid: str) -> tuple[Mark, ...]:
        """Each member's weighted sum, where whole sheets are averaged."""
        if self.case.method.aggregation.over is not Over.SHEET:
            return ()
        criteria = self.case.method.criteria
        return self._dropping(
            [(sheet.expert, sum((sheet.scores[one.id] * one.weight for one in criteria), Fraction(0))) for sheet in self._sheets(bid)]
        )

    def _sheets(self, bid: str) -> list[Sheet]:
        return sorted((sheet for sheet in self.case.sheets if sheet.bid == bid), key=lambda sheet: (len(sheet.expert), sheet.expert))

    def _dropping(self, given: Sequence[tuple[str, Fraction]]) -> tuple[Mark, ...]:
        """Equal marks are interchangeable: of those the first is shown as dropped."""
        taken = average([value for _, value in given], self.case.method.aggregation.trim) if given else None
        left = {"high": list(taken.high), "low": list(taken.low)} if taken is not None else {}
        found = []
        for expert, value in given:
            dropped = next((side for side, values in left.items() if value in values), "")
            if dropped:
                left[dropped].remove(value)
            found.append(Mark(expert.removeprefix("E"), shown(value), dropped))
        return tuple(found)

    def _mean(self, bid: str, criterion: str) -> str:
        facts = next((dict(step.facts) for step in self.steps if step.key.startswith("marks.") and _names(step, bid, criterion)), {})
        return f"{facts['formula']} = {facts['result']}" if facts else ""

    # Lines

    def _price(self, bid: str) -> tuple[str, ...]:
        """From the price that was read out to its points; the benchmark where the points come from it."""
        mine = [step for step in self.steps if step.key.startswith(_PRICE) and _is_about(step, bid)]
        first = next((place for place, step in enumerate(mine) if step.key.startswith(("points.", "deduction."))), len(mine))
        shared = [step for step in self.steps if step.key in _BENCHMARK] if first < len(mine) else []
        return tuple(step.text(self.lang) for step in (*mine[:first], *shared, *mine[first:]))

    def _texts(self, bid: str, *keys: str) -> Iterator[str]:
        return (step.text(self.lang) for step in self.steps if step.key.startswith(keys) and _is_about(step, bid))

    def _line(self, key: str, bid: str, criterion: str) -> str:
        return next((step.text(self.lang) for step in self.steps if step.key.startswith(key) and _names(step, bid, criterion)), "")

    def _draw(self, bid: str) -> str:
        return next((str(dict(step.facts)["draw"]) for step in self.steps if step.key == "rank.lots" and _is_about(step, bid)), "")

    def _ties(self, result: Evaluation, bid: str) -> Iterator[str]:
        """With whom its total is equal, and the key that told them apart."""
        rows = {row.bid: row for row in result.rows}
        if rows[bid].total is None:
            return
        for other in sorted(rows):
            if other != bid and rows[other].total == rows[bid].total:
                mine, theirs = self._contender(result, bid), self._contender(result, other)
                yield tie_text(other, *self._decided(mine, theirs), self.lang)

    def _decided(self, mine: Contender, theirs: Contender) -> tuple[TieKey | None, str, str]:
        for key in self.case.method.tie_break:
            if key is TieKey.DRAW:
                return key, self._draw(mine.bid), ""
            ours, others = KEYS[key](mine), KEYS[key](theirs)
            if ours != others:
                return key, shown(abs(ours)), shown(abs(others))
        return None, "", ""

    def _contender(self, result: Evaluation, bid: str) -> Contender:
        row = next(one for one in result.rows if one.bid == bid)
        score = row.price_score.value if row.price_score is not None else Fraction(0)
        return Contender(bid, row.evaluated_price.value, None, part_of(self.case.method, self.marks[bid], TECHNICAL), score)


def _names(step: Step, bid: str, criterion: str) -> bool:
    facts = dict(step.facts)
    return facts.get("bid") == bid and facts.get("criterion") == criterion


def _is_about(step: Step, bid: str) -> bool:
    facts = dict(step.facts)
    return facts.get("bid") == bid or bid in facts.get("bids", ())
