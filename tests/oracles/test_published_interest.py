"""Published interest, and the three sums of a bank year that the field computes by hand."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from core.kernel.money import Money
from deposits.domain.interest import Part, Rate, interest, simple, to_fen

CASE = json.loads((Path(__file__).parent / "cases" / "047.json").read_text(encoding="utf-8"))


def test_case_047_interest_of_a_claim() -> None:
    start, end = (date.fromisoformat(CASE["inputs"][name]) for name in ("start", "end"))
    days, rules = (end - start).days, CASE["rules"]
    assert days == int(CASE["expected"]["days"])
    found = simple(Money.yuan(rules["principal"]), Decimal(rules["rate"]), days, int(rules["year"]))
    assert found.quantize(Decimal("0.1"), ROUND_HALF_UP) == Decimal(CASE["expected"]["interest"])
    assert str(to_fen(found)) == "4129.52"


@pytest.mark.parametrize(
    ("principal", "percent", "days", "expected"),
    [("200000", "0.05", 47, "13.06"), ("200000", "0.10", 47, "26.11"), ("800000", "0.10", 38, "84.44")],
)
def test_interest_of_deposits_by_a_bank_year(principal: str, percent: str, days: int, expected: str) -> None:
    since, rates = date(2026, 3, 2), (Rate(date(2000, 1, 1), Decimal(percent) / 100),)
    assert str(interest([Part(Money.yuan(principal), since)], since + timedelta(days=days), rates)) == expected
