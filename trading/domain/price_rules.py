"""What a tender document says of evaluated prices: deviations weighed by rule (细微偏差量化), and price preference by kind (价格扣除)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain.clock import LegalRegime

MOST_ADJUSTMENTS = 30
MOST_PERCENT = Decimal(20)
"""The most that a preference takes off (财库〔2022〕19号 art. 3); an adjustment of a percentage stays below 100."""

_ID = re.compile(r"[a-z][a-z0-9_.]{0,39}")
_EACH = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
_PERCENT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?")
_ARTICLE = "招标投标法第十九条"


class Measure(StrEnum):
    """In what an adjustment is counted: yuan, or percent of the corrected price."""

    AMOUNT = "amount"
    PERCENT = "percent"


class Preference(StrEnum):
    """Whose price is lowered for the evaluation, the contract's never (政府采购促进中小企业发展管理办法 art. 9)."""

    SMALL = "small"
    PRISON = "prison"  # treated as a small firm (财库〔2014〕68号)
    WELFARE = "welfare"  # the same, of disabled people (财库〔2017〕141号)
    GREEN = "green"  # energy-saving and environmental products (财库〔2019〕9号)


ALIKE = frozenset({Preference.SMALL, Preference.PRISON, Preference.WELFARE})
"""Of these a bid has one, never two (财库〔2017〕141号 art. 4)."""

CLAIMS: Mapping[Preference, str] = {
    # under which name a bid's `items` claim it: what stands there says where the declaration is
    Preference.SMALL: "价格扣除：小微企业",
    Preference.PRISON: "价格扣除：监狱企业",
    Preference.WELFARE: "价格扣除：残疾人福利性单位",
    Preference.GREEN: "价格扣除：节能环保产品",
}


@dataclass(frozen=True, slots=True)
class AdjustmentRule:
    """What is weighed and how: `each` for each `unit`, or once where `unit` is ""; None: the committee says how much."""

    id: str
    text: str
    article: str
    measure: Measure
    each: Decimal | None = None
    unit: str = ""

    @property
    def counted(self) -> str:
        """How it counts, as it is typed: `+0.5%/周`, `-40元/月`, or `元` where the committee says how much."""
        each = "" if self.each is None else f"{self.each:+f}"
        return f"{each}{'元' if self.measure is Measure.AMOUNT else '%'}{'/' if self.unit else ''}{self.unit}"


@dataclass(frozen=True, slots=True)
class PreferenceRule:
    """How many percent of its evaluated price a bid of that kind is let off."""

    kind: Preference
    percent: Decimal
    article: str

    @property
    def id(self) -> str:
        """How a decision names it: no adjustment may be called so."""
        return f"preference.{self.kind}"


@dataclass(frozen=True, slots=True)
class PriceRules:
    """All that may come between a price and its evaluated price; empty: nothing but corrections does."""

    adjustments: tuple[AdjustmentRule, ...] = ()
    preferences: tuple[PreferenceRule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.adjustments or self.preferences)

    @classmethod
    def of(cls, review: Mapping[str, object]) -> PriceRules:
        """Of a review plan as it was signed or saved; raises RuleBroken."""
        return cls.take(Body(review, "review."))

    @classmethod
    def take(cls, review: Body) -> PriceRules:
        """Takes `adjustments` and `preferences` out of a document's `review`, which may have neither; raises RuleBroken."""
        found = cls(
            tuple(_adjustment(one) for one in review.objects("adjustments", least=1, most=MOST_ADJUSTMENTS))
            if review.has("adjustments")
            else (),
            tuple(_preference(one) for one in review.objects("preferences", least=1, most=len(Preference)))
            if review.has("preferences")
            else (),
        )
        names = [*(one.id for one in found.adjustments), *(one.id for one in found.preferences)]
        if len(set(names)) < len(names):
            raise RuleBroken("document.review_price_twice", _ARTICLE)
        return found

    def to_json(self) -> dict[str, JSON]:
        """Its members of `review`; none where nothing is said."""
        said: dict[str, JSON] = {}
        if self.adjustments:
            said["adjustments"] = [
                {
                    "id": one.id,
                    "text": one.text,
                    "article": one.article,
                    "measure": one.measure.value,
                    "each": "" if one.each is None else f"{one.each:f}",
                    "unit": one.unit,
                }
                for one in self.adjustments
            ]
        if self.preferences:
            said["preferences"] = [
                {"kind": one.kind.value, "percent": f"{one.percent:f}", "article": one.article} for one in self.preferences
            ]
        return said

    def adjustment(self, name: str) -> AdjustmentRule | None:
        """The rule of a deviation, by id."""
        return next((one for one in self.adjustments if one.id == name), None)

    def preference(self, name: str) -> PreferenceRule | None:
        """The rule of a preference, by id."""
        return next((one for one in self.preferences if one.id == name), None)


NO_RULES = PriceRules()
"""Of a document that weighs nothing."""


def claims_of(items: Mapping[str, str]) -> dict[Preference, str]:
    """What a bid claims, from what was read out of the envelope that holds its price: kind → where it says the declaration stands."""
    return {kind: said for kind, name in CLAIMS.items() if (said := items.get(name, "").strip())}


def check_price_rules(rules: PriceRules, regime: LegalRegime) -> None:
    """Raises RuleBroken where procurement would weigh a price by anything but its policies (87号令 art. 54 and 55)."""
    if rules.adjustments and regime is LegalRegime.GOVERNMENT_PROCUREMENT:
        raise RuleBroken("document.review_adjustments_regime", "政府采购货物和服务招标投标管理办法第五十四条")


def percentage(written: str) -> Decimal:
    """A preference above 0 and of at most 20 %; raises RuleBroken for what is none."""
    if _PERCENT.fullmatch(written) is None or not 0 < Decimal(written) <= MOST_PERCENT:
        raise RuleBroken("document.review_preference", _ARTICLE, percent=written[:20])
    return Decimal(written)


def _adjustment(body: Body) -> AdjustmentRule:
    name, text, article = body.text("id", 40), body.text("text", 200), body.text("article", 100)
    measure, each, unit = body.choice("measure", Measure), body.text("each", 18, least=0), body.text("unit", 10, least=0)
    body.done()
    fits = not unit if not each else _EACH.fullmatch(each) is not None and _is_weight(Decimal(each), measure)
    if not fits or _ID.fullmatch(name) is None or name.startswith("preference."):
        raise RuleBroken("document.review_adjustment", _ARTICLE, id=name)
    return AdjustmentRule(name, text, article, measure, Decimal(each) if each else None, unit)


def _is_weight(each: Decimal, measure: Measure) -> bool:
    return each != 0 and (measure is Measure.AMOUNT or abs(each) < 100)


def _preference(body: Body) -> PreferenceRule:
    rule = PreferenceRule(body.choice("kind", Preference), percentage(body.text("percent", 7)), body.text("article", 100))
    body.done()
    return rule
