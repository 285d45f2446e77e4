"""The method part of a tender document as a form: JSON to fields, and fields back to the very JSON that is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from core.kernel.jcs import JSON
from evaluation.domain.methods.case import BenchmarkKind
from evaluation.domain.methods.reading import POINTS

ROWS = 16  # criteria that the form has room for
TESTS = 3  # tests of outlying prices
MIXED = 3  # parts of a mixed benchmark
TIES = 4
_PRICE = ("above", "below", "max_deduction_above", "max_deduction_below")
_TRIM = ("drop_high", "drop_low", "trim_from")
_BANDED = (BenchmarkKind.MEAN.value, BenchmarkKind.TWICE_MEAN.value)
Fields = Mapping[str, str]

EXAMPLE: dict[str, Any] = {
    "method": "comprehensive",
    "price_ceiling": "",
    "reference_price": None,
    "rounding": {"mode": "half_up", "benchmark": 2, "deviation": 2, "price_score": 2, "aggregate": 2, "total": 2},
    "price": {
        **{"kind": "deviation", "max": "60", "weight": "1", "above": "1.0", "below": "0.5", "step": "linear", "floor": "0"},
        "benchmark": {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5, "factor": "1"},
    },
    "criteria": [{"id": "technical", "part": "technical", "max": "40", "weight": "1"}],
    "part_minimum": {},
    "aggregation": {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5, "over": "criterion"},
    "tie_break": ["lower_price", "higher_technical", "draw"],
    "candidates": 3,
}
"""A method to begin with."""


def to_fields(method: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a method that was read before; what it has not is ""."""
    price, aggregation = method.get("price") or {}, method.get("aggregation") or {}
    shown: dict[str, Any] = {name: _shown(method.get(name)) for name in ("method", "price_ceiling", "reference_price", "candidates")}
    shown["rounding.mode"] = (method.get("rounding") or {}).get("mode", "half_up")
    shown |= {f"rounding.{point}": _shown((method.get("rounding") or {}).get(point)) for point in POINTS}
    shown |= {f"price.{name}": _shown(price.get(name)) for name in ("kind", "max", "weight", "step", *_PRICE)}
    shown["price.floor"] = _shown(price["floor"] if "floor" in price else "0")
    shown |= _benchmark_fields("benchmark", price.get("benchmark") or {})
    for place, part in enumerate((price.get("benchmark") or {}).get("parts") or []):
        shown |= {f"mix.{place}.share": _shown(part.get("share"))} | _benchmark_fields(f"mix.{place}", part.get("of") or {})
    for place, test in enumerate(price.get("outliers") or []):
        shown |= {f"outlier.{place}.{name}": _shown(test.get(name)) for name in ("test", "percent", "then", "score")}
        shown[f"outlier.{place}.inclusive"] = "1" if test.get("inclusive") else ""
    for place, one in enumerate(method.get("criteria") or []):
        shown |= {f"criterion.{place}.{name}": _shown(one.get(name)) for name in ("id", "part", "max", "weight")}
    shown |= {f"minimum.{part}": _shown(least) for part, least in (method.get("part_minimum") or {}).items()}
    shown |= {f"aggregation.{name}": _shown(aggregation.get(name)) for name in ("kind", "over", *_TRIM)}
    return shown | {f"tie.{place}": key for place, key in enumerate(method.get("tie_break") or [])}


def _benchmark_fields(name: str, benchmark: Mapping[str, Any]) -> dict[str, Any]:
    band = benchmark.get("band") or {}
    shown = {f"{name}.{part}": _shown(benchmark.get(part)) for part in ("kind", "factor", *_TRIM)}
    return shown | {f"{name}.band.{side}": _shown(band.get(side)) for side in ("below_percent", "above_percent")}


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def from_fields(form: MultiDict[str, str]) -> dict[str, JSON]:
    """The method that was filled in. Whole numbers that are none stay text, so that the reader of methods refuses them by name."""
    said = {name: value.strip() for name, value in form.items()}
    made: dict[str, JSON] = {
        "method": said.get("method", ""),
        "price_ceiling": said.get("price_ceiling") or None,
        "reference_price": said.get("reference_price") or None,
        "rounding": {"mode": said.get("rounding.mode", "")} | _given({point: _count(said.get(f"rounding.{point}")) for point in POINTS}),
        "price": _price(said),
        "criteria": _criteria(said),
        "part_minimum": {
            name.removeprefix("minimum."): value for name, value in said.items() if name.startswith("minimum.") and value
        },
        "tie_break": [said[f"tie.{place}"] for place in range(TIES) if said.get(f"tie.{place}")],
        "candidates": _count(said.get("candidates")),
    }
    if said.get("method") == "comprehensive":
        made["aggregation"] = _trimmed(said, "aggregation", {"kind": said.get("aggregation.kind", ""), "over": said.get("aggregation.over", "")})
    return made


def _price(said: Fields) -> dict[str, JSON]:
    kind = said.get("price.kind", "")
    made: dict[str, JSON] = {"kind": kind}
    if kind != "none":
        made |= {"max": said.get("price.max", ""), "weight": said.get("price.weight") or "1"}
    if kind == "deviation":
        made |= _given({name: said.get(f"price.{name}") or None for name in _PRICE})
        made |= {"step": said.get("price.step", "linear"), "floor": said.get("price.floor") or None, "benchmark": _benchmark(said, "benchmark")}
    tests: list[JSON] = [_outlier(said, place) for place in range(TESTS) if said.get(f"outlier.{place}.test")]
    return made | ({"outliers": tests} if tests else {})


def _benchmark(said: Fields, name: str) -> dict[str, JSON]:
    kind = said.get(f"{name}.kind", "")
    made = _trimmed(said, name, {"kind": kind})
    if said.get(f"{name}.factor"):
        made["factor"] = said[f"{name}.factor"]
    sides = {side: said.get(f"{name}.band.{side}", "") for side in ("below_percent", "above_percent")}
    if kind in _BANDED and any(sides.values()):
        made["band"] = dict(sides)
    if kind == BenchmarkKind.MIX.value and name == "benchmark":
        shares = [place for place in range(MIXED) if said.get(f"mix.{place}.share")]
        made["parts"] = [{"share": said[f"mix.{place}.share"], "of": _benchmark(said, f"mix.{place}")} for place in shares]
    return made


def _trimmed(said: Fields, name: str, made: dict[str, JSON]) -> dict[str, JSON]:
    if made["kind"] == "trimmed_mean":
        made |= {count: _count(said.get(f"{name}.{count}")) for count in _TRIM}
    return made


def _outlier(said: Fields, place: int) -> dict[str, JSON]:
    name = f"outlier.{place}"
    made: dict[str, JSON] = {"test": said[f"{name}.test"], "percent": said.get(f"{name}.percent", "")}
    made |= {"inclusive": said.get(f"{name}.inclusive") == "1", "then": said.get(f"{name}.then", "")}
    return made | ({"score": said.get(f"{name}.score", "")} if made["then"] == "fixed" else {})


def _criteria(said: Fields) -> list[JSON]:
    rows = [[said.get(f"criterion.{place}.{name}", "") for name in ("id", "part", "max", "weight")] for place in range(ROWS)]
    return [{"id": id_, "part": part, "max": most, "weight": weight or "1"} for id_, part, most, weight in rows if id_ or most]


def _count(written: str | None) -> JSON:
    return int(written) if written and written.isdecimal() and len(written) <= 4 else written or None


def _given(members: Mapping[str, JSON]) -> dict[str, JSON]:
    return {name: value for name, value in members.items() if value is not None}
