"""Reads the price rule of a scoring case: slopes, benchmark and outlier tests."""

from __future__ import annotations

from fractions import Fraction

from core.kernel.document import Fields, Node
from evaluation.domain.methods.case import (
    Band,
    Benchmark,
    BenchmarkKind,
    OutlierEffect,
    OutlierSide,
    OutlierTest,
    PercentStep,
    PriceKind,
    PriceRule,
    Share,
    Trim,
)
from evaluation.domain.methods.figures import shown

TRIM_FIELDS = ("drop_high", "drop_low", "trim_from")
PRICE_FIELDS = (
    "kind", "max", "weight", "above", "below", "step", "floor", "max_deduction_above", "max_deduction_below", "benchmark", "outliers",
)  # fmt: skip
MOST_NESTED = 8
"""A mix of mixes may go this deep."""

BANDED = (BenchmarkKind.MEAN, BenchmarkKind.TWICE_MEAN)


def parse_price(case: Fields, is_used: bool) -> PriceRule:
    """The price rule of a case; the lowest-price methods may leave it out or give its outlier tests alone."""
    if not case.has("price") and not is_used:
        return PriceRule()
    fields = case.need("price").fields(PRICE_FIELDS)
    kind = fields.need("kind").choice(PriceKind) if is_used or fields.has("kind") else PriceKind.NONE
    is_deviation = is_used and kind is PriceKind.DEVIATION
    rule = PriceRule(
        kind=kind,
        max=_number(fields, "max", is_needed=is_used and kind is not PriceKind.NONE),
        weight=fields.read("weight", Node.number, Fraction(1)),
        above=_number(fields, "above", is_deviation),
        below=_number(fields, "below", is_deviation),
        step=fields.read("step", lambda step: step.choice(PercentStep), PercentStep.LINEAR),
        floor=_floor(fields),
        max_deduction_above=fields.read("max_deduction_above", Node.number, None),
        max_deduction_below=fields.read("max_deduction_below", Node.number, None),
        benchmark=_benchmark(fields.need("benchmark")) if is_deviation else fields.read("benchmark", _benchmark, None),
        outliers=tuple(_outlier(node) for node in fields.list("outliers")),
    )
    if is_deviation and rule.benchmark is not None:
        _anchors_exist(rule.benchmark, case)
    return rule


def parse_trim(fields: Fields, is_needed: bool) -> Trim | None:
    """The three counts of a trimmed mean, all of them explicit; other kinds may carry them unused."""
    drop_high, drop_low, trim_from = (fields.need(name).count() if is_needed else fields.read(name, Node.count, 0) for name in TRIM_FIELDS)
    return Trim(drop_high, drop_low, trim_from) if is_needed else None


def _number(fields: Fields, name: str, is_needed: bool) -> Fraction:
    return fields.need(name).number() if is_needed else fields.read(name, Node.number, Fraction(0))


def _floor(fields: Fields) -> Fraction | None:
    """Missing = 0; null = no floor."""
    return fields.read("floor", Node.number, None) if fields.has("floor") else Fraction(0)


def _benchmark(node: Node, depth: int = MOST_NESTED) -> Benchmark:
    fields = node.fields(("kind", "factor", "band", "parts", *TRIM_FIELDS))
    kind = fields.need("kind").choice(BenchmarkKind)
    if depth == 0:
        raise node.fault("nested_too_deep")
    band = fields.read("band", _band, None)
    if band is not None and kind not in BANDED:
        raise fields.fault("band", "band_not_used", kind=kind)
    return Benchmark(
        kind=kind,
        factor=fields.read("factor", Node.number, Fraction(1)),
        trim=parse_trim(fields, is_needed=kind is BenchmarkKind.TRIMMED_MEAN),
        band=band,
        parts=_mix(fields.need("parts"), depth) if kind is BenchmarkKind.MIX else (),
        path=node.path,
    )


def _band(node: Node) -> Band:
    fields = node.fields(("below_percent", "above_percent"))
    return Band(fields.need("below_percent").number(), fields.need("above_percent").number())


def _mix(node: Node, depth: int) -> tuple[Share, ...]:
    parts = []
    for part in node.items():
        fields = part.fields(("share", "of"))
        parts.append(Share(fields.need("share").number(), _benchmark(fields.need("of"), depth - 1)))
    total = sum((part.share for part in parts), Fraction(0))
    if total != 1:
        raise node.fault("shares_not_one", sum=shown(total))
    return tuple(parts)


def _outlier(node: Node) -> OutlierTest:
    fields = node.fields(("test", "percent", "inclusive", "then", "score"))
    then = fields.need("then").choice(OutlierEffect)
    return OutlierTest(
        side=fields.need("test").choice(OutlierSide),
        percent=fields.need("percent").number(),
        inclusive=fields.need("inclusive").flag(),
        then=then,
        score=fields.need("score").number() if then is OutlierEffect.FIXED else fields.read("score", Node.number, None),
    )


def _anchors_exist(benchmark: Benchmark, case: Fields) -> None:
    """A ceiling or reference price that the benchmark uses must be in the document."""
    for kind, name in ((BenchmarkKind.CEILING, "price_ceiling"), (BenchmarkKind.REFERENCE, "reference_price")):
        if benchmark.kind is kind and case.read(name, Node.price, None) is None:
            raise case.fault(name, "used_and_missing")
    for part in benchmark.parts:
        _anchors_exist(part.of, case)
