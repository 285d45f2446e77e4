"""The scoring case is put together from method, prices and signed sheets, and evaluated by the functions of the offline command."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from evaluation.domain.methods import CaseFault
from evaluation.domain.scoring_case import PricedBid, assemble, digest, full_result, technical_result, with_drawn
from evaluation.domain.sheet import BidScores

METHOD: dict[str, Any] = {
    "case": "T2026-000001-1",
    "method": "comprehensive",
    "price_ceiling": "200.00",
    "price": {"kind": "deviation", "max": "60", "weight": "1", "above": "2", "below": "1", "benchmark": {"kind": "mean"}},
    "criteria": [{"id": "tech", "part": "technical", "max": "40", "weight": "1"}],
    "part_minimum": {"technical": "28"},
    "aggregation": {"kind": "mean", "over": "criterion"},
    "rounding": {"price_score": 2, "total": 2},
    "candidates": 3,
}


def sheets(**marks: str) -> dict[str, list[BidScores]]:
    given = [BidScores(code.replace("_", "-"), {"tech": mark}, {}) for code, mark in marks.items()]
    return {"10": given, "2": list(reversed(given))}


def test_the_case_lists_bids_and_sheets_in_the_order_of_their_names() -> None:
    case = assemble(METHOD, [PricedBid("T-20"), PricedBid("T-10", Decimal("100.00"))], sheets(T_20="30", T_10="33.5"))
    assert case["bids"] == [{"id": "T-10", "price": "100.00", "rejected": False}, {"id": "T-20", "price": None, "rejected": False}]
    told: Any = case["sheets"]
    assert [(one["expert"], one["bid"]) for one in told] == [("E2", "T-10"), ("E2", "T-20"), ("E10", "T-10"), ("E10", "T-20")]
    assert json.loads(json.dumps(case)) == case and len(digest(case)) == 64


def test_at_the_lock_prices_are_shut_and_the_minimum_decides() -> None:
    case = assemble(METHOD, [PricedBid("T-10"), PricedBid("T-20")], sheets(T_10="33.5", T_20="27.2"))
    result = technical_result(case)
    assert result.passed == ("T-10",) and result.failed == ("T-20",)
    assert result.points == {"T-10": "33.5", "T-20": "27.2"}
    assert set(result.to_json()) == {"passed", "failed", "points", "steps"}


def test_the_summary_leaves_shut_envelopes_out_of_the_benchmark() -> None:
    bids = [PricedBid("T-10", Decimal("100.00")), PricedBid("T-20"), PricedBid("T-30", Decimal("110.00"))]
    result: Any = full_result(assemble(METHOD, bids, sheets(T_10="33.5", T_20="27.2", T_30="30")))
    assert result["benchmark"] == "105" and result["rejected"] == [{"bid": "T-20", "code": "below_minimum"}]
    assert [row["bid"] for row in result["rows"]] == ["T-10", "T-30"]


def test_a_price_envelope_that_failed_makes_its_bid_a_rejected_one() -> None:
    bids = [PricedBid("T-10", Decimal("100.00")), PricedBid("T-20", failed=True)]
    result: Any = full_result(assemble(METHOD, bids, sheets(T_10="30", T_20="30")))
    assert result["rejected"] == [{"bid": "T-20", "code": "rejected"}] and result["candidates"] == ["T-10"]


def test_a_case_in_which_no_bid_counts_gives_an_empty_ranking() -> None:
    none: Any = full_result(assemble(METHOD, [], {}))
    assert none["rows"] == [] and none["candidates"] == []
    out: Any = full_result(assemble(METHOD, [PricedBid("T-10", Decimal("201.00"))], sheets(T_10="30")))
    assert out["rejected"] == [{"bid": "T-10", "code": "above_ceiling"}] and out["rows"] == []


def test_a_case_that_cannot_be_evaluated_stays_a_fault() -> None:
    broken = METHOD | {"price": METHOD["price"] | {"benchmark": {"kind": "reference"}}}
    with pytest.raises(CaseFault):
        full_result(assemble(broken, [PricedBid("T-10", Decimal("100.00"))], sheets(T_10="30")))


def test_the_technical_stage_needs_no_reference_price_while_it_is_shut() -> None:
    method = METHOD | {"price": METHOD["price"] | {"benchmark": {"kind": "reference"}}}
    shut = assemble(method | {"reference_price": None}, [PricedBid("T-10"), PricedBid("T-20")], sheets(T_10="33.5", T_20="27.2"))
    assert technical_result(shut) == technical_result(shut | {"reference_price": "100.00"})


def test_what_was_drawn_is_written_into_the_coefficients_and_nowhere_else() -> None:
    method = {**METHOD, "coefficients": [{"id": "K", "from": "0.95", "to": "0.99"}, "rubbish"]}
    assert with_drawn(method, {"K": "0.97"})["coefficients"] == [{"id": "K", "from": "0.95", "to": "0.99", "drawn": "0.97"}]
    assert with_drawn(method, {}) == method and with_drawn(METHOD, {"K": "0.97"}) == METHOD
