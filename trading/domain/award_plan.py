"""The award plan: fixed and hashed before the notice, it says by what rule, by whom and how the winner is found among the candidates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken
from trading.domain.clock import LegalRegime


class AwardMethod(Enum):
    """How the winner is found among the candidates; all but the first separate award from evaluation (评定分离)."""

    RANK_ONE = "RANK_ONE"  # 排名第一的中标候选人: Regulation on Tendering and Bidding, art. 55
    DIRECT_VOTE = "DIRECT_VOTE"
    ELIMINATION_VOTE = "ELIMINATION_VOTE"
    VOTE_THEN_DRAW = "VOTE_THEN_DRAW"
    PRICE_COMPETITION = "PRICE_COMPETITION"
    COLLECTIVE_DELIBERATION = "COLLECTIVE_DELIBERATION"
    SCORING_AWARD = "SCORING_AWARD"


class TieKey(Enum):
    """What decides after equal votes; a recorded draw follows the last of them in any case."""

    PRICE = "price"
    EVALUATION_SCORE = "evaluation_score"
    DRAW = "draw"


class Selection(Enum):
    """How members come to sit: named by the tenderer, or drawn from a list of more people than there are seats."""

    NAMED = "named"
    DRAWN = "drawn"


class FallOut(Enum):
    """What follows when a member falls out after the voting has begun."""

    RESTART = "restart"  # a successor comes, ballots so far are void
    GO_ON = "go_on"  # the others go on while they are as many as the quorum


class PriceGoal(Enum):
    """Whom the price competition looks for."""

    LOWEST = "lowest"
    NEAREST = "nearest"  # to the benchmark


class PriceMark(Enum):
    """The benchmark of a price competition, taken of the candidates' prices or of the price ceiling."""

    MEAN = "mean"
    SECOND_LOWEST = "second_lowest"
    CEILING = "ceiling"


class PublicityOrder(Enum):
    """What is made public first, which differs by place: the candidates before the award committee sits, or the result after it."""

    BEFORE_AWARD = "before_award"
    AFTER_AWARD = "after_award"


@dataclass(frozen=True, slots=True)
class Factor:
    """An award factor and its published definition; `shown` says from which paper it is seen, `weight` its points where members score."""

    id: str
    name: str
    definition: str
    shown: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class PriceRule:
    """The formula of a price competition: `factor` multiplies the benchmark."""

    goal: PriceGoal
    mark: PriceMark | None
    factor: str


@dataclass(frozen=True, slots=True)
class SpecialRule:
    """The rule of a special zone that lets a government procurement separate the award: number of the document, its words, the paper."""

    number: str
    text: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPlan:
    """The plan in the signed body of `award_plan.fix`. `quorum`: members who must be present; `legal_basis`: number of the document on
    which separation rests, `region_rule`: version of the local rule; both "" for RANK_ONE. `keep`: how many a vote before a draw
    leaves; `places`: decimals of the mean of scores. What stands after `region_rule` may be missing in plans of before."""

    method: AwardMethod
    members: int
    quorum: int
    ties: tuple[TieKey, ...]
    factors: tuple[Factor, ...]
    legal_basis: str
    region_rule: str
    selection: Selection = Selection.NAMED
    posts: tuple[str, ...] = ()
    chair_post: str = ""
    fall_out: FallOut = FallOut.RESTART
    abstention: bool = False
    keep: int = 1
    price: PriceRule | None = None
    places: int = 2
    special_rule: SpecialRule | None = None
    publicity: PublicityOrder = PublicityOrder.BEFORE_AWARD

    @property
    def separation(self) -> bool:
        """Whether award is separated from evaluation."""
        return self.method is not AwardMethod.RANK_ONE

    @classmethod
    def read(cls, plan: Mapping[str, object]) -> AwardPlan:
        """Of the plan object; raises RuleBroken `body.malformed` naming the member."""
        body = Body(plan, "plan.")
        method = body.choice("method", AwardMethod)
        least = 0 if method is AwardMethod.RANK_ONE else 1
        read = cls(
            method=method,
            members=body.count("members", most=99),
            quorum=body.count("quorum", most=99),
            ties=tuple(_tie(key) for key in body.texts("ties", 3, 20)),
            factors=tuple(_factor(entry, place) for place, entry in enumerate(body.objects("factors", least=least, most=20), 1)),
            legal_basis=body.text("legal_basis", 100, least=0),
            region_rule=body.text("region_rule", 100, least=0),
            selection=body.choice("selection", Selection) if body.has("selection") else Selection.NAMED,
            posts=body.texts("posts", 20, 60) if body.has("posts") else (),
            chair_post=body.text("chair_post", 60, least=0) if body.has("chair_post") else "",
            fall_out=body.choice("fall_out", FallOut) if body.has("fall_out") else FallOut.RESTART,
            abstention=body.flag("abstention") if body.has("abstention") else False,
            keep=body.count("keep", least=1, most=99) if body.has("keep") else 1,
            price=_price(body.part("price")) if body.has("price") else None,
            places=body.count("places", most=4) if body.has("places") else 2,
            special_rule=_special(body.part("special_rule")) if body.has("special_rule") else None,
            publicity=body.choice("publicity", PublicityOrder) if body.has("publicity") else PublicityOrder.BEFORE_AWARD,
        )
        body.done()
        return read


def publishes_after(plan: object) -> bool:
    """Whether a plan, as it was fixed, has the result published after the award, and the candidates not before it."""
    return isinstance(plan, Mapping) and plan.get("publicity") == PublicityOrder.AFTER_AWARD.value


def _tie(key: str) -> TieKey:
    try:
        return TieKey(key)
    except ValueError:
        raise RuleBroken("body.malformed", member="plan.ties") from None


_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
_POINTS = re.compile(r"(0|[1-9]\d{0,2})(\.\d{1,2})?")
_SHARE = re.compile(r"[0-9]\.\d{1,4}|[0-9]")


def _factor(body: Body, place: int) -> Factor:
    named = body.text("id", 20) if body.has("id") else f"F{place}"
    shown = body.text("shown", 100, least=0) if body.has("shown") else ""
    weight = body.text("weight", 6, least=0) if body.has("weight") else ""
    factor = Factor(named, body.text("name", 60), body.text("definition", 500), shown, weight)
    if _ID.fullmatch(named) is None:
        raise RuleBroken("body.malformed", member=f"plan.factors.{place - 1}.id")
    if weight and _POINTS.fullmatch(weight) is None:
        raise RuleBroken("body.malformed", member=f"plan.factors.{place - 1}.weight")
    body.done()
    return factor


def _price(body: Body) -> PriceRule:
    goal = body.choice("goal", PriceGoal)
    mark = body.choice("mark", PriceMark) if goal is PriceGoal.NEAREST else None
    factor = body.text("factor", 6) if goal is PriceGoal.NEAREST else "1"
    if _SHARE.fullmatch(factor) is None or not Decimal(factor):
        raise RuleBroken("body.malformed", member="plan.price.factor")
    body.done()
    return PriceRule(goal, mark, factor)


def _special(body: Body) -> SpecialRule:
    rule = SpecialRule(
        body.text("number", 100), body.text("text", 2000), body.text("name", 200), body.digest("sha256"), body.count("size", least=1)
    )
    body.done()
    return rule


@dataclass(frozen=True, slots=True)
class Needs:
    """What a method asks of a plan beside what all ask; what it does not ask for must be left out."""

    keep: bool = False
    price: bool = False
    chair: bool = False
    weights: bool = False
    may_abstain: bool = False


NEEDS: Mapping[AwardMethod, Needs] = {
    AwardMethod.RANK_ONE: Needs(),
    AwardMethod.DIRECT_VOTE: Needs(may_abstain=True),
    AwardMethod.ELIMINATION_VOTE: Needs(may_abstain=True),
    AwardMethod.VOTE_THEN_DRAW: Needs(keep=True, may_abstain=True),
    AwardMethod.PRICE_COMPETITION: Needs(price=True),
    AwardMethod.COLLECTIVE_DELIBERATION: Needs(chair=True),
    AwardMethod.SCORING_AWARD: Needs(weights=True),
}

FEWEST_MEMBERS = 5
FEWEST_KEPT = 3
"""A draw among fewer than three would decide little by vote and much by chance."""
ALL_POINTS = Decimal(100)


def check_plan(plan: AwardPlan, signed_sha256: str, computed_sha256: str, regime: LegalRegime) -> None:
    """Raises RuleBroken for the first rule that the plan breaks."""
    if signed_sha256 != computed_sha256:
        raise RuleBroken("award_plan.digest_other")
    if not plan.separation:
        if plan.members or plan.quorum or plan.ties or plan.factors or plan.posts or plan.special_rule or _is_after(plan):
            raise RuleBroken("award_plan.rank_one_needs_nothing", "招标投标法实施条例第五十五条")
        return
    check_basis(plan, regime)
    if plan.members < FEWEST_MEMBERS or plan.members % 2 == 0:
        raise RuleBroken("award_plan.members_unfit", least=FEWEST_MEMBERS)
    if not plan.members // 2 < plan.quorum <= plan.members:
        raise RuleBroken("award_plan.quorum_unfit", members=plan.members)
    if len(set(plan.ties)) < len(plan.ties) or not plan.ties or TieKey.DRAW in plan.ties[:-1]:
        raise RuleBroken("award_plan.ties_unfit")
    if refusal := _misfit(plan, NEEDS[plan.method]) or _seats_misfit(plan):
        raise refusal


def _is_after(plan: AwardPlan) -> bool:
    return plan.publicity is PublicityOrder.AFTER_AWARD


def _misfit(plan: AwardPlan, needs: Needs) -> Refusal | None:
    """What the method needs is there, and nothing that it does not know."""
    weights = [Decimal(factor.weight or 0) for factor in plan.factors]
    weighed = all(weights) if needs.weights else any(weights)
    faults = (
        (needs.keep and plan.keep < FEWEST_KEPT, "award_plan.keep_unfit"),
        (not needs.keep and plan.keep > 1, "award_plan.keep_unused"),
        (needs.price and plan.price is None, "award_plan.price_missing"),
        (not needs.price and plan.price is not None, "award_plan.price_unused"),
        (needs.chair and not plan.chair_post, "award_plan.chair_missing"),
        (needs.weights and not weighed, "award_plan.weights_missing"),
        (not needs.weights and weighed, "award_plan.weights_unused"),
        (needs.weights and sum(weights) != ALL_POINTS, "award_plan.weights_unfit"),
        (plan.abstention and not needs.may_abstain, "award_plan.abstention_unused"),
    )
    return next((RuleBroken(code, least=FEWEST_KEPT) for is_broken, code in faults if is_broken), None)


def _seats_misfit(plan: AwardPlan) -> Refusal | None:
    """Posts and factors each stand once; the chair's post is one of those that may sit."""
    if len(set(plan.posts)) < len(plan.posts):
        return RuleBroken("award_plan.posts_twice")
    if plan.chair_post and plan.chair_post not in plan.posts:
        return RuleBroken("award_plan.chair_no_post")
    if len({factor.id for factor in plan.factors}) < len(plan.factors) or len({factor.name for factor in plan.factors}) < len(plan.factors):
        return RuleBroken("award_plan.factors_twice")
    return None


def check_basis(plan: AwardPlan, regime: LegalRegime) -> None:
    """Raises RuleBroken where the separation of award and evaluation does not name the document and the local rule on which it rests; in
    government procurement the rule of a special zone with its paper, since the order of candidates binds there (art. 43)."""
    if regime is LegalRegime.GOVERNMENT_PROCUREMENT and plan.special_rule is None:
        raise RuleBroken("award_plan.separation_forbidden", "政府采购法实施条例第四十三条")
    if not plan.legal_basis or not plan.region_rule:
        raise RuleBroken("award_plan.basis_missing", "招标投标法实施条例第五十五条")
