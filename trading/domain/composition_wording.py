"""The Chinese of a composed tender document: its chapters before anybody edits them, the rows of its table, its method in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from core.kernel.blind import BlindRules
from deposits.domain.performance import PerformanceTerms
from trading.domain.periods import LegalRegime
from trading.domain.score_rules import Mode, ScoreRule, ScoreRules

TITLE = "招标文件"
TABLE_TITLE, METHOD_TITLE, DATA_TITLE = "投标人须知前附表", "评标办法", "评标办法数据"
DATA_NOTE = "平台按下列数据计算，文字说明与数据不一致的，以数据为准。"
BY_NOTICE = "以招标公告为准"
NONE = "无"

SECTIONS: Mapping[str, str] = {
    "instructions": "投标人须知",
    "scope": "招标范围",
    "qualification": "投标人资格要求",
    "technical": "技术标准和要求",
    "contract": "合同主要条款",
    "formats": "投标文件格式",
}
"""The chapters that are written by hand, in their order."""

_INSTRUCTIONS = {
    LegalRegime.CONSTRUCTION: (
        "投标人应当按照招标文件的要求编制投标文件，对招标文件提出的实质性要求和条件作出响应。\n"
        "投标文件应当在投标截止时间前加密并上传至平台，以平台出具的回执为准。投标截止时间前，投标人可以补充、修改或者撤回投标文件。\n"
        "投标人对招标文件有异议的，应当在投标截止时间十日前提出，招标人在收到异议之日起三日内答复；作出答复前，暂停招标投标活动。\n"
        "投标人不得相互串通投标，不得以他人名义投标或者以其他方式弄虚作假。"
    ),
    LegalRegime.GOVERNMENT_PROCUREMENT: (
        "投标人应当按照招标文件的要求编制投标文件，对招标文件提出的要求和条件作出明确响应。\n"
        "投标文件应当在投标截止时间前加密并上传至平台，以平台出具的回执为准。投标截止时间前，投标人可以补充、修改或者撤回投标文件。\n"
        "供应商认为招标文件使自己的权益受到损害的，可以在知道或者应知其权益受到损害之日起七个工作日内，以书面形式提出质疑。\n"
        "投标人不得恶意串通，不得提供虚假材料谋取中标。"
    ),
}
_REST = {
    LegalRegime.CONSTRUCTION: {
        "scope": "本标段的全部工作内容，以工程量清单、图纸和技术标准为准。",
        "qualification": (
            "投标人应当是依法设立的法人或者其他组织，具备承担本标段的能力，并具有法律、行政法规要求的资质。\n"
            "单位负责人为同一人或者存在控股、管理关系的不同单位，不得参加同一标段投标。\n"
            "招标人不得以不合理的条件限制、排斥潜在投标人或者投标人。"
        ),
        "technical": "工程质量应当符合国家现行标准，材料和设备应当符合设计文件要求。施工应当遵守安全生产和环境保护的规定。",
        "contract": (
            "招标人和中标人应当自中标通知书发出之日起三十日内，按照招标文件和中标人的投标文件订立书面合同，"
            "不得再行订立背离合同实质性内容的其他协议。\n"
            "合同价款、质量、工期等主要条款应当与招标文件和中标人的投标文件一致。"
        ),
        "formats": "投标文件由投标函、投标报价、技术文件和资格证明文件组成，按平台提供的格式编制，由投标人使用数字证书签署。",
    },
    LegalRegime.GOVERNMENT_PROCUREMENT: {
        "scope": "本包的全部采购内容，以采购需求为准。",
        "qualification": (
            "投标人应当符合政府采购法第二十二条规定的条件。\n"
            "单位负责人为同一人或者存在直接控股、管理关系的不同供应商，不得参加同一合同项下的政府采购活动。"
        ),
        "technical": "货物和服务应当符合国家相关标准、行业标准和采购需求中的技术、服务、安全要求。",
        "contract": (
            "采购人与中标人应当自中标通知书发出之日起三十日内，按照招标文件和中标人投标文件的规定签订书面合同，"
            "所签订的合同不得对招标文件和投标文件作实质性修改。"
        ),
        "formats": "投标文件由投标函、开标一览表、技术文件和资格证明文件组成，按平台提供的格式编制，由投标人使用数字证书签署。",
    },
}


def beginnings(regime: LegalRegime) -> dict[str, str]:
    """The chapters as the regime's template has them."""
    return {"instructions": _INSTRUCTIONS[regime], **_REST[regime]}


REGIMES = {LegalRegime.CONSTRUCTION: "工程建设项目招标投标", LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购"}
ESCROWS = {
    "required": "须托管解密份额：投标人不到场的，由两家机构共同解密",
    "optional": "投标人可以选择托管解密份额",
    "none": "不托管解密份额，由投标人自行解密",
}
DEPOSITS = {
    LegalRegime.CONSTRUCTION: "{} 元，以现金或者支票形式提交的，应当从投标人基本账户转出；也可以提交银行保函等",
    LegalRegime.GOVERNMENT_PROCUREMENT: "{} 元，以支票、汇票、本票或者金融机构、担保机构出具的保函等非现金形式提交",
}
DEPOSIT_FORMS = {
    "transfer": "银行转账",
    "cheque": "支票、汇票或者本票",
    "cash": "现金",
    "bank_guarantee": "银行保函",
    "insurance_bond": "保证保险",
    "surety_bond": "担保机构保函",
    "e_guarantee": "电子保函",
}
DEPOSIT_TERMS = {
    LegalRegime.CONSTRUCTION: "{} 元，可以采用{}；以现金或者支票形式提交的，应当从投标人基本账户转出；{}",
    LegalRegime.GOVERNMENT_PROCUREMENT: "{} 元，可以采用{}；{}",
}
SEVERAL = {True: "可以分次转账，合计缴足即可", False: "须一次缴足"}
_PERFORMANCE = {
    LegalRegime.CONSTRUCTION: "由中标人在合同订立前提交，可以转账，也可以提交保函",
    LegalRegime.GOVERNMENT_PROCUREMENT: "由中标人在合同订立前以转账、保函等非现金形式提交",
}
AWARDS = {
    "RANK_ONE": "由排名第一的中标候选人中标",
    "DIRECT_VOTE": "评定分离，直接票决",
    "ELIMINATION_VOTE": "评定分离，逐轮票决",
    "VOTE_THEN_DRAW": "评定分离，票决抽签",
    "PRICE_COMPETITION": "评定分离，价格竞争",
    "COLLECTIVE_DELIBERATION": "评定分离，集体议事",
    "SCORING_AWARD": "评定分离，评分定标",
}


YUAN, VALIDITY = "{} 元", "自投标截止之日起 {} 日"
ROWS = {
    "project": "项目名称",
    "lot": "标段",
    "agency": "招标代理机构",
    "region": "地区",
    "approval": "批准文件",
    "funding": "资金来源",
    "ceiling": "最高投标限价",
    "deposit": "投标保证金",
    "performance": "履约保证金",
    "validity": "投标有效期",
    "envelopes": "投标文件的组成",
    "blind": "暗标要求",
    "escrow": "开标解密",
    "release": "招标文件的获取",
    "deadline": "投标截止和开标时间",
    "award": "定标方式",
}
BUYERS = {LegalRegime.CONSTRUCTION: "招标人", LegalRegime.GOVERNMENT_PROCUREMENT: "采购人"}
_BLIND = {"headers": "页眉页脚", "page_numbers": "页码", "images": "图片", "colour": "彩色", "bookmarks": "书签"}


def blind_in_words(rules: BlindRules) -> str:
    """What a blind technical bid may hold."""
    no = [name for flag, name in _BLIND.items() if not getattr(rules, flag)]
    fonts = f"字体：{'、'.join(rules.fonts)}。" if rules.fonts else ""
    return "技术标采用暗标，不得出现能识别投标人的内容。" + fonts + (f"不允许：{'、'.join(no)}。" if no else "")


def performance_in_words(asked: PerformanceTerms, regime: LegalRegime) -> str:
    """What the winner gives before the contract: its share of the price, in which forms, and for how long a guarantee must hold."""
    share = f"{Decimal(asked.bp).scaleb(-2).normalize():f}"
    until = f"保函有效期自合同订立期限届满之日起不少于 {asked.days} 日"
    return f"合同价的 {share}%，{_PERFORMANCE[regime]}；{until}，出具机构由中标人自行选择"


# The method in words; its form has been checked

_METHODS = {
    "comprehensive": "采用综合评估法（综合评分法）：价格分与各评分项得分之和为总分，总分高者排名在前。",
    "lowest_evaluated_price": "采用经评审的最低投标价法：评标价低者排名在前。",
    "lowest_price": "采用最低评标价法：评标价低者排名在前。",
}
_BENCHMARKS = {
    "mean": "有效报价的平均值",
    "trimmed_mean": "有效报价满 {trim_from} 个时，去掉 {drop_high} 个最高和 {drop_low} 个最低后的平均值",
    "lowest": "最低有效报价",
    "second_lowest": "次低有效报价",
    "twice_mean": "有效报价平均值与最低有效报价的平均值",
    "ceiling": "最高投标限价",
    "reference": "标底",
}
_STEPS = {"linear": "不足 1% 的按插值计算", "ceil": "不足 1% 的按 1% 计算", "floor": "不足 1% 的不计", "round_points": "扣分四舍五入到整数"}
_TIES = {
    "lower_price": "评标价低者在前",
    "higher_technical": "技术得分高者在前",
    "higher_price_score": "价格分高者在前",
    "draw": "抽签",
}
_PARTS = {"technical": "技术", "commercial": "商务", "credit": "资信"}
_POINTS = {
    "benchmark": "基准价",
    "deviation": "偏差率",
    "price_score": "价格分",
    "aggregate": "评分项得分",
    "weighted": "加权得分",
    "total": "总分",
}
_MODES = {"half_up": "四舍五入", "half_even": "四舍六入五成双"}


def method_in_words(method: Mapping[str, Any]) -> Iterator[str]:
    """A method part of good form, sentence by sentence."""
    yield _METHODS[method["method"]]
    if method["method"] == "comprehensive":
        yield from _price(method["price"])
        yield from _aggregation(method["aggregation"])
    for part, least in (method.get("part_minimum") or {}).items():
        yield f"{_PARTS[part]}部分得分低于 {least} 分的，不再参加后续评审。"
    for one in method.get("coefficients") or ():
        yield f"{one['title']}（{one['id']}）在开标时从 {'、'.join(one['values'])} 中公开抽取。"
    if method["method"] == "comprehensive" and method.get("tie_break"):
        yield f"总分相同的，依次按下列规则排序：{'、'.join(_TIES[key] for key in method['tie_break'])}。"
    yield from _rounding(method.get("rounding") or {})
    yield f"评标委员会推荐中标候选人不超过 {method['candidates']} 名。"


def _price(price: Mapping[str, Any]) -> Iterator[str]:
    if price["kind"] == "none":
        yield "价格不计分。"
        return
    yield f"价格分满分 {price['max']} 分，权重 {price['weight']}。"
    if price["kind"] == "lowest_ratio":
        yield "价格分采用低价优先法：价格分 = 最低评标价 ÷ 评标价 × 价格分满分。"
        return
    yield f"评标基准价为{_benchmark(price['benchmark'])}。"
    step = _STEPS[price.get("step") or "linear"]
    yield f"评标价每高于基准价 1%，扣 {price['above']} 分；每低于基准价 1%，扣 {price['below']} 分；{step}。"
    for n, one in enumerate(price.get("outliers") or (), 1):
        yield f"异常报价检验第 {n} 项：与相邻报价的差距达到 {one['percent']}% 的，按评标办法数据中的规定处理。"


def _benchmark(said: Mapping[str, Any]) -> str:
    if said["kind"] == "mix":
        words = "，加上".join(f"{_benchmark(part['of'])} × {part['share']}" for part in said["parts"])
    else:
        words = _BENCHMARKS[said["kind"]].format_map(said)
    if said.get("band"):
        words += f"（只取平均值下 {said['band']['below_percent']}%、上 {said['band']['above_percent']}% 以内的报价）"
    return words if said.get("factor") in (None, "1") else f"{words} × {said['factor']}"


def _aggregation(said: Mapping[str, Any]) -> Iterator[str]:
    if said["kind"] == "mean":
        yield "各评分项得分取评标委员会成员评分的平均值。"
    else:
        trim = f"满 {said['trim_from']} 份时去掉 {said['drop_high']} 个最高分和 {said['drop_low']} 个最低分"
        yield f"各评分项得分取评标委员会成员评分的平均值，{trim}。"


def _rounding(said: Mapping[str, Any]) -> Iterator[str]:
    places = [f"{words}保留 {said[name]} 位小数" for name, words in _POINTS.items() if said.get(name) is not None]
    if places:
        yield f"{'，'.join(places)}，{_MODES[said.get('mode') or 'half_up']}；其余按精确值计算。"


def rules_in_words(rules: ScoreRules) -> Iterator[str]:
    """How criteria are scored, a sentence for each that has a rule."""
    for rule in rules.criteria:
        yield f"{rule.title or rule.id}：{_SCORED[rule.mode]}{_details(rule)}{'，为客观分' if rule.is_objective else ''}。{rule.definition}"
    if rules.abnormal is not None:
        order = "，或者排序与其他成员完全相反" if rules.abnormal.order else ""
        percent = rules.abnormal.percent
        yield f"成员对一份投标的总分与其他成员平均分相差超过 {percent}%{order}的，提请评标委员会核查，核查情况写入评标报告。"


_SCORED = {
    Mode.RANGE: "在满分以内打分",
    Mode.STEPS: "按固定分档打分",
    Mode.PASS_FAIL: "合格得满分，不合格得 0 分",
    Mode.DEDUCTION: "从满分中逐项扣分，扣完为止",
}


def _details(rule: ScoreRule) -> str:
    steps = f"（{'、'.join(str(one) for one in rule.steps)} 分）" if rule.steps else ""
    step = f"，以 {rule.step} 分为最小单位" if rule.step else ""
    said = [f"{one.label} {one.low}–{one.high} 分" for one in rule.grades] + [f"{one.text}，扣 {one.points} 分" for one in rule.deductions]
    return steps + step + (f"：{'；'.join(said)}" if said else "")


def criterion_row(one: Mapping[str, Any]) -> list[str]:
    """A criterion as a row: name, part, full marks, weight."""
    return [one["id"], _PARTS[one["part"]], one["max"], one["weight"]]


CRITERIA_HEADS = ["评分项", "部分", "满分", "权重"]
