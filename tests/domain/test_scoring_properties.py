"""What holds for every scoring case: the order of rows decides nothing, rounding is bounded, replies are plain numbers."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.domain.methods import CaseFault
from evaluation.domain.methods.figures import Mode, is_endless, plain, rounded
from tests.builders.scoring import Case, result

PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def decimals(low: int, high: int, places: int = 2) -> st.SearchStrategy[str]:
    """Decimal strings from `low` to `high`; few distinct values, so that ties are common."""
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda units: f"{units // scale}.{units % scale:0{places}d}")


def benchmarks() -> st.SearchStrategy[dict[str, Any]]:
    band = st.fixed_dictionaries({"below_percent": decimals(0, 40, 0), "above_percent": decimals(0, 40, 0)})
    simple = st.one_of(
        st.sampled_from([{"kind": kind} for kind in ("mean", "lowest", "second_lowest", "twice_mean", "ceiling", "reference")]),
        st.builds(lambda kind, edges: {"kind": kind, "band": edges}, st.sampled_from(["mean", "twice_mean"]), band),
        st.builds(lambda n: {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": n}, st.integers(0, 6)),
    )
    half = st.builds(
        lambda left, right: {"kind": "mix", "parts": [{"share": "0.4", "of": left}, {"share": "0.6", "of": right}]}, simple, simple
    )
    return st.builds(lambda kind, factor: {**kind, "factor": factor}, st.one_of(simple, half), st.sampled_from(["1", "0.95"]))


def outliers() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "test": st.sampled_from(["above_next", "below_next"]),
            "percent": st.sampled_from(["0", "5", "20"]),
            "inclusive": st.booleans(),
            "then": st.sampled_from(["out_of_mean", "reject", "fixed"]),
            "score": st.just("15"),
        }
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    bids = draw(st.integers(1, 6))
    experts = draw(st.integers(1, 4))
    places = st.one_of(st.none(), st.integers(0, 3))
    price = st.one_of(st.integers(95, 105).map(str), decimals(90, 130))
    points = ("benchmark", "deviation", "price_score", "aggregate", "weighted", "total")
    return {
        "case": "any",
        "method": draw(st.sampled_from(["comprehensive", "comprehensive", "comprehensive", "lowest_price"])),
        "price_ceiling": "120",
        "reference_price": "100",
        "rounding": {"mode": draw(st.sampled_from(["half_up", "half_even"])), **{point: draw(places) for point in points}},
        "price": {
            "kind": draw(st.sampled_from(["deviation", "lowest_ratio", "none"])),
            "max": "60",
            "weight": draw(st.sampled_from(["1", "0.5"])),
            "above": "2",
            "below": draw(st.sampled_from(["1", "-0.5"])),
            "step": draw(st.sampled_from(["linear", "ceil", "floor", "round_points"])),
            "floor": draw(st.sampled_from(["0", None])),
            "max_deduction_below": draw(st.sampled_from([None, "3"])),
            "benchmark": draw(benchmarks()),
            "outliers": draw(st.lists(outliers(), max_size=2)),
        },
        "criteria": [{"id": "tech", "part": "technical", "max": "40"}, {"id": "team", "part": "staff", "max": "10", "weight": "0.3"}],
        "part_minimum": draw(st.sampled_from([{}, {"technical": "3"}])),
        "aggregation": {
            "kind": draw(st.sampled_from(["mean", "trimmed_mean"])),
            "drop_high": 1,
            "drop_low": 1,
            "trim_from": 3,
            "over": draw(st.sampled_from(["criterion", "sheet"])),
        },
        "tie_break": draw(st.lists(st.sampled_from(["lower_price", "higher_technical", "higher_price_score", "draw"]), max_size=3)),
        "candidates": draw(st.integers(0, 4)),
        "bids": [
            {
                "id": "ABCDEF"[number],
                "price": draw(price),
                "preference_percent": draw(st.sampled_from(["0", "0", "6"])),
                "rejected": draw(st.sampled_from([False, False, False, True])),
            }
            for number in range(bids)
        ],
        "sheets": [
            {
                "expert": f"E{expert}",
                "bid": "ABCDEF"[number],
                "scores": {"tech": draw(st.sampled_from(["1", "5", "30", "33.5"])), "team": draw(st.sampled_from(["0", "7.5", "10"]))},
            }
            for expert in range(experts)
            for number in range(bids)
        ],
    }


def outcome(case: Case) -> object:
    try:
        return result(case)
    except CaseFault as fault:
        return fault.code


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_the_order_of_the_rows_decides_nothing(case: Case, chance: Any) -> None:
    before = outcome(case)
    chance.shuffle(case["bids"])
    chance.shuffle(case["sheets"])
    assert outcome(case) == before


@given(cases())
@settings(max_examples=300, deadline=None)
def test_every_result_is_whole_and_plain(case: Case) -> None:
    ours = outcome(case)
    if not isinstance(ours, dict):
        assert ours in {"no_bid_counts", "empty_band", "trim_leaves_nothing"}
        return
    json.dumps(ours)
    rows, rejected = ours["rows"], ours["rejected"]
    assert sorted([row["bid"] for row in rows] + [one["bid"] for one in rejected]) == sorted(bid["id"] for bid in case["bids"])
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    for place, row in enumerate(rows, 1):
        sharers = [other for other in rows if other["rank"] == row["rank"]]
        assert row["joint"] is (len(sharers) > 1)
        assert row["rank"] == place - sharers.index(row)
        figures = [row[name] for name in ("evaluated_price", "contract_price", "deviation_percent", "price_score", "total")]
        assert all(PLAIN.fullmatch(figure) for figure in (*figures, *(row["criteria"] or {}).values()) if figure is not None)
    assert ours["candidates"] == [row["bid"] for row in rows if row["rank"] <= case["candidates"]]
    order = ["rejected", "above_ceiling", "below_minimum", "outlier"]
    assert [one["code"] for one in rejected] == sorted((one["code"] for one in rejected), key=order.index)
    if case["method"] == "comprehensive":
        totals = [Fraction(row["total"]) for row in rows]
        assert totals == sorted(totals, reverse=True)


@given(st.fractions(), st.integers(0, 6), st.sampled_from(Mode))
def test_rounding_never_moves_a_value_by_more_than_half_a_unit(value: Fraction, places: int, mode: Mode) -> None:
    figure = rounded(value, places, mode)
    assert abs(figure.value - value) <= Fraction(1, 2 * 10**places)
    assert Fraction(figure.text) == figure.value
    assert rounded(figure.value, places, mode) == figure
    assert len(figure.text.partition(".")[2]) == places


@given(st.fractions())
def test_half_up_treats_both_signs_alike(value: Fraction) -> None:
    assert rounded(-value, 2, Mode.HALF_UP).value == -rounded(value, 2, Mode.HALF_UP).value


@given(st.fractions())
def test_a_number_is_written_exactly_or_to_12_places(value: Fraction) -> None:
    assert PLAIN.fullmatch(plain(value))
    if is_endless(value):
        assert abs(Fraction(plain(value)) - value) <= Fraction(1, 2 * 10**12)
    else:
        assert Fraction(plain(value)) == value
