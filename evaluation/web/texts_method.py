"""Names of what an evaluation method is made of, for its editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.web.i18n import lazy as _l

Options = Sequence[tuple[str, object]]

METHODS: Options = (
    ("comprehensive", _l("综合评估法（综合评分法）")),
    ("lowest_evaluated_price", _l("经评审的最低投标价法")),
    ("lowest_price", _l("最低评标价法")),
)
PRICES: Options = (
    ("deviation", _l("按偏离基准价的百分比扣分")),
    ("lowest_ratio", _l("低价优先：最低价 ÷ 报价 × 满分")),
    ("none", _l("价格不计分")),
)
PERCENT_STEPS: Options = (
    ("linear", _l("不足 1% 的按比例")),
    ("ceil", _l("不足 1% 的按 1%")),
    ("floor", _l("不足 1% 的不计")),
    ("round_points", _l("扣分取整")),
)
BENCHMARKS: Options = (
    ("mean", _l("平均价")),
    ("trimmed_mean", _l("去掉最高、最低后的平均价")),
    ("lowest", _l("最低价")),
    ("second_lowest", _l("次低价")),
    ("twice_mean", _l("二次平均：平均价与最低价的平均")),
    ("ceiling", _l("最高投标限价")),
    ("reference", _l("标底")),
    ("mix", _l("组合：各部分按比例相加")),
)
AGGREGATIONS: Options = (("mean", _l("平均分")), ("trimmed_mean", _l("去掉最高分、最低分后的平均分")))
OVERS: Options = (("criterion", _l("逐项汇总")), ("sheet", _l("按每位专家的合计汇总")))
TIES: Options = (
    ("lower_price", _l("评标价低者优先")),
    ("higher_technical", _l("技术得分高者优先")),
    ("higher_price_score", _l("价格得分高者优先")),
    ("draw", _l("抽签（只能放在最后）")),
)
PARTS: Options = (("technical", _l("技术")), ("commercial", _l("商务")), ("credit", _l("资信")))
MODES: Options = (("half_up", _l("四舍五入")), ("half_even", _l("四舍六入五成双")))
TESTS: Options = (("above_next", _l("最高价高于次高价")), ("below_next", _l("最低价低于次低价")))
EFFECTS: Options = (("out_of_mean", _l("不参加平均")), ("reject", _l("否决")), ("fixed", _l("给固定分")))
POINTS: Options = (
    ("benchmark", _l("基准价")),
    ("deviation", _l("偏离百分比")),
    ("price_score", _l("价格分")),
    ("aggregate", _l("汇总分")),
    ("weighted", _l("加权分")),
    ("total", _l("总分")),
)
WORDS: Mapping[str, Options] = {
    "METHODS": METHODS,
    "PRICES": PRICES,
    "PERCENT_STEPS": PERCENT_STEPS,
    "BENCHMARKS": BENCHMARKS,
    "AGGREGATIONS": AGGREGATIONS,
    "OVERS": OVERS,
    "TIES": TIES,
    "PARTS": PARTS,
    "MODES": MODES,
    "TESTS": TESTS,
    "EFFECTS": EFFECTS,
    "POINTS": POINTS,
}
"""What the editor's template gets by name."""

UNREADABLE = _l("不是合法的 JSON，或含有带小数的数字。带小数的数字请写成文字，例如 \"33.5\"。")
TRIAL_UNFIT = _l("试算的投标填写不完整：每行须有名称、报价和 0 到 100 的水平，专家 1 到 9 人。")
