"""The form of a method part: what trading lets pass, the evaluation can read, whatever is drawn and whatever was twisted."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from evaluation.domain.methods import parse_method
from tests.builders.coefficients import FACTOR, drawn_method
from tests.builders.evaluation import TWO_STAGES
from tests.builders.trading import method_part
from trading.domain.coefficient import coefficients_of
from trading.domain.method import benchmarks, check_method

CEILING = Money.yuan("150000000.00")
BAND = {"below_percent": "10", "above_percent": "5"}
MIX = {
    "kind": "mix",
    "parts": [{"share": "0.3", "of": {"kind": "ceiling", "factor": "0.92"}}, {"share": "0.7", "of": {"kind": "twice_mean", "band": BAND}}],
}
SHARED = {"id": "Q", "title": "权重", "values": ["0.3", "0.4"]}
Q = SHARED | {"sets": ["$.price.benchmark.parts[0].share"], "rest": ["$.price.benchmark.parts[1].share"]}
OUTLIER = {"test": "above_next", "percent": "15", "inclusive": True, "then": "fixed", "score": "30"}


def priced(**changes: Any) -> dict[str, Any]:
    return method_part(price=method_part()["price"] | changes)


def trimmed(**changes: Any) -> dict[str, Any]:
    return {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 4} | changes


GOOD: dict[str, dict[str, Any]] = {
    "plain": method_part(),
    "two stages": TWO_STAGES,
    "drawn factor": drawn_method(),
    "mix": priced(benchmark=MIX, step="round_points", floor=None, max_deduction_above="20", outliers=[OUTLIER]),
    "mix with drawn shares": priced(benchmark=MIX) | {"coefficients": [Q]},
    "trimmed": priced(benchmark=trimmed()) | {"aggregation": trimmed(trim_from=5, over="sheet"), "case": "T", "reference_price": "1.5"},
    "trimmed of nothing": priced(benchmark=trimmed(drop_high=0, drop_low=0, trim_from=0)),
    "ratio": method_part(price={"kind": "lowest_ratio", "max": "100", "weight": "0.6", "benchmark": None}),
    "no price": method_part(price={"kind": "none", "outliers": []}, rounding=None),
    "lowest": method_part(method="lowest_price", criteria=[], part_minimum={}, tie_break=[]),
    "lowest without a word of scores": {
        "method": "lowest_evaluated_price",
        "price_ceiling": "150000000.00",
        "price": {"kind": "none"},
        "criteria": [],
        "candidates": 3,
    },
    "reference": priced(benchmark={"kind": "reference"}),
}
TWISTS: tuple[Any, ...] = (None, "", "x", "١", "1.5", "-1", 1, -1, 31, 1.5, True, [], {}, ["x"], {"x": "1"}, "mix", "reference", "none")
"""What a value is exchanged for: each form of wrong, an Arabic one among them, and words that are right elsewhere."""


def check(method: dict[str, Any], envelopes: int = 1) -> None:
    check_method(method, CEILING, envelopes)


@pytest.mark.parametrize("name", GOOD)
def test_what_is_well_formed_passes_and_is_read_by_the_evaluation(name: str) -> None:
    check(GOOD[name])
    _read_as_drawn(GOOD[name])


def _read_as_drawn(method: dict[str, Any]) -> None:
    """The evaluation reads it, with each value that can be drawn; a reference price that is only committed to is filled in later."""
    filled = method if method.get("reference_price") else method | {"reference_price": "1"}
    parse_method(filled)
    for n, one in enumerate(coefficients_of(method)):
        for value in one.values:
            drawn = copy.deepcopy(filled)
            drawn["coefficients"][n]["drawn"] = value
            parse_method(drawn)


@pytest.mark.parametrize("name", GOOD)
def test_no_twisted_method_passes_here_and_fails_in_the_evaluation(name: str) -> None:
    passed = 0
    for twisted in _twisted(GOOD[name]):
        try:
            check(twisted)
        except RuleBroken:
            continue
        passed += 1
        _read_as_drawn(twisted)
    assert passed  # some twists are harmless, such as another case's name or an optional figure left out


def _twisted(method: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in _paths(method):
        for twist in (*TWISTS, _LEFT_OUT, _NEW):
            made = copy.deepcopy(method)
            holder: Any = made
            for step in path[:-1]:
                holder = holder[step]
            if twist is _LEFT_OUT:
                del holder[path[-1]]
            elif twist is _NEW and isinstance(holder, dict):
                holder["unheard_of"] = "1"
            elif twist is not _NEW:
                holder[path[-1]] = copy.deepcopy(twist)
            yield made


_LEFT_OUT, _NEW = object(), object()


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from _paths(member, (*path, name))


def deep(levels: int) -> dict[str, Any]:
    made: dict[str, Any] = {"kind": "mean"}
    for _ in range(levels):
        made = {"kind": "mix", "parts": [{"share": "1", "of": made}]}
    return made


@pytest.mark.parametrize(
    ("method", "member"),
    [
        (priced(benchmark=trimmed(trim_from=2)), "price.benchmark.trim_from"),
        (priced(benchmark={"kind": "trimmed_mean"}), "price.benchmark.drop_high"),
        (priced(benchmark={"kind": "lowest", "band": BAND}), "price.benchmark.band"),
        (priced(benchmark={"kind": "mix", "parts": [{"share": "0.9", "of": {"kind": "mean"}}]}), "price.benchmark.parts"),
        (priced(benchmark={"kind": "mix"}), "price.benchmark.parts"),
        (priced(benchmark=deep(8)), "price.benchmark" + ".parts.0.of" * 8),
        (priced(outliers=[OUTLIER | {"score": None}]), "price.outliers.0.score"),
        (priced(outliers=None), "price.outliers"),
        (method_part(tie_break=["lower_price", "alphabet"]), "tie_break.1"),
        (method_part(aggregation={"kind": "median"}), "aggregation.kind"),
        ({name: value for name, value in method_part().items() if name != "aggregation"}, "aggregation"),
        ({name: value for name, value in method_part().items() if name != "criteria"}, "criteria"),
        (method_part(part_minimum=[]), "part_minimum"),
        (method_part(reference_price="0"), "reference_price"),
        (method_part(rounding={"total": 31}), "rounding.total"),
        (method_part(price={"kind": "lowest_ratio", "max": "100"}), "price.weight"),
        (priced(benchmark=None), "price.benchmark"),
        (priced(benchmark=MIX) | {"coefficients": [SHARED | {"sets": Q["sets"]}]}, "coefficients.0.values"),
        (drawn_method() | {"coefficients": [FACTOR | {"sets": ["$.price.kind"]}]}, "coefficients.0.values"),
    ],
)
def test_what_could_not_be_computed_is_refused_by_name(method: dict[str, Any], member: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check(method)
    assert (refused.value.code, refused.value.facts) == ("method.malformed", {"member": member})


def test_a_mix_of_seven_mixes_is_as_deep_as_it_may_be() -> None:
    check(priced(benchmark=deep(7)))


def test_the_benchmarks_of_a_method_are_found_inside_its_mixes() -> None:
    assert list(benchmarks(GOOD["mix"])) == ["mix", "ceiling", "twice_mean"]
    assert list(benchmarks(GOOD["ratio"])) == list(benchmarks(GOOD["lowest"])) == []
