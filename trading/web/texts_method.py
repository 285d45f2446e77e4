"""The words of an evaluation method: its kinds, its benchmarks, its ties, and the labels of its form."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

METHODS: Mapping[str, object] = {
    "comprehensive": _l("综合评估法（综合评分法）"),
    "lowest_evaluated_price": _l("经评审的最低投标价法"),
    "lowest_price": _l("最低评标价法"),
}
PRICE_KINDS: Mapping[str, object] = {
    "deviation": _l("按与评标基准价的偏差计分"),
    "lowest_ratio": _l("低价优先法：最低价除以报价"),
    "none": _l("价格不计分"),
}
BENCHMARKS: Mapping[str, object] = {
    "mean": _l("平均值"),
    "trimmed_mean": _l("去掉最高、最低后的平均值"),
    "lowest": _l("最低价"),
    "second_lowest": _l("次低价"),
    "twice_mean": _l("二次平均值"),
    "ceiling": _l("最高投标限价"),
    "reference": _l("标底"),
    "mix": _l("多项加权组合"),
}
TIES: Mapping[str, object] = {
    "lower_price": _l("评标价低者优先"),
    "higher_technical": _l("技术分高者优先"),
    "higher_price_score": _l("价格分高者优先"),
    "draw": _l("抽签"),
}
PRICE_STEPS: Mapping[str, object] = {
    "linear": _l("按插值计算"),
    "ceil": _l("按 1 个百分点计算"),
    "floor": _l("不计"),
    "round_points": _l("扣分四舍五入到整数"),
}
CRITERION_PARTS: Mapping[str, object] = {"technical": _l("技术"), "commercial": _l("商务"), "credit": _l("资信")}
SCORE_MODES: Mapping[str, object] = {
    "range": _l("区间打分"),
    "steps": _l("固定分档"),
    "pass_fail": _l("合格或不合格"),
    "deduction": _l("扣分"),
}
AGGREGATIONS: Mapping[str, object] = {"mean": _l("取平均"), "trimmed_mean": _l("去掉最高、最低后取平均")}
OVERS: Mapping[str, object] = {"criterion": _l("逐项汇总"), "sheet": _l("先合计每位专家的总分，再汇总")}
ROUNDINGS: Mapping[str, object] = {"half_up": _l("四舍五入"), "half_even": _l("四舍六入五成双")}
ROUNDED: Mapping[str, object] = {
    "benchmark": _l("评标基准价"),
    "deviation": _l("偏差率"),
    "price_score": _l("价格分"),
    "aggregate": _l("评分项得分"),
    "weighted": _l("加权得分"),
    "total": _l("总分"),
}
_DROP = {"drop_high": _l("去掉几个最高"), "drop_low": _l("去掉几个最低"), "trim_from": _l("满几个时才去掉")}
LABELS: Mapping[str, object] = {
    "kind": _l("评标方法"),
    "candidates": _l("推荐候选人"),
    "price_kind": _l("价格分的算法"),
    "price_max": _l("价格分满分"),
    "price_weight": _l("价格分权重"),
    "above": _l("每高于基准价 1 个百分点扣"),
    "below": _l("每低于基准价 1 个百分点扣"),
    "step": _l("不足 1 个百分点的"),
    "floor": _l("价格分最低"),
    "benchmark": _l("评标基准价"),
    "factor": _l("基准价再乘以"),
    **{f"benchmark_{name}": label for name, label in _DROP.items()},
    "technical_least": _l("技术分最低"),
    "aggregation": _l("专家打分的汇总"),
    "over": _l("汇总的次序"),
    **{f"sheet_{name}": label for name, label in _DROP.items()},
    "rounding_mode": _l("取舍规则"),
    **{f"places_{name}": label for name, label in ROUNDED.items()},
    "criteria": _l("评分项"),
    "tie_break": _l("总分相同时"),
}
SENTENCES: Mapping[str, object] = {
    "method.field": _l("评标办法的“%(label)s”没有填写或格式不正确。请填写后保存。"),
    "score_rules.unused": _l("没有评分项的评标办法不设评分细则。请删去细则，或改用综合评估法。"),
    "score_rules.criterion_unknown": _l("评分细则提到的“%(criterion)s”不是评分项。请核对名称。"),
    "score_rules.criterion_twice": _l("评分项“%(criterion)s”有两份细则。请合并。"),
    "score_rules.member_unfit": _l("评分项“%(criterion)s”填写了所选方式用不到的内容。请删去，或改选方式。"),
    "score_rules.step": _l("评分项“%(criterion)s”的最小单位须大于 0，并能整除满分 %(most)s。请修改。"),
    "score_rules.steps": _l("评分项“%(criterion)s”至少要有两个不同的分档，且不超过满分 %(most)s。请修改。"),
    "score_rules.grades": _l("评分项“%(criterion)s”的等级不能重名、重叠，也不能超过满分 %(most)s。请修改。"),
    "score_rules.deductions": _l("评分项“%(criterion)s”至少要有一条扣分事由，每条扣分大于 0 且不超过满分 %(most)s。请修改。"),
    "score_rules.typed": _l("评分项“%(criterion)s”中的“%(line)s”看不懂。等级请写成“优 12-15”，扣分请写成“缺少进度计划 2”。"),
    "score_rules.abnormal_percent": _l("评分异常的界限须大于 0。请修改，或留空表示不设。"),
}
WORDS: Mapping[str, object] = {
    "METHODS": METHODS,
    "PRICE_KINDS": PRICE_KINDS,
    "BENCHMARKS": BENCHMARKS,
    "TIES": TIES,
    "PRICE_STEPS": PRICE_STEPS,
    "CRITERION_PARTS": CRITERION_PARTS,
    "SCORE_MODES": SCORE_MODES,
    "AGGREGATIONS": AGGREGATIONS,
    "OVERS": OVERS,
    "ROUNDINGS": ROUNDINGS,
    "ROUNDED": ROUNDED,
    "METHOD_LABELS": LABELS,
}
"""What templates get by name."""
