"""What the tender document says of the review: its own checklist, abnormally low prices, whether and how prices are looked through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from trading.domain.price_rules import NO_RULES, PriceRules

GROUPS = ("formality", "qualification", "responsiveness", "conformity")
LIMITS = ("of_mean", "of_second_lowest", "of_ceiling")
MOST_CHECKS = 60
_ID = re.compile(r"[a-z][a-z0-9_.]{0,59}")
_PERCENT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One item of the document's checklist: what is asked, in which group, by which article of the document or the law."""

    id: str
    group: str
    text: str
    article: str


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """`checks` empty: the law's own list; `low_price`: percent of the mean, of the second lowest and of the ceiling, None: no limit stated;
    `price_check`: the summary waits until the committee has looked through the opened prices; `prices`: how it weighs them."""

    checks: tuple[PlannedCheck, ...] = ()
    low_price: Mapping[str, Decimal] | None = None
    price_check: bool = False
    prices: PriceRules = NO_RULES

    @property
    def looks_at_prices(self) -> bool:
        """Whether the chair says when the committee is done with the opened prices."""
        return self.price_check or bool(self.prices)

    @classmethod
    def read(cls, signed: Body) -> ReviewPlan:
        """From the member `review` of a tender document; raises RuleBroken naming what is malformed."""
        checks = tuple(_check(one) for one in signed.objects("checks", least=0, most=MOST_CHECKS))
        limits = signed.part_if_any("low_price")
        plan = cls(checks, None if limits is None else _limits(limits), signed.flag("price_check"), PriceRules.take(signed))
        signed.done()
        if len({check.id for check in checks}) != len(checks):
            raise RuleBroken("document.review_check_twice", "招标投标法第十九条")
        return plan

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        checks: list[JSON] = [{"id": one.id, "group": one.group, "text": one.text, "article": one.article} for one in self.checks]
        said: dict[str, JSON] = {"checks": checks, "price_check": self.price_check, **self.prices.to_json()}
        return said if self.low_price is None else said | {"low_price": {name: f"{value:f}" for name, value in self.low_price.items()}}


def plan_of(said: object) -> ReviewPlan:
    """The plan in a tender document's `review`, as signed or kept; an empty one where the document has none."""
    return ReviewPlan.read(Body(said, "review.")) if isinstance(said, Mapping) else ReviewPlan()


def _check(body: Body) -> PlannedCheck:
    check = PlannedCheck(body.text("id", 60), body.text("group", 20), body.text("text", 200), body.text("article", 100))
    body.done()
    if check.group not in GROUPS or _ID.fullmatch(check.id) is None:
        raise RuleBroken("document.review_check", "招标投标法第十九条", id=check.id)
    return check


def _limits(body: Body) -> dict[str, Decimal]:
    found = {name: limit(body.text(name, 7)) for name in LIMITS}
    body.done()
    return found


def limit(written: str) -> Decimal:
    """A percentage from 0 to 99 with at most four decimals; raises RuleBroken for what is none."""
    if _PERCENT.fullmatch(written) is None:
        raise RuleBroken("document.review_limit", "招标投标法第十九条", limit=written[:20])
    return Decimal(written)
