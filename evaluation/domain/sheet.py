"""A score sheet: one member's technical scores of every bid under its code name, typed as a draft, signed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body

STEP = Decimal("0.5")
"""The smallest unit of an expert's score where the tender document names no other."""

_SCORE = re.compile(r"\d{1,6}(\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of the sheet: id, the words for people, its maximum."""

    id: str
    title: str
    max: Decimal


@dataclass(frozen=True, slots=True)
class SheetRules:
    """What a sheet must fill: the code names of the bids in hand, the criteria, the step of a score."""

    bids: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    step: Decimal = STEP

    def score(self, bid: str, criterion: str, written: str) -> Decimal:
        """A score as written; raises RuleBroken when it is no plain decimal, above the maximum, or off the step."""
        if bid not in self.bids:
            raise RuleBroken("score.bid_unknown", bid=bid)
        item = next((one for one in self.criteria if one.id == criterion), None)
        if item is None:
            raise RuleBroken("score.criterion_unknown", criterion=criterion)
        if not _SCORE.fullmatch(written):
            raise RuleBroken("score.malformed", bid=bid, criterion=criterion)
        value = Decimal(written)
        if value > item.max:
            raise RuleBroken("score.above_maximum", bid=bid, criterion=criterion, most=str(item.max))
        if value % self.step:
            raise RuleBroken("score.off_step", bid=bid, criterion=criterion, step=str(self.step))
        return value


@dataclass(frozen=True, slots=True)
class BidScores:
    """What one member gave one bid, by criterion, as written; reasons where the member gave any."""

    bid: str
    scores: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SheetBody:
    """The signed sheet of one member: every bid, every criterion."""

    sheets: tuple[BidScores, ...]

    @classmethod
    def read(cls, body: object, rules: SheetRules) -> SheetBody:
        """From the signed body of `score`; raises RuleBroken for a missing, foreign, malformed or excessive score."""
        fields = Body(body, "part", "sheets")
        if fields.text("part", 20) != "technical":
            raise RuleBroken("score.part")
        sheets = tuple(_bid_scores(item, rules) for item in fields.objects("sheets", "bid", "scores", "reasons"))
        named = [sheet.bid for sheet in sheets]
        if len(named) != len(set(named)) or set(named) != set(rules.bids):
            raise RuleBroken("score.bids_differ", wanted=len(rules.bids), given=len(named))
        return cls(sheets)


def _bid_scores(item: Body, rules: SheetRules) -> BidScores:
    bid, scores, reasons = item.text("bid", 20, 1), item.texts("scores", 12), item.texts("reasons", 500)
    wanted = {criterion.id for criterion in rules.criteria}
    for criterion, written in scores.items():
        rules.score(bid, criterion, written)
    for criterion in sorted(wanted - set(scores)):
        raise RuleBroken("score.missing", bid=bid, criterion=criterion)
    for criterion in sorted(set(reasons) - wanted):
        raise RuleBroken("score.criterion_unknown", criterion=criterion)
    return BidScores(bid, scores, reasons)


def rules_of(method: Mapping[str, object], bids: Iterable[str], titles: Mapping[str, str], part: str = "technical") -> SheetRules:
    """The rules of a sheet from the method part of the tender document; `titles` gives the words of a criterion, its id where none."""
    rows = method.get("criteria", ())
    assert isinstance(rows, Sequence)
    criteria = tuple(
        Criterion(str(row["id"]), titles.get(str(row["id"]), str(row["id"])), Decimal(str(row["max"])))
        for row in rows
        if row["part"] == part
    )
    return SheetRules(tuple(bids), criteria)
