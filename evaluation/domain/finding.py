"""What follows a finding of the consistency checks: an objective item that differs is scored again by those it is about, or explained."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.kernel.errors import RuleBroken
from evaluation.domain.body import LONG, Body
from evaluation.domain.consistency import Kind
from evaluation.domain.parts import parts_of
from evaluation.domain.sheet import BidScores, SheetRules, rules_of

Matter = tuple[str, str]
"""Bid and criterion."""

_ARTICLE = "政府采购货物和服务招标投标管理办法 第六十四条"


def due(findings: Iterable[Mapping[str, Any]], ranked: Collection[str]) -> dict[str, frozenset[Matter]]:
    """Seat → the objective items on which its member has to answer: where members differ, those who are not of the most frequent score, all
    of them where none is. Only of bids in the ranking: of the others nothing is decided any more."""
    found: dict[str, set[Matter]] = {}
    for one in findings:
        if one["kind"] == Kind.OBJECTIVE_DIFFERS and one["bid"] in ranked:
            for seat in one["seats"]:
                found.setdefault(str(seat), set()).add((str(one["bid"]), str(one["criterion"])))
    return {seat: frozenset(matters) for seat, matters in found.items()}


@dataclass(frozen=True, slots=True)
class AnswerBody:
    """A member's signed answer on one item: another score, or "" and the reason why the difference stands."""

    bid: str
    criterion: str
    score: str
    reason: str
    ticks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, body: object, rules: SheetRules) -> AnswerBody:
        """From the body of `finding.answer`; raises RuleBroken for a score that the sheet would not take, or neither score nor reason."""
        fields = Body(body, "bid", "criterion", "score", "reason", "ticks")
        said = cls(
            fields.text("bid", 20, 1),
            fields.text("criterion", 60, 1),
            fields.text("score", 12),
            fields.text("reason", LONG).strip(),
            fields.lists("ticks", 20),
        )
        if not said.score and not said.reason:
            raise RuleBroken("finding.answer.empty", _ARTICLE)
        if set(said.ticks) - ({said.criterion} if said.score else set()):
            raise RuleBroken("score.ticks", criterion=said.criterion)
        if said.score:
            rules.score(said.bid, said.criterion, said.score, said.ticks.get(said.criterion, ()))
        return said

    @property
    def matter(self) -> Matter:
        """What it is about."""
        return self.bid, self.criterion


def rules_of_items(method: Mapping[str, Any], said: Mapping[str, Any], bids: Iterable[str]) -> SheetRules:
    """The rules of all parts as one; `said`: the document's `score_rules`."""
    named = tuple(bids)
    criteria = [one for part in parts_of(method) for one in rules_of(method, said, named, part).criteria]
    return SheetRules(named, tuple(criteria), "")


def corrected(sheets: Mapping[str, Sequence[BidScores]], answers: Mapping[str, Iterable[AnswerBody]]) -> dict[str, list[BidScores]]:
    """Seat → the sheet with what its member scored again; the signed sheets stay as they are."""
    found = {}
    for seat, signed in sheets.items():
        said = {one.matter: one for one in answers.get(seat, ()) if one.score}
        found[seat] = [_with(sheet, said) for sheet in signed]
    return found


def _with(sheet: BidScores, said: Mapping[Matter, AnswerBody]) -> BidScores:
    mine = {criterion: one for (bid, criterion), one in said.items() if bid == sheet.bid}
    reasons = {criterion: one.reason for criterion, one in mine.items() if one.reason}
    scores = dict(sheet.scores) | {criterion: one.score for criterion, one in mine.items()}
    return replace(sheet, scores=scores, reasons=dict(sheet.reasons) | reasons)
