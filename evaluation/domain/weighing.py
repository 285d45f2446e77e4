"""What the committee decides between a price and its evaluated price: deviations weighed by the document's rules, and preferences."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from evaluation.domain.body import LONG, Body
from evaluation.domain.methods.case import Adjustment, AdjustmentKind
from evaluation.domain.methods.prices import adjusted_price
from trading.domain.price_rules import ALIKE, AdjustmentRule, Measure, Preference, PriceRules

if TYPE_CHECKING:
    from evaluation.domain.room import Facts

MOST_PAGES = 20_000
_FIGURE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
_ARTICLE = "招标投标法第四十条"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a member would have decided on a bid. `rule`: of the tender document; `figure`: how many units, or how much where the rule
    leaves it to the committee, "" for a preference, whose percentage stands in the document; `file`, `page`: where it is seen."""

    bid: str
    rule: str
    figure: str
    file: str
    page: int
    reason: str

    @classmethod
    def read(cls, body: object) -> Proposal:
        """From the signed body of `weighing.propose`; raises RuleBroken. Whether it fits the document and the bid, `Weighings` says."""
        fields = Body(body, "bid", "rule", "figure", "file", "page", "reason")
        said = cls(
            fields.text("bid", 20, 1),
            fields.text("rule", 40, 1),
            fields.text("figure", 18),
            fields.text("file", 64, 64),
            fields.whole("page", 1, MOST_PAGES),
            fields.text("reason", LONG).strip(),
        )
        if not said.reason:
            raise RuleBroken("weighing.reason")
        return said


@dataclass(frozen=True, slots=True)
class VoteBody:
    """One member's vote on a proposal, named by the digest of its statement."""

    proposal: str
    agrees: bool
    reason: str

    @classmethod
    def read(cls, body: object) -> VoteBody:
        """From the signed body of `weighing.vote`; raises RuleBroken."""
        fields = Body(body, "proposal", "agrees", "reason")
        said = cls(fields.text("proposal", 64, 64), fields.flag("agrees"), fields.text("reason", 500).strip())
        if not said.reason:
            raise RuleBroken("weighing.vote_reason")
        return said


@dataclass(frozen=True, slots=True)
class Decision:
    """What the majority made of a proposal, with the seats of each side."""

    adopted: bool
    agreeing: tuple[str, ...]
    against: tuple[str, ...]

    def to_json(self) -> dict[str, JSON]:
        """As the platform records it."""
        return {"adopted": self.adopted, "agreeing": list(self.agreeing), "against": list(self.against)}


def decide(votes: Mapping[str, bool]) -> Decision:
    """By more than half of the members; `votes` is seat → whether it agrees. Equal sides leave the price as it is."""
    agreeing = tuple(sorted((seat for seat, agrees in votes.items() if agrees), key=int))
    against = tuple(sorted((seat for seat, agrees in votes.items() if not agrees), key=int))
    return Decision(2 * len(agreeing) > len(votes), agreeing, against)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A proposal and what became of it; `adopted` None while it is voted on."""

    said: Proposal
    adopted: bool | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """What a proposal is held against of its bid: the price read out, corrections that count or may, claims, and digests of its files."""

    price: Decimal
    corrections: Sequence[Decimal] = ()
    claims: Collection[Preference] = ()
    files: Collection[str] | None = None  # None where nobody knows them


@dataclass(frozen=True, slots=True)
class Weighings:
    """The proposals on a lot's bids, in their order, by the rules of its tender document."""

    rules: PriceRules
    proposals: Sequence[Weighed] = ()

    def check(self, said: Proposal, bids: Mapping[str, Priced]) -> None:
        """Raises RuleBroken for a proposal that the committee cannot vote on: another bid, no such rule, decided or open already, not
        claimed, a file that is not the bid's, or an evaluated price that would not be above 0. `bids`: whose prices are open."""
        bid = bids.get(said.bid)
        if bid is None:
            raise RuleBroken("weighing.bid", bid=said.bid)
        if bid.files is not None and said.file not in bid.files:
            raise RuleBroken("weighing.file")
        if any(one.said.rule == said.rule for one in self._standing(said.bid)):
            raise RuleBroken("weighing.twice", _ARTICLE)
        preference = self.rules.preference(said.rule)
        if preference is not None:
            self._check_preference(said, preference.kind, bid.claims)
            return
        rule = self.rules.adjustment(said.rule)
        if rule is None:
            raise RuleBroken("weighing.rule", _ARTICLE)
        value_of(rule, said.figure)
        if self.lowest(said.bid, bid, said) <= 0:
            raise RuleBroken("weighing.not_positive")

    def _check_preference(self, said: Proposal, kind: Preference, claims: Collection[Preference]) -> None:
        """What was not claimed is not given; of those that are alike a bid has one."""
        if said.figure:
            raise RuleBroken("weighing.figure")
        if kind not in claims:
            raise RuleBroken("weighing.not_claimed", "政府采购促进中小企业发展管理办法 第十一条")
        known = (self.rules.preference(one.said.rule) for one in self._standing(said.bid))
        if kind in ALIKE and any(one is not None and one.kind in ALIKE for one in known):
            raise RuleBroken("weighing.alike", "财库〔2017〕141号 第四条")

    def _standing(self, bid: str) -> list[Weighed]:
        """Those on a bid that are adopted or may be."""
        return [one for one in self.proposals if one.said.bid == bid and one.adopted is not False]

    def lowest(self, code: str, bid: Priced, said: Proposal | None = None) -> Fraction:
        """The lowest evaluated price that the votes on a bid may come to, before preferences: whatever raises it may be voted down."""
        rows = [*self._standing(code), *([] if said is None else [Weighed(said)])]
        changes = [Adjustment(AdjustmentKind.CORRECTION, Fraction(value)) for value in bid.corrections]
        for one in rows:
            rule = self.rules.adjustment(one.said.rule)
            value = Decimal(0) if rule is None else value_of(rule, one.said.figure)
            if rule is not None and (value < 0 or one.adopted):
                changes.append(Adjustment(AdjustmentKind(rule.measure), Fraction(value)))
        return adjusted_price(Fraction(bid.price), tuple(changes))

    def adjustments(self) -> dict[str, list[dict[str, JSON]]]:
        """Code name → what was adopted of deviations, as `adjustments` of a scoring case, in the order of the proposals."""
        found: dict[str, list[dict[str, JSON]]] = {}
        for said in (one.said for one in self.proposals if one.adopted):
            rule = self.rules.adjustment(said.rule)
            if rule is not None:
                row: dict[str, JSON] = {
                    "kind": rule.measure.value,
                    "value": f"{value_of(rule, said.figure):f}",
                    "reason": words(rule, said),
                }
                found.setdefault(said.bid, []).append(row)
        return found

    def preferences(self) -> dict[str, str]:
        """Code name → `preference_percent` of a scoring case: what was adopted of preferences, added up."""
        found: dict[str, Decimal] = {}
        for said in (one.said for one in self.proposals if one.adopted):
            rule = self.rules.preference(said.rule)
            if rule is not None:
                found[said.bid] = found.get(said.bid, Decimal(0)) + rule.percent
        return {bid: f"{percent:f}" for bid, percent in found.items()}

    def claims_due(self, claims: Mapping[str, Collection[Preference]]) -> frozenset[str]:
        """The bids, by code name, that claim a preference of the document on which nothing was decided; of those that are alike one adopted
        is enough."""
        return frozenset(bid for bid, kinds in claims.items() if any(self._is_due(bid, kind) for kind in kinds))

    def _is_due(self, bid: str, kind: Preference) -> bool:
        name = next((one.id for one in self.rules.preferences if one.kind is kind), None)
        decided = [one for one in self.proposals if one.said.bid == bid and one.adopted is not None]
        adopted = {rule.kind for one in decided if one.adopted and (rule := self.rules.preference(one.said.rule)) is not None}
        settled = any(one.said.rule == name for one in decided) or (kind in ALIKE and bool(adopted & ALIKE))
        return name is not None and not settled


def value_of(rule: AdjustmentRule, figure: str) -> Decimal:
    """Yuan or percent that a figure comes to by a rule; raises RuleBroken for a figure that the rule does not take.

    It takes a number of units above 0, 1 where it counts once, and where the committee says how much anything but 0; less than 100 %."""
    if _FIGURE.fullmatch(figure) is None or (number := Decimal(figure)) == 0:
        raise RuleBroken("weighing.figure")
    if rule.each is None:
        value, fits = number, True
    else:
        value, fits = rule.each * number, number > 0 if rule.unit else number == 1
    if not fits or (rule.measure is Measure.PERCENT and abs(value) >= 100):
        raise RuleBroken("weighing.figure")
    return value


def words(rule: AdjustmentRule, said: Proposal) -> str:
    """Why a price is weighed, in the document's own words: nothing of it was written by a member."""
    return f"{rule.text}（{said.figure} {rule.unit}）" if rule.unit else rule.text


# Rules of the room


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighingFacts:
    """What the room's table looks at: whether the document weighs prices, and by number the proposals that are open, on which the acting
    member has still to vote, and on which all have; bids with a claim that nothing was decided on."""

    weighs: bool = False
    open: frozenset[int] = frozenset()
    mine: frozenset[int] = frozenset()
    decidable: frozenset[int] = frozenset()
    claims_due: frozenset[str] = frozenset()


NOTHING_WEIGHED = WeighingFacts()


def proposes_a_weighing(facts: Facts) -> Refusal | None:
    """Once all prices are open, until the chair has said that they were looked through."""
    if not facts.weighing.weighs or not facts.price_check_due or facts.prices_due:
        return WrongState("weighing.not_now")
    return None


def votes_on_a_weighing(facts: Facts) -> Refusal | None:
    """One vote of each member on each proposal."""
    return None if facts.weighing.mine else WrongState("weighing.vote_not_due")


def weighing_can_be_decided(facts: Facts) -> Refusal | None:
    """When every member has voted."""
    return None if facts.weighing.decidable else WrongState("weighing.votes_missing")


def all_is_weighed(facts: Facts) -> Refusal | None:
    """Nothing is left to vote on, and every claim was decided."""
    if facts.weighing.open:
        return WrongState("weighing.open", count=len(facts.weighing.open))
    if facts.weighing.claims_due:
        return WrongState("weighing.claims_due", bids="、".join(sorted(facts.weighing.claims_due)))
    return None
