"""The sentences of the worked calculation and of refused cases, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Lang = Literal["zh", "en"]
Fact = str | tuple[str, ...]

_SEPARATOR: Mapping[Lang, str] = {"zh": "、", "en": ", "}
_COLUMN: Mapping[Lang, int] = {"zh": 0, "en": 1}

WHY = ("；事由：{why}", "; reason: {why}")

STEPS: Mapping[str, tuple[str, str]] = {
    "title.comprehensive": (
        "案例 {case}：综合评估法，总得分 = 加权价格分 + 各评审项加权得分，得分高者在前",
        "Case {case}: comprehensive evaluation, total = weighted price score + weighted criteria, the higher total first",
    ),
    "title.lowest_evaluated_price": (
        "案例 {case}：经评审的最低投标价法，评标价低者在前",
        "Case {case}: lowest evaluated price, the lower evaluated price first",
    ),
    "title.lowest_price": (
        "案例 {case}：最低评标价法，评标价低者在前",
        "Case {case}: lowest price, the lower evaluated price first",
    ),
    "rounding.half_up": (
        "舍入：逢五远离零进位，小数位数：{points}；其余各处按精确值计算",
        "Rounding: halves away from zero, places: {points}; exact everywhere else",
    ),
    "rounding.half_even": (
        "舍入：逢五取偶，小数位数：{points}；其余各处按精确值计算",
        "Rounding: halves to even, places: {points}; exact everywhere else",
    ),
    "rounding.none": ("全部按精确值计算，不舍入", "Exact throughout, nothing is rounded"),
    "coefficient": ("{title} {id} = {value}，开标时公开抽取", "{title} {id} = {value}, drawn in public at the opening"),
    "coefficient.open": (
        "{title} {id} 尚未抽取，按文件中写明的数值试算",
        "{title} {id} is not drawn yet: the figure that is written stands in",
    ),
    "warning.weights": (
        "警告：各项满分乘以权重后合计为 {sum} 分，不是 100 分",
        "Warning: full marks times weights add up to {sum} points, not 100",
    ),
    "out.rejected": ("{bid}：评审中已被否决，不参加计算", "{bid}: rejected in the review, counts nowhere"),
    "out.above_ceiling": (
        "{bid}：开标价 {price} 高于最高投标限价 {ceiling}，否决",
        "{bid}: the price read out, {price}, is above the ceiling {ceiling}: rejected",
    ),
    "out.below_minimum": (
        "{bid}：{part} 部分 {formula} = {value}，低于最低要求 {minimum}，否决，其报价不参加任何计算",
        "{bid}: part {part} {formula} = {value} is below the minimum {minimum}: rejected, its price counts nowhere",
    ),
    "part.reached": (
        "{bid}：{part} 部分 {formula} = {value}，达到最低要求 {minimum}",
        "{bid}: part {part} {formula} = {value} reaches the minimum {minimum}",
    ),
    "marks.sheet": ("{bid}，{expert} 的加权合计：{formula} = {sum}", "{bid}, weighted sum of {expert}: {formula} = {sum}"),
    "marks.mean": ("{bid}，{criterion}：{formula} = {result}", "{bid}, {criterion}: {formula} = {result}"),
    "marks.short": (
        "{bid}，{criterion}：评分份数不足，不去掉最高分和最低分，{formula} = {result}",
        "{bid}, {criterion}: too few sheets to drop any, {formula} = {result}",
    ),
    "marks.trimmed": (
        "{bid}，{criterion}：去掉最高分 [{high}] 和最低分 [{low}]，{formula} = {result}",
        "{bid}, {criterion}: without the highest [{high}] and the lowest [{low}], {formula} = {result}",
    ),
    "price.correction": (
        "{bid}：算术修正 {before} + {value} = {after}，合同价随之改变",
        "{bid}: arithmetic correction {before} + {value} = {after}, the contract price changes with it",
    ),
    "price.amount": (
        "{bid}：评标价调整 {before} + {delta} = {after}，合同价不变",
        "{bid}: evaluated price {before} + {delta} = {after}, the contract price stays",
    ),
    "price.percent": (
        "{bid}：评标价调整，修正后报价 {contract} 的 {percent}% 为 {delta}，{before} + {delta} = {after}，合同价不变",
        "{bid}: {percent}% of the corrected price {contract} is {delta}, evaluated price {before} + {delta} = {after}, contract unchanged",
    ),
    "price.preference": (
        "{bid}：价格扣除 {percent}%，{before} × (100 − {percent}) ÷ 100 = {after}，合同价不变",
        "{bid}: preference {percent}%, {before} × (100 − {percent}) ÷ 100 = {after}, the contract price stays",
    ),
    "price.evaluated": ("{bid}：评标价 {evaluated}，合同价 {contract}", "{bid}: evaluated price {evaluated}, contract price {contract}"),
    "outlier.skipped": (
        "异常报价检验第 {number} 项：参加计算的报价不足两个，跳过",
        "Outlier test {number}: fewer than two prices count, skipped",
    ),
    "outlier.above_next": (
        "异常报价检验第 {number} 项：最高价 [{bids}] 与次高价的差距 {formula} = {gap}%，界限 {limit}%",
        "Outlier test {number}: highest price [{bids}] against the next, {formula} = {gap}%, limit {limit}%",
    ),
    "outlier.below_next": (
        "异常报价检验第 {number} 项：最低价 [{bids}] 与次低价的差距 {formula} = {gap}%，界限 {limit}%",
        "Outlier test {number}: lowest price [{bids}] against the next, {formula} = {gap}%, limit {limit}%",
    ),
    "outlier.kept": ("未触及界限，照常参加计算", "Within the limit, it goes on counting"),
    "outlier.out_of_mean": ("{bids}：不参加基准价计算，仍然评分", "{bids}: left out of the benchmark, still scored"),
    "outlier.reject": ("{bids}：异常报价，否决", "{bids}: outlier, rejected"),
    "outlier.fixed": (
        "{bids}：不参加基准价计算，价格分固定为 {score}",
        "{bids}: left out of the benchmark, the price score is fixed at {score}",
    ),
    "benchmark.mean": ("平均值：{formula} = {result}", "Mean: {formula} = {result}"),
    "benchmark.short": (
        "参加计算的报价不足，不去掉最高价和最低价，平均值：{formula} = {result}",
        "Too few prices count to drop any, mean: {formula} = {result}",
    ),
    "benchmark.trimmed": (
        "去掉最高价 [{high}] 和最低价 [{low}]，平均值：{formula} = {result}",
        "Without the highest [{high}] and the lowest [{low}], mean: {formula} = {result}",
    ),
    "benchmark.twice": (
        "二次平均：({mean} + {lowest}) ÷ 2 = {result}",
        "Mean of the mean and the lowest: ({mean} + {lowest}) ÷ 2 = {result}",
    ),
    "benchmark.band": (
        "平均值 {mean} 的取值区间 {low} 至 {high}，含两端，区间内的报价：{inside}",
        "Band around the mean {mean}: {low} to {high}, edges included, prices inside: {inside}",
    ),
    "benchmark.lowest": ("最低评标价：{price}", "Lowest evaluated price: {price}"),
    "benchmark.second_lowest": ("次低评标价：{price}", "Second lowest evaluated price: {price}"),
    "benchmark.ceiling": ("最高投标限价：{price}", "Price ceiling: {price}"),
    "benchmark.reference": ("标底：{price}", "Reference price: {price}"),
    "benchmark.mix": ("加权组合：{formula} = {result}", "Weighted mix: {formula} = {result}"),
    "benchmark.factor": ("乘以系数：{before} × {factor} = {after}", "Times the factor: {before} × {factor} = {after}"),
    "benchmark.result": ("评标基准价 = {result}", "Benchmark = {result}"),
    "benchmark.ratio": ("评标基准价 = 参加计算的最低评标价 = {result}", "Benchmark = lowest evaluated price that counts = {result}"),
    "points.deviation": ("{bid}：偏差率 {formula} = {result}（%）", "{bid}: deviation {formula} = {result} (%)"),
    "deduction.above.linear": (
        "{bid}：高于基准价，扣分 {formula} = {deduction}",
        "{bid}: above the benchmark, deduction {formula} = {deduction}",
    ),
    "deduction.below.linear": (
        "{bid}：低于基准价，扣分 {formula} = {deduction}",
        "{bid}: below the benchmark, deduction {formula} = {deduction}",
    ),
    "deduction.above.ceil": (
        "{bid}：高于基准价 {size}%，不足 1% 按 1% 计，扣分 {formula} = {deduction}",
        "{bid}: {size}% above the benchmark, a part of a percent counts as one, deduction {formula} = {deduction}",
    ),
    "deduction.below.ceil": (
        "{bid}：低于基准价 {size}%，不足 1% 按 1% 计，扣分 {formula} = {deduction}",
        "{bid}: {size}% below the benchmark, a part of a percent counts as one, deduction {formula} = {deduction}",
    ),
    "deduction.above.floor": (
        "{bid}：高于基准价 {size}%，不足 1% 的部分不计，扣分 {formula} = {deduction}",
        "{bid}: {size}% above the benchmark, a part of a percent is dropped, deduction {formula} = {deduction}",
    ),
    "deduction.below.floor": (
        "{bid}：低于基准价 {size}%，不足 1% 的部分不计，扣分 {formula} = {deduction}",
        "{bid}: {size}% below the benchmark, a part of a percent is dropped, deduction {formula} = {deduction}",
    ),
    "deduction.above.round_points": (
        "{bid}：高于基准价，扣分 {formula} = {exact}，四舍五入到整分为 {deduction}",
        "{bid}: above the benchmark, deduction {formula} = {exact}, rounded half up to whole points {deduction}",
    ),
    "deduction.below.round_points": (
        "{bid}：低于基准价，扣分 {formula} = {exact}，四舍五入到整分为 {deduction}",
        "{bid}: below the benchmark, deduction {formula} = {exact}, rounded half up to whole points {deduction}",
    ),
    "deduction.cap": ("{bid}：扣分 {deduction} 以 {cap} 为限", "{bid}: the deduction of {deduction} is capped at {cap}"),
    "points.floor": (
        "{bid}：{formula} = {value}，低于下限，按 {floor} 计",
        "{bid}: {formula} = {value} is below the floor, counted as {floor}",
    ),
    "points.score": ("{bid}：价格分 {formula} = {result}", "{bid}: price score {formula} = {result}"),
    "points.ratio": ("{bid}：价格分 {formula} = {result}", "{bid}: price score {formula} = {result}"),
    "points.fixed": ("{bid}：价格分固定为 {score}", "{bid}: price score fixed at {score}"),
    "weighted": ("{bid}，{label} 加权：{formula} = {result}", "{bid}, {label} weighted: {formula} = {result}"),
    "total": ("{bid}：总得分 {formula} = {result}", "{bid}: total {formula} = {result}"),
    "rank.tie": ("{bids} 总得分相同，依次比较：{keys}", "{bids} have equal totals, compared in turn by: {keys}"),
    "rank.place": ("第 {rank} 名：{bids}", "Rank {rank}: {bids}"),
    "rank.joint": (
        "并列第 {rank} 名：{bids}，各比较项全部相同，名次不由行序决定",
        "Joint rank {rank}: {bids}, equal in every key, never decided by the order of the rows",
    ),
    "rank.draw": ("并列第 {rank} 名：{bids}，留待有记录的抽签决定", "Joint rank {rank}: {bids}, left to a recorded draw"),
    "rank.lots": ("{bids} 按抽签 {draw} 的结果先后排序", "{bids} stand in the order of the draw of lots {draw}"),
    "candidates": ("名次在前 {count} 名以内的候选人：{bids}", "Candidates, rank at most {count}: {bids}"),
    "candidates.none": ("不产生候选人", "No candidates"),
    "endless": ("下列数值除不尽，给出 12 位小数：{figures}", "These values never end and are given to 12 places: {figures}"),
}

FAULTS: Mapping[str, tuple[str, str]] = {
    "not_an_object": ("这里应当是 JSON 对象", "a JSON object is expected here"),
    "not_a_list": ("这里应当是 JSON 数组", "a JSON array is expected here"),
    "not_text": ("这里应当是字符串", "a string is expected here"),
    "empty_id": ("名称不能为空", "a name can't be empty"),
    "not_a_decimal": (
        '这里应当是十进制数字符串，整数至多 15 位，小数至多 12 位，例如 "33.5"',
        'a decimal string is expected here, up to 15 digits and 12 decimals, such as "33.5"',
    ),
    "not_a_count": ("这里应当是不小于 0 的 JSON 整数", "a JSON integer from 0 on is expected here"),
    "too_many_places": ("小数位数至多 {most} 位", "at most {most} decimals"),
    "not_a_flag": ("这里应当是 true 或 false", "true or false is expected here"),
    "unknown_kind": ("不认识的取值，可用：{known}", "unknown word, known are: {known}"),
    "unknown_field": ("格式中没有这一项，请核对拼写", "the format has no such field, please check its spelling"),
    "missing": ("缺少这一项", "this is missing"),
    "duplicate_id": ("编号 {id} 重复", "the id {id} is used twice"),
    "price_not_positive": ("价格在调整前后都必须大于 0", "a price must be above 0, before and after adjustments"),
    "price_needed": (
        "该投标进入价格评审，必须给出报价；只有未开启价格信封的投标可以为 null",
        "this bid reaches the price stage and needs a price; null is for a bid whose price envelope stays shut",
    ),
    "unknown_bid": ("没有编号为 {bid} 的投标", "there is no bid {bid}"),
    "unknown_criterion": ("评审办法中没有这一评审项", "the method has no such criterion"),
    "unknown_part": ("没有评审项属于这一部分", "no criterion belongs to this part"),
    "score_out_of_range": ("得分 {score} 超出 0 至 {max} 的范围", "the score {score} is outside 0 to {max}"),
    "criteria_without_sheets": ("有评审项却没有评分表", "there are criteria but no sheets"),
    "second_sheet": ("专家 {expert} 对投标 {bid} 有不止一份评分表", "expert {expert} has more than one sheet for bid {bid}"),
    "missing_sheet": ("专家 {expert} 缺少对投标 {bid} 的评分表", "expert {expert} has no sheet for bid {bid}"),
    "no_bid_counts": ("没有可以参加计算的投标", "no bid is left that counts"),
    "trim_leaves_nothing": ("共 {count} 个数值，去掉最高和最低后一个不剩", "of {count} values the trim leaves nothing"),
    "empty_band": ("取值区间内没有任何报价", "no price is inside the band"),
    "not_among_values": ("抽取结果不在可抽取的数值之中", "what was drawn is not among the values"),
    "lots_without_draw": ("评审办法没有把并列留给抽签", "the method leaves no tie to a draw"),
    "lots_too_few": ("抽签至少在两个投标之间进行", "lots are drawn between two bids or more"),
    "no_such_place": ("案例中没有这个位置的数值", "there is no figure at this place of the case"),
    "band_not_used": ("{kind} 不使用取值区间，只有 mean 和 twice_mean 使用", "{kind} uses no band, only mean and twice_mean do"),
    "nested_too_deep": ("组合基准价嵌套过深", "mixes are nested too deep"),
    "shares_not_one": ("各份额合计为 {sum}，应当为 1", "the shares add up to {sum}, not to 1"),
    "used_and_missing": ("基准价用到这一项，必须给出", "the benchmark uses this, so it must be given"),
    "benchmark_not_positive": ("基准价为 {benchmark}，必须大于 0", "the benchmark is {benchmark}, it must be above 0"),
}


def step_text(key: str, facts: Mapping[str, Fact], lang: Lang) -> str:
    """One line of the worked calculation."""
    column, separator = _COLUMN[lang], _SEPARATOR[lang]
    words = {name: fact if isinstance(fact, str) else separator.join(fact) or "—" for name, fact in facts.items()}
    template = STEPS[key][column] + (WHY[column] if words.get("why") else "")
    return template.format_map(words)


def fault_text(code: str, facts: Mapping[str, str], lang: Lang) -> str:
    """Why a case is refused, on one line."""
    return FAULTS[code][_COLUMN[lang]].format_map(facts)
