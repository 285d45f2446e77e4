"""The form of a method part: what a tender document must say of its evaluation so that the evaluation can be computed.

The arithmetic is the evaluation's; this is the published scoring case's form, so that no notice goes out with a method that can't be run.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.kernel.document import MOST_PLACES
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from core.kernel.places import holder_of
from trading.domain.coefficient import Coefficient, coefficients_of

METHODS = ("comprehensive", "lowest_evaluated_price", "lowest_price")
PARTS = ("technical", "commercial", "credit")
MOST_CANDIDATES = 20
MOST_NESTED = 8  # a mix of mixes may go this deep

_ARTICLE = "招标投标法第十九条"
_CEILING_ARTICLE = "招标投标法实施条例第二十七条"
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,12})?")

Fits = Callable[[object], bool]


def is_decimal(value: object) -> bool:
    """Whether it is a decimal string, as every figure of a method is."""
    return isinstance(value, str) and _DECIMAL.fullmatch(value) is not None


def _is_positive(value: object) -> bool:
    return is_decimal(value) and Fraction(str(value)) > 0


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_places(value: object) -> bool:
    return isinstance(value, int) and _is_count(value) and value <= MOST_PLACES


def _is_some(value: object) -> bool:
    return isinstance(value, int) and _is_count(value) and 1 <= value <= MOST_CANDIDATES


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _anything(value: object) -> bool:
    return True  # looked into by a reader of its own


def _one_of(*words: str) -> Fits:
    return lambda value: isinstance(value, str) and value in words


def _or_null(fits: Fits) -> Fits:
    return lambda value: value is None or fits(value)


_DECIMAL_OR_NULL = _or_null(is_decimal)
_TRIM: Mapping[str, Fits] = dict.fromkeys(("drop_high", "drop_low", "trim_from"), _is_count)
_METHOD: Mapping[str, Fits] = {
    "case": _or_null(_is_text),
    "method": _one_of(*METHODS),
    "reference_price": _or_null(_is_positive),
    "candidates": _is_some,
    **dict.fromkeys(
        ("price_ceiling", "rounding", "price", "criteria", "coefficients", "part_minimum", "aggregation", "tie_break"), _anything
    ),
}
_ROUNDING: Mapping[str, Fits] = {
    "mode": _or_null(_one_of("half_up", "half_even")),
    **dict.fromkeys(("benchmark", "deviation", "price_score", "aggregate", "weighted", "total"), _or_null(_is_places)),
}
_PRICE: Mapping[str, Fits] = {
    "kind": _one_of("deviation", "lowest_ratio", "none"),
    "step": _or_null(_one_of("linear", "ceil", "floor", "round_points")),
    **dict.fromkeys(("max", "weight", "above", "below"), is_decimal),
    **dict.fromkeys(("floor", "max_deduction_above", "max_deduction_below"), _DECIMAL_OR_NULL),
    **dict.fromkeys(("benchmark", "outliers"), _anything),
}
_BENCHMARK: Mapping[str, Fits] = {
    "kind": _one_of("mean", "trimmed_mean", "lowest", "second_lowest", "twice_mean", "ceiling", "reference", "mix"),
    "factor": _DECIMAL_OR_NULL,
    **dict.fromkeys(("band", "parts"), _anything),
    **_TRIM,
}
_BANDED = ("mean", "twice_mean")
_BAND: Mapping[str, Fits] = {"below_percent": is_decimal, "above_percent": is_decimal}
_OUTLIER: Mapping[str, Fits] = {
    "test": _one_of("above_next", "below_next"),
    "percent": is_decimal,
    "inclusive": _is_flag,
    "then": _one_of("out_of_mean", "reject", "fixed"),
    "score": _DECIMAL_OR_NULL,
}
_CRITERION: Mapping[str, Fits] = {"id": _is_name, "part": _one_of(*PARTS), "max": is_decimal, "weight": is_decimal}
_AGGREGATION: Mapping[str, Fits] = {
    "kind": _one_of("mean", "trimmed_mean"),
    "over": _or_null(_one_of("criterion", "sheet")),
    **_TRIM,
}
_TIE = _one_of("lower_price", "higher_technical", "higher_price_score", "draw")


def check_method(method: Mapping[str, object], ceiling: Money, envelopes: int) -> None:
    """Raises RuleBroken `method.malformed` naming the member, when a method part lacks the form of the published scoring case.

    `ceiling` is the document's, and must be the method's too; `envelopes`: of how many a bid consists. A method that passes can be read by
    the evaluation, whatever is drawn; only a reference price may still be missing from it.
    """
    _fit(method, _METHOD, "", ("method", "candidates"))
    is_points = method["method"] == "comprehensive"
    _check_price(method.get("price"), is_points)
    _check_ceiling(method, ceiling)
    _check_criteria(method, envelopes)
    if method.get("rounding") is not None:
        _fit(method["rounding"], _ROUNDING, "rounding")
    if "aggregation" in method or method["criteria"]:
        aggregation = _fit(method.get("aggregation"), _AGGREGATION, "aggregation", ("kind",))
        _check_trim(aggregation, "aggregation")
    for n, key in enumerate(_list(method, "tie_break")):
        if not _TIE(key):
            raise _malformed(f"tie_break.{n}")
    for n, one in enumerate(coefficients_of(method)):
        for value in one.values:
            _check_drawn(method, one, value, f"coefficients.{n}")


def _check_drawn(method: Mapping[str, object], one: Coefficient, value: str, where: str) -> None:
    """A value that can be drawn must leave a price part that can be computed."""
    filled = copy.deepcopy(dict(method))
    for place, figure in [(place, value) for place in one.sets] + [(place, str(1 - Decimal(value))) for place in one.rest]:
        holder, name = holder_of(filled, place)
        holder[name] = figure
    try:
        _check_price(filled["price"], method["method"] == "comprehensive")
    except RuleBroken:
        raise _malformed(f"{where}.values") from None


def _check_price(value: object, is_points: bool) -> None:
    price = _fit(value, _PRICE, "price", ("kind",))
    kind = price["kind"]
    if kind != "none":
        _need(price, "price", "max", "weight")
    if is_points and kind == "deviation":
        _need(price, "price", "above", "below")
    if price.get("benchmark") is not None or (is_points and kind == "deviation"):
        _check_benchmark(price.get("benchmark"), "price.benchmark")
    for n, one in enumerate(_list(price, "outliers", "price.")):
        outlier = _fit(one, _OUTLIER, f"price.outliers.{n}", ("test", "percent", "inclusive", "then"))
        if outlier["then"] == "fixed" and not is_decimal(outlier.get("score")):
            raise _malformed(f"price.outliers.{n}.score")


def _check_benchmark(value: object, where: str, depth: int = MOST_NESTED) -> None:
    benchmark = _fit(value, _BENCHMARK, where, ("kind",))
    if depth == 0:
        raise _malformed(where)
    _check_trim(benchmark, where)
    if benchmark.get("band") is not None:
        if benchmark["kind"] not in _BANDED:
            raise _malformed(f"{where}.band")
        _fit(benchmark["band"], _BAND, f"{where}.band", tuple(_BAND))
    if benchmark["kind"] == "mix":
        shares = Fraction(0)
        for n, part in enumerate(_list(benchmark, "parts", f"{where}.")):
            said = _fit(part, {"share": is_decimal, "of": _anything}, f"{where}.parts.{n}", ("share", "of"))
            _check_benchmark(said["of"], f"{where}.parts.{n}.of", depth - 1)
            shares += Fraction(str(said["share"]))
        if shares != 1:
            raise _malformed(f"{where}.parts")


def _check_trim(said: Mapping[str, Any], where: str) -> None:
    """A trimmed mean says what it drops and from how many values on, and always leaves one."""
    if said["kind"] == "trimmed_mean":
        _need(said, where, *_TRIM)
        dropped = said["drop_high"] + said["drop_low"]
        if dropped and dropped >= said["trim_from"]:
            raise _malformed(f"{where}.trim_from")


def _check_ceiling(method: Mapping[str, object], ceiling: Money) -> None:
    written = method.get("price_ceiling")
    if not isinstance(written, str) or not is_decimal(written):
        raise RuleBroken("document.ceiling_missing", _CEILING_ARTICLE)
    if Fraction(written) != Fraction(ceiling.fen, 100):
        raise RuleBroken("method.ceiling_other", _CEILING_ARTICLE, ceiling=str(ceiling), written=written)


def _check_criteria(method: Mapping[str, object], envelopes: int) -> None:
    """The criteria, and the least points of the parts that they name."""
    if "criteria" not in method:
        raise _malformed("criteria")
    criteria = _list(method, "criteria")
    if (method["method"] == "comprehensive") != bool(criteria):
        raise RuleBroken("method.criteria_unfit", _ARTICLE)
    seen: set[object] = set()
    for n, one in enumerate(criteria):
        criterion = _fit(one, _CRITERION, f"criteria.{n}", tuple(_CRITERION))
        if criterion["id"] in seen:
            raise _malformed(f"criteria.{n}")
        seen.add(criterion["id"])
    parts = {one["part"] for one in criteria}
    minimum = method.get("part_minimum", {})
    if not isinstance(minimum, Mapping):
        raise _malformed("part_minimum")
    for part, least in minimum.items():
        if part not in parts or not is_decimal(least):
            raise _malformed(f"part_minimum.{part}")
    if envelopes > 1 and "technical" not in parts:
        raise RuleBroken("method.envelopes_unused", _ARTICLE)


def benchmarks(method: Mapping[str, Any]) -> Iterator[str]:
    """The kinds of benchmark that a method part of good form uses, those inside a mix too; none where no price is compared with one."""
    if method["method"] == "comprehensive" and method["price"]["kind"] == "deviation":
        yield from _kinds(method["price"]["benchmark"])


def _kinds(benchmark: Mapping[str, Any]) -> Iterator[str]:
    yield benchmark["kind"]
    for part in benchmark["parts"] if benchmark["kind"] == "mix" else ():
        yield from _kinds(part["of"])


def _fit(value: object, form: Mapping[str, Fits], where: str, needed: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """The object, once every member is known to the form and fits it."""
    if not isinstance(value, Mapping):
        raise _malformed(where)
    for name in (*needed, *value):
        if name not in form or name not in value or not form[name](value[name]):
            raise _malformed(f"{where}.{name}" if where else str(name))
    return value


def _need(said: Mapping[str, object], where: str, *names: str) -> None:
    for name in names:
        if name not in said:
            raise _malformed(f"{where}.{name}")


def _list(members: Mapping[str, object], name: str, place: str = "") -> list[Any]:
    value = members.get(name, [])
    if not isinstance(value, list):
        raise _malformed(place + name)
    return value


def _malformed(member: str) -> RuleBroken:
    return RuleBroken("method.malformed", _ARTICLE, member=member)
