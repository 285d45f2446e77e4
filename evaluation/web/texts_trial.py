"""The words of the page on which a method is tried: names of methods, parts, benchmarks and tie keys."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from evaluation.domain.methods.case import BenchmarkKind, MethodKind, PriceKind, TieKey
from evaluation.web.texts import REJECTIONS

METHODS: Mapping[MethodKind, object] = {
    MethodKind.COMPREHENSIVE: _l("综合评估法（综合评分法）"),
    MethodKind.LOWEST_EVALUATED_PRICE: _l("经评审的最低投标价法"),
    MethodKind.LOWEST_PRICE: _l("最低评标价法"),
}
PRICE_KINDS: Mapping[PriceKind, object] = {
    PriceKind.DEVIATION: _l("按与评标基准价的偏差计分"),
    PriceKind.LOWEST_RATIO: _l("低价优先法：最低价除以报价"),
    PriceKind.NONE: _l("价格不计分"),
}
BENCHMARKS: Mapping[BenchmarkKind, object] = {
    BenchmarkKind.MEAN: _l("平均值"),
    BenchmarkKind.TRIMMED_MEAN: _l("去掉最高、最低后的平均值"),
    BenchmarkKind.LOWEST: _l("最低价"),
    BenchmarkKind.SECOND_LOWEST: _l("次低价"),
    BenchmarkKind.TWICE_MEAN: _l("二次平均值"),
    BenchmarkKind.CEILING: _l("最高投标限价"),
    BenchmarkKind.REFERENCE: _l("标底"),
    BenchmarkKind.MIX: _l("多项加权组合"),
}
TIES: Mapping[TieKey, object] = {
    TieKey.LOWER_PRICE: _l("评标价低者优先"),
    TieKey.HIGHER_TECHNICAL: _l("技术分高者优先"),
    TieKey.HIGHER_PRICE_SCORE: _l("价格分高者优先"),
    TieKey.DRAW: _l("抽签"),
}
WORDS: Mapping[str, object] = {
    "METHODS": METHODS,
    "PRICE_KINDS": PRICE_KINDS,
    "BENCHMARKS": BENCHMARKS,
    "TIES": TIES,
    "REJECTIONS": REJECTIONS,
}
