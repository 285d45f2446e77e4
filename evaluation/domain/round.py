"""A further round of the original committee: which sheets fall with an order, what must stay as it was signed, and what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from core.kernel.errors import RuleBroken
from evaluation.domain.leaving import VOIDED
from evaluation.domain.parts import parts_of
from evaluation.domain.preliminary import Finding
from evaluation.domain.sheet import BidScores

FIRST = 1
ORDER, OPEN = "reevaluation.order", "reevaluation.open"
ROUNDS = (ORDER, OPEN)
"""The kinds of statement by which a further round begins."""

_AWARD = frozenset({"candidates.publish", "publicity.end", "ballot", "interference.entry", "interference.close", "contract.sign"})
_REVIEW = frozenset({"preliminary.review", "preliminary.result", "rejection.open", "rejection.vote"})
_COMPETITION = frozenset({"competition.vote", "competition.result"})
_ANEW = (VOIDED - _REVIEW - _COMPETITION) | _AWARD | {"recusal.declare", "report.submit"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an order has reviewed again: the preliminary review of all bids, and scored items by id. All else stands."""

    review: bool
    criteria: frozenset[str]

    def parts(self, method: Mapping[str, Any]) -> tuple[str, ...]:
        """The parts whose sheets are signed again: those with an ordered item."""
        said = {str(one["part"]) for one in method.get("criteria", ()) if one["id"] in self.criteria}
        return tuple(part for part in parts_of(method) if part in said)

    def voids(self, kind: str, body: Mapping[str, Any], parts: Sequence[str]) -> bool:
        """Whether a statement made before the round counts no more in it: conclusions, publicity and award always; reviews and the votes
        after them where the review is ordered; sheets of the ordered parts."""
        if kind in _COMPETITION:
            return self.review or body.get("stage") != "review"
        if kind in _REVIEW:
            return self.review
        if kind == "score":
            return body.get("part") in parts
        return kind in _ANEW or kind.startswith(("award.", "award_draw."))


class Statement(Protocol):
    """What is looked at of a statement: its kind, the digest of its payload, what it says."""

    @property
    def kind(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Any]: ...


S = TypeVar("S", bound=Statement)


def scope_of(order: Mapping[str, Any]) -> Scope:
    """The scope of a signed order's body, which was read before."""
    return Scope(order["review"] is True, frozenset(str(one) for one in order["criteria"]))


def since_rounds(said: Iterable[S], method: Mapping[str, Any]) -> list[S]:
    """The statements, in their order, that still count after the further rounds among them; neither orders nor openings are kept."""
    orders: dict[str, Scope] = {}
    kept: list[S] = []
    for one in said:
        if one.kind == ORDER:
            orders[one.sha256] = scope_of(one.body)
        elif one.kind == OPEN:
            scope = orders[str(one.body["order_sha256"])]
            parts = scope.parts(method)
            kept = [each for each in kept if not scope.voids(each.kind, each.body, parts)]
        else:
            kept.append(one)
    return kept


def check_again(scope: Scope, before: Iterable[BidScores], after: Iterable[BidScores]) -> None:
    """A sheet of a further round, beside the same member's of the round before: raises RuleBroken where an item that was not ordered has
    changed, or an ordered one without a reason. A bid that was not on the earlier sheet is scored anew."""
    known = {one.bid: one for one in before}
    for sheet in after:
        if (old := known.get(sheet.bid)) is None:
            continue
        for criterion in sheet.scores:
            same = _of(old, criterion) == _of(sheet, criterion)
            if criterion not in scope.criteria and not same:
                raise RuleBroken("reevaluation.item_not_ordered", bid=sheet.bid, criterion=criterion)
            changed = old.scores.get(criterion) != sheet.scores[criterion]
            if changed and not sheet.reasons.get(criterion, "").strip():
                raise RuleBroken("reevaluation.reason_missing", bid=sheet.bid, criterion=criterion)


def _of(sheet: BidScores, criterion: str) -> tuple[str | None, str, list[str]]:
    return sheet.scores.get(criterion), sheet.reasons.get(criterion, ""), sorted(sheet.ticks.get(criterion, ()))


@dataclass(frozen=True, slots=True)
class Change:
    """What one member says otherwise than before: of a scored item, or of a check of the review (`pass` or `fail`); with the reason."""

    seat: str
    bid: str
    item: str
    before: str
    after: str
    reason: str


def changed_scores(before: Mapping[str, Iterable[BidScores]], after: Mapping[str, Iterable[BidScores]]) -> list[Change]:
    """The scores that differ between two rounds, in the order of seats, bids and items. A seat without an earlier sheet has no change."""
    found = []
    for seat in sorted(after, key=int):
        known = {one.bid: one for one in before.get(seat, ())}
        for sheet in sorted(after[seat], key=lambda one: one.bid):
            old = known.get(sheet.bid)
            given = {} if old is None else old.scores
            for item, score in sheet.scores.items():
                if given.get(item, score) != score:
                    found.append(Change(seat, sheet.bid, item, given[item], score, sheet.reasons.get(item, "")))
    return found


def changed_findings(before: Mapping[str, Iterable[Finding]], after: Mapping[str, Iterable[Finding]]) -> list[Change]:
    """The checks of the review on which a member found otherwise."""
    found = []
    for seat in sorted(after, key=int):
        known = {(one.bid, one.check): one.passes for one in before.get(seat, ())}
        for one in after[seat]:
            old = known.get((one.bid, one.check), one.passes)
            if old != one.passes:
                found.append(Change(seat, one.bid, one.check, _word(old), _word(one.passes), one.reason))
    return found


def _word(passed: bool) -> str:
    return "pass" if passed else "fail"


@dataclass(frozen=True, slots=True)
class Place:
    """A bid's rank and total in one round; "" where it was not ranked."""

    rank: str
    total: str


def places(result: Mapping[str, Any] | None) -> dict[str, Place]:
    """Code name → place, of the bids that a round ranked."""
    rows: Sequence[Mapping[str, Any]] = (result or {}).get("rows", ())
    return {str(one["bid"]): Place(str(one["rank"]), str(one["total"] or one["evaluated_price"])) for one in rows}


NOT_RANKED = Place("", "")


def compared(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[tuple[str, Place, Place]]:
    """Each bid that either round ranked with its places in both, in the order of the later."""
    old, new = places(before), places(after)
    codes = sorted({*old, *new}, key=lambda code: (code not in new, int(new[code].rank) if code in new else 0, code))
    return [(code, old.get(code, NOT_RANKED), new.get(code, NOT_RANKED)) for code in codes]
