"""A scoring case that is none is refused, with the place of its fault."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evaluation.domain.methods import CaseFault, evaluate, parse_case, parse_method
from evaluation.domain.methods.wording import FAULTS
from tests.builders.scoring import Case

WHOLE: Case = {
    "case": "example",
    "method": "comprehensive",
    "price_ceiling": "5200.00",
    "reference_price": None,
    "rounding": {"mode": "half_up", "benchmark": 2, "weighted": None},
    "price": {
        "kind": "deviation",
        "max": "60",
        "weight": "1",
        "above": "1.0",
        "below": "0.5",
        "step": "linear",
        "floor": "0",
        "benchmark": {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 4, "factor": "0.97"},
        "outliers": [{"test": "above_next", "percent": "90", "inclusive": True, "then": "fixed", "score": "1"}],
    },
    "criteria": [{"id": "tech", "part": "technical", "max": "40", "weight": "1"}],
    "part_minimum": {"technical": "1"},
    "aggregation": {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5, "over": "criterion"},
    "tie_break": ["lower_price"],
    "candidates": 3,
    "bids": [
        {"id": "A", "price": "4850.00", "adjustments": [{"kind": "amount", "value": "1", "reason": "x"}], "preference_percent": "0"},
        {"id": "B", "price": "4900", "rejected": False},
    ],
    "sheets": [{"expert": "E1", "bid": "A", "scores": {"tech": "33.5"}}, {"expert": "E1", "bid": "B", "scores": {"tech": "30"}}],
}
ABSENT = object()
MIX = {"kind": "mix", "parts": [{"share": "1", "of": {"kind": "lowest"}}]}


def changed(*changes: tuple[str, object]) -> Case:
    """The whole case with members replaced (`a.0.b`), or taken out where the value is ABSENT."""
    case = copy.deepcopy(WHOLE)
    for path, value in changes:
        *way, last = path.split(".")
        place: Any = case
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        if value is ABSENT:
            del place[last]
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    return case


def fault(case: object) -> CaseFault:
    with pytest.raises(CaseFault) as caught:
        evaluate(parse_case(case))
    assert caught.value.reason and "{" not in caught.value.reason_in("en")
    return caught.value


def nested(depth: int) -> dict[str, Any]:
    benchmark: dict[str, Any] = {"kind": "lowest"}
    for _ in range(depth):
        benchmark = {"kind": "mix", "parts": [{"share": "1", "of": benchmark}]}
    return benchmark


K = {"id": "K", "values": ["0.97", "1"], "sets": ["$.price.benchmark.factor"]}

REFUSED: list[tuple[str, object, str, str]] = [
    # coefficients
    ("coefficients", [{**K, "drawn": "0.98"}], "$.coefficients[0].drawn", "not_among_values"),
    ("coefficients", [{**K, "sets": ["$.price.factor"]}], "$.coefficients[0].sets[0]", "no_such_place"),
    ("coefficients", [K, K], "$.coefficients", "duplicate_id"),
    # scores and sheets
    ("sheets.0.scores.tech", "40.1", "$.sheets[0].scores.tech", "score_out_of_range"),
    ("sheets.1.scores.tech", "-0.1", "$.sheets[1].scores.tech", "score_out_of_range"),
    ("sheets.0.scores.tech", ABSENT, "$.sheets[0].scores.tech", "missing"),
    ("sheets.0.scores.team", "1", "$.sheets[0].scores.team", "unknown_criterion"),
    ("sheets.0.scores", ["33"], "$.sheets[0].scores", "not_an_object"),
    ("sheets.0.bid", "Z", "$.sheets[0].bid", "unknown_bid"),
    ("sheets.1.bid", "A", "$.sheets[1]", "second_sheet"),
    ("sheets.1.expert", "E2", "$.sheets", "missing_sheet"),
    ("sheets", [], "$.sheets", "criteria_without_sheets"),
    ("sheets", ABSENT, "$.sheets", "criteria_without_sheets"),
    ("sheets", {}, "$.sheets", "not_a_list"),
    ("sheets.0.expert", "", "$.sheets[0].expert", "empty_id"),
    # unknown words
    ("method", "best_guess", "$.method", "unknown_kind"),
    ("price.kind", "free", "$.price.kind", "unknown_kind"),
    ("price.step", "round", "$.price.step", "unknown_kind"),
    ("price.benchmark.kind", "median", "$.price.benchmark.kind", "unknown_kind"),
    ("price.outliers.0.test", "odd", "$.price.outliers[0].test", "unknown_kind"),
    ("price.outliers.0.then", "shrug", "$.price.outliers[0].then", "unknown_kind"),
    ("aggregation.kind", "median", "$.aggregation.kind", "unknown_kind"),
    ("aggregation.over", "expert", "$.aggregation.over", "unknown_kind"),
    ("rounding.mode", "up", "$.rounding.mode", "unknown_kind"),
    ("tie_break.0", "first_come", "$.tie_break[0]", "unknown_kind"),
    ("lots", [{"draw": "tie-1-1", "order": ["A", "B"]}], "$.lots[0]", "lots_without_draw"),
    ("bids.0.adjustments.0.kind", "gift", "$.bids[0].adjustments[0].kind", "unknown_kind"),
    ("part_minimum", {"staff": "1"}, "$.part_minimum.staff", "unknown_part"),
    # numbers
    ("bids.0.price", 4850, "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", Decimal("4850.0"), "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "4,850", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "1e3", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "+1", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "1.", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "１００", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "100\n", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "1234567890123456", "$.bids[0].price", "not_a_decimal"),
    ("bids.0.price", "1.1234567890123", "$.bids[0].price", "not_a_decimal"),
    ("price.max", True, "$.price.max", "not_a_decimal"),
    ("criteria.0.max", None, "$.criteria[0].max", "not_a_decimal"),
    ("part_minimum", {"technical": 28}, "$.part_minimum.technical", "not_a_decimal"),
    ("bids.0.preference_percent", 6, "$.bids[0].preference_percent", "not_a_decimal"),
    ("rounding.benchmark", "2", "$.rounding.benchmark", "not_a_count"),
    ("rounding.benchmark", -1, "$.rounding.benchmark", "not_a_count"),
    ("rounding.benchmark", 31, "$.rounding.benchmark", "too_many_places"),
    ("candidates", True, "$.candidates", "not_a_count"),
    ("candidates", Decimal(3), "$.candidates", "not_a_count"),
    ("aggregation.drop_high", "1", "$.aggregation.drop_high", "not_a_count"),
    ("price.outliers.0.inclusive", "true", "$.price.outliers[0].inclusive", "not_a_flag"),
    ("bids.1.rejected", 0, "$.bids[1].rejected", "not_a_flag"),
    # prices above 0
    ("bids.0.price", "0", "$.bids[0].price", "price_not_positive"),
    ("bids.0.price", "-1", "$.bids[0].price", "price_not_positive"),
    ("price_ceiling", "0", "$.price_ceiling", "price_not_positive"),
    ("bids.0.adjustments.0.value", "-4850", "$.bids[0].adjustments", "price_not_positive"),
    (
        "bids.0.adjustments",
        [{"kind": "correction", "value": "-4850"}, {"kind": "amount", "value": "5"}],
        "$.bids[0].adjustments",
        "price_not_positive",
    ),
    ("bids.0.preference_percent", "100", "$.bids[0].preference_percent", "price_not_positive"),
    ("bids.0.price", None, "$.bids[0].price", "price_needed"),
    ("price.benchmark.factor", "0", "$.price.benchmark", "benchmark_not_positive"),
    # ids
    ("bids.1.id", "A", "$.bids[1].id", "duplicate_id"),
    ("bids.1.id", 7, "$.bids[1].id", "not_text"),
    ("criteria", [WHOLE["criteria"][0], WHOLE["criteria"][0]], "$.criteria[1].id", "duplicate_id"),
    # what is missing or unknown
    ("method", ABSENT, "$.method", "missing"),
    ("price", ABSENT, "$.price", "missing"),
    ("price.above", ABSENT, "$.price.above", "missing"),
    ("price.benchmark", ABSENT, "$.price.benchmark", "missing"),
    ("price.benchmark.trim_from", ABSENT, "$.price.benchmark.trim_from", "missing"),
    ("price.outliers.0.score", ABSENT, "$.price.outliers[0].score", "missing"),
    ("aggregation", ABSENT, "$.aggregation", "missing"),
    ("bids", ABSENT, "$.bids", "missing"),
    ("bids.0.price", ABSENT, "$.bids[0].price", "missing"),
    ("colour", "red", "$.colour", "unknown_field"),
    ("bids.0.a b'c", "1", "$.bids[0]['a b\\'c']", "unknown_field"),
    ("rounding.price", 2, "$.rounding.price", "unknown_field"),
    ("price.slope", "1", "$.price.slope", "unknown_field"),
    # benchmarks and trims
    ("price.benchmark", {"kind": "reference"}, "$.reference_price", "used_and_missing"),
    ("price.benchmark", {"kind": "mix", "parts": [{"share": "1", "of": {"kind": "reference"}}]}, "$.reference_price", "used_and_missing"),
    ("price.benchmark", {"kind": "mix", "parts": []}, "$.price.benchmark.parts", "shares_not_one"),
    (
        "price.benchmark",
        {"kind": "mix", "parts": [{"share": "0.9", "of": {"kind": "lowest"}}]},
        "$.price.benchmark.parts",
        "shares_not_one",
    ),
    ("price.benchmark", nested(9), "$.price.benchmark" + ".parts[0].of" * 8, "nested_too_deep"),
    (
        "price.benchmark",
        {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 2},
        "$.price.benchmark",
        "trim_leaves_nothing",
    ),
    (
        "price.benchmark",
        {"kind": "trimmed_mean", "drop_high": 9, "drop_low": 0, "trim_from": 0},
        "$.price.benchmark",
        "trim_leaves_nothing",
    ),
    ("aggregation.trim_from", 1, "$.aggregation", "trim_leaves_nothing"),
    (
        "price.benchmark",
        {"kind": "mean", "band": {"below_percent": "0.1", "above_percent": "0.1"}},
        "$.price.benchmark.band",
        "empty_band",
    ),
    (
        "price.benchmark",
        {"kind": "lowest", "band": {"below_percent": "1", "above_percent": "1"}},
        "$.price.benchmark.band",
        "band_not_used",
    ),
    # nothing left
    ("bids", [], "$.bids", "no_bid_counts"),
    ("price_ceiling", "1", "$.bids", "no_bid_counts"),
    ("part_minimum", {"technical": "39"}, "$.bids", "no_bid_counts"),
    ("bids", "A", "$.bids", "not_a_list"),
    ("bids.0", [], "$.bids[0]", "not_an_object"),
]


@pytest.mark.parametrize(("path", "value", "place", "code"), REFUSED)
def test_a_faulty_case_is_refused_with_its_place(path: str, value: object, place: str, code: str) -> None:
    caught = fault(changed((path, value)))
    assert (caught.path, caught.code) == (place, code)


@pytest.mark.parametrize("document", [None, [], "case", 7])
def test_a_document_that_is_no_object_is_refused(document: object) -> None:
    assert (fault(document).path, fault(document).code) == ("$", "not_an_object")


def test_a_ceiling_that_the_benchmark_uses_must_be_there() -> None:
    caught = fault(changed(("price_ceiling", None), ("price.benchmark", {"kind": "ceiling"})))
    assert (caught.path, caught.code) == ("$.price_ceiling", "used_and_missing")


def test_a_lowest_price_that_rounds_to_nothing_is_no_benchmark() -> None:
    caught = fault(changed(("price.kind", "lowest_ratio"), ("bids.0.price", "0.4"), ("rounding.benchmark", 0), ("bids.0.adjustments", [])))
    assert (caught.path, caught.code) == ("$.rounding.benchmark", "benchmark_not_positive")


def test_an_unused_benchmark_asks_for_nothing() -> None:
    case = changed(("price.kind", "lowest_ratio"), ("price.benchmark", {"kind": "reference"}))
    assert evaluate(parse_case(case)).rows
    case = changed(("method", "lowest_price"), ("price.benchmark", {"kind": "reference"}), ("aggregation", ABSENT), ("part_minimum", {}))
    assert evaluate(parse_case(case)).rows


def test_an_expert_owes_a_sheet_for_a_rejected_bid_too() -> None:
    case = changed(("bids.1.rejected", True))
    del case["sheets"][1]
    assert fault(case).code == "missing_sheet"


def test_all_bids_rejected_leaves_none_that_counts() -> None:
    assert fault(changed(("bids.0.rejected", True), ("bids.1.rejected", True))).code == "no_bid_counts"


def test_equal_prices_are_hit_together_though_nothing_is_left_then() -> None:
    test = {"test": "above_next", "percent": "0", "inclusive": True, "then": "out_of_mean"}
    assert fault(changed(("bids.1.price", "4851"), ("price.outliers", [test]))).code == "no_bid_counts"


def test_fields_that_a_kind_does_not_use_may_stay() -> None:
    for path, value in (
        ("price.benchmark.kind", "mean"),
        ("aggregation.kind", "mean"),
        ("price.kind", "none"),
        ("price.outliers.0.then", "reject"),
    ):
        assert evaluate(parse_case(changed((path, value)))).rows


def test_what_may_be_left_out_has_its_documented_value() -> None:
    spare = changed(
        *((name, ABSENT) for name in ("case", "reference_price", "part_minimum", "tie_break", "candidates", "rounding")),
        *((f"price.{name}", ABSENT) for name in ("weight", "step", "floor", "outliers")),
        ("price.benchmark.factor", ABSENT),
        ("criteria.0.weight", ABSENT),
        ("aggregation.over", ABSENT),
    )
    full = changed(
        ("case", ""),
        ("rounding", {"mode": "half_up"}),
        ("price.benchmark.factor", "1"),
        ("price.outliers", []),
        ("part_minimum", {}),
        ("tie_break", []),
    )
    assert parse_case(spare) == parse_case(full)


def test_null_stands_for_left_out_where_something_may_be_left_out() -> None:
    nulls = changed(
        ("rounding.mode", None), ("price.max_deduction_above", None), ("price.benchmark.factor", None), ("price.benchmark.band", None)
    )
    assert parse_case(nulls) == parse_case(changed(("price.benchmark.factor", "1")))


def test_bids_and_sheets_do_not_belong_to_the_method_part() -> None:
    with pytest.raises(CaseFault) as caught:
        parse_method(WHOLE)
    assert caught.value.path == "$.bids"


def test_every_fault_has_its_sentence_and_every_sentence_its_fault() -> None:
    raised = {code for _, _, _, code in REFUSED} | {
        "missing_sheet",
        "lots_too_few",
    }  # the latter needs two changes: test_evaluation_ties.py
    assert raised == set(FAULTS)


def test_the_file_of_the_documentation_is_a_case() -> None:
    text = (Path(__file__).parents[2] / "docs/formats/scoring-case.md").read_text("utf-8")
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    assert evaluate(parse_case(example)).candidates == ("A",)
