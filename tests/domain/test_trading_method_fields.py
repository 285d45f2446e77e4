"""A method part as the fields of a form: what is taken apart is put together again, whatever else it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from tests.builders.trading import method_part
from tests.domain.test_trading_method import CEILING, GOOD
from trading.domain.clock import LegalRegime
from trading.domain.method import check_method
from trading.domain.method_fields import MethodFields, beginning, field_of, put_together, take_apart

CASES = Path(__file__).parents[1] / "oracles" / "cases"


def published() -> dict[str, dict[str, Any]]:
    """The methods of the published scoring cases, their criteria written in full as a tender document asks."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(CASES.glob("*.json")):
        case = json.loads(file.read_text(encoding="utf-8")).get("case")
        if isinstance(case, dict) and "price" in case:
            whole = [{"weight": "1"} | one for one in case.get("criteria", [])]
            found[file.stem] = {key: value for key, value in case.items() if key not in ("bids", "sheets")} | {"criteria": whole}
    return found


@pytest.mark.parametrize("name", GOOD)
def test_every_form_of_method_comes_back_as_it_was(name: str) -> None:
    method = GOOD[name] | {"price_ceiling": str(CEILING)}
    assert put_together(take_apart(method), CEILING) == method


@pytest.mark.parametrize("name", published())
def test_published_methods_come_back_as_they_were(name: str) -> None:
    method = published()[name] | {"price_ceiling": "1.00"}
    assert put_together(take_apart(method), Money(100)) == method


def test_the_plain_method_is_all_fields() -> None:
    said = take_apart(method_part())
    assert said.rest == {"reference_price": None}
    assert said.criteria == (("method", "technical", "40", "1"),)
    assert said.ties == ("lower_price",)
    assert said.typed["technical_least"] == "28" and said.typed["benchmark"] == "mean" and said.typed["places_total"] == "2"


def test_a_typed_field_takes_the_place_of_what_the_rest_says() -> None:
    said = MethodFields({"floor": "5", "over": "sheet"}, rest={"price": {"floor": None}, "aggregation": None})
    made = put_together(said, CEILING)
    assert made["price"] == {"floor": "5"} and made["aggregation"] == {"over": "sheet"}


@pytest.mark.parametrize("text", ["", "-1", "1.5", "十", "12345"])
def test_a_count_that_is_none_is_named(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        put_together(MethodFields({"places_total": text}), CEILING)
    assert (refused.value.code, refused.value.facts) == ("method.malformed", {"member": "rounding.total"})


@pytest.mark.parametrize("regime", LegalRegime)
def test_a_new_form_lacks_only_what_must_be_decided(regime: LegalRegime) -> None:
    began = beginning(regime)
    typed = {**began.typed, "price_max": "60"} | ({"above": "1", "below": "0.5"} if regime is LegalRegime.CONSTRUCTION else {})
    made = put_together(MethodFields(typed, (("施工方案", "technical", "40", "1"),), began.ties), CEILING)
    check_method(made, CEILING, 2)


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("price.benchmark.kind", "benchmark"),
        ("rounding.total", "places_total"),
        ("criteria.3", "criteria"),
        ("tie_break.0", "tie_break"),
        ("coefficients.0.values", ""),
    ],
)
def test_what_a_refusal_names_is_found_in_the_form(member: str, name: str) -> None:
    assert field_of(member) == name
