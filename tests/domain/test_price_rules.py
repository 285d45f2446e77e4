"""How a tender document weighs prices: what may stand in it, under which law, and how a form types it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from tests.builders.trading import document_body
from trading.domain.clock import LegalRegime
from trading.domain.document import TenderDocument, check
from trading.domain.price_fields import PriceFields
from trading.domain.price_rules import Preference, PriceRules, check_price_rules, claims_of
from trading.domain.review_fields import ReviewFields, put_together, take_apart
from trading.domain.review_plan import ReviewPlan, plan_of

LATE = {"id": "adjust.1", "text": "工期每延误一周", "article": "须知 5.3", "measure": "percent", "each": "0.5", "unit": "周"}
EARLY = {"id": "adjust.2", "text": "每提前一个月", "article": "须知 5.4", "measure": "amount", "each": "-40", "unit": "月"}
TAX = {"id": "adjust.3", "text": "未含税费", "article": "须知 5.5", "measure": "percent", "each": "25", "unit": ""}
MISSING = {"id": "adjust.4", "text": "漏项补足", "article": "须知 5.6", "measure": "amount", "each": "", "unit": ""}
SMALL = {"kind": "small", "percent": "10", "article": "须知 6.1"}
GREEN = {"kind": "green", "percent": "2.5", "article": "须知 6.2"}
SAID: dict[str, Any] = {
    "checks": [],
    "price_check": False,
    "adjustments": [LATE, EARLY, TAX, MISSING],
    "preferences": [SMALL, GREEN],
}
LINES = "工期每延误一周｜+0.5%/周｜须知 5.3\n\n每提前一个月 | －40 元／月 | 须知 5.4\n未含税费｜25％｜须知 5.5\n漏项补足｜yuan｜须知 5.6"


def test_what_weighs_prices_is_read_and_written_as_signed() -> None:
    plan = ReviewPlan.read(Body(SAID))
    assert plan.to_json() == SAID and plan.looks_at_prices and not plan.price_check
    assert plan.prices.adjustment("adjust.2").each == Decimal(-40)  # type: ignore[union-attr]
    assert plan.prices.preference("preference.green").percent == Decimal("2.5")  # type: ignore[union-attr]
    assert plan.prices.adjustment("preference.green") is plan.prices.preference("adjust.1") is None
    assert not ReviewPlan().looks_at_prices and ReviewPlan(price_check=True).looks_at_prices
    assert not plan_of({"checks": [], "price_check": False}).prices
    only = plan_of({"checks": [], "price_check": False, "preferences": [SMALL]})
    assert only.looks_at_prices and "adjustments" not in only.to_json()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"adjustments": [LATE, LATE]}, "document.review_price_twice"),
        ({"preferences": [SMALL, SMALL | {"percent": "6"}]}, "document.review_price_twice"),
        ({"adjustments": [LATE | {"each": "0"}]}, "document.review_adjustment"),
        ({"adjustments": [LATE | {"each": "100"}]}, "document.review_adjustment"),
        ({"adjustments": [LATE | {"each": "+1"}]}, "document.review_adjustment"),
        ({"adjustments": [LATE | {"each": ""}]}, "document.review_adjustment"),
        ({"adjustments": [LATE | {"id": "preference.small"}]}, "document.review_adjustment"),
        ({"adjustments": [LATE | {"id": "No 1"}]}, "document.review_adjustment"),
        ({"adjustments": [LATE | {"measure": "points"}]}, "body.malformed"),
        ({"adjustments": []}, "body.malformed"),
        ({"preferences": [SMALL | {"percent": "20.1"}]}, "document.review_preference"),
        ({"preferences": [SMALL | {"percent": "0"}]}, "document.review_preference"),
        ({"preferences": [SMALL | {"percent": "一成"}]}, "document.review_preference"),
        ({"preferences": [SMALL | {"kind": "large"}]}, "body.malformed"),
    ],
)
def test_what_does_not_fit_is_refused(said: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        ReviewPlan.read(Body({"checks": [], "price_check": False} | said))
    assert refusal.value.code == code


def test_procurement_weighs_nothing_but_its_policies() -> None:
    both, preferences = plan_of(SAID).prices, plan_of(SAID | {"adjustments": [LATE]}).prices
    check_price_rules(both, LegalRegime.CONSTRUCTION)
    check_price_rules(PriceRules((), preferences.preferences), LegalRegime.GOVERNMENT_PROCUREMENT)
    with pytest.raises(RuleBroken) as refusal:
        check_price_rules(both, LegalRegime.GOVERNMENT_PROCUREMENT)
    assert refusal.value.code == "document.review_adjustments_regime"


def test_a_document_that_weighs_prices_is_held_against_its_law() -> None:
    body = document_body(review=SAID)
    read, digest, estimate = TenderDocument.read(body), str(body["document_sha256"]), Money.yuan("150000000.00")
    check(read, digest, LegalRegime.CONSTRUCTION, estimate)
    with pytest.raises(RuleBroken) as refusal:
        check(read, digest, LegalRegime.GOVERNMENT_PROCUREMENT, estimate)
    assert refusal.value.code == "document.review_adjustments_regime"


def test_a_bid_claims_by_saying_where_its_declaration_is() -> None:
    items = {"工期": "540 日历天", "价格扣除：小微企业": " 第 12 页 ", "价格扣除：监狱企业": " "}
    assert claims_of(items) == {Preference.SMALL: "第 12 页"}


def test_lines_and_rows_become_rules_and_come_back() -> None:
    prices = PriceFields(LINES, {"small": "10%", "green": "2.5", "prison": " "}, {"small": "须知 6.1", "green": " 须知 6.2"})
    assert put_together(ReviewFields(prices=prices)) == SAID
    shown = take_apart(SAID)
    assert put_together(shown) == SAID
    assert shown.prices.adjustments.splitlines()[:2] == ["工期每延误一周｜+0.5%/周｜须知 5.3", "每提前一个月｜-40元/月｜须知 5.4"]
    assert put_together(ReviewFields(prices=PriceFields(" \n"))) == {}


@pytest.mark.parametrize(
    ("prices", "code"),
    [
        (PriceFields("工期每延误一周｜+0.5%/周"), "document.review_adjustment_line"),
        (PriceFields("工期｜每周半个点｜须知 5.3"), "document.review_adjustment_line"),
        (PriceFields("工期｜%/周｜须知 5.3"), "document.review_adjustment_line"),
        (PriceFields("｜+0.5%/周｜须知 5.3"), "document.review_adjustment_line"),
        (PriceFields(f"工期｜+0.5%/周｜{'长' * 101}"), "document.review_adjustment_line"),
        (PriceFields(percents={"small": "10"}), "document.review_preference_row"),
        (PriceFields(articles={"small": "须知"}), "document.review_preference_row"),
        (PriceFields(percents={"small": "30"}, articles={"small": "须知"}), "document.review_preference"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(prices: PriceFields, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        put_together(ReviewFields(prices=prices))
    assert refusal.value.code == code
