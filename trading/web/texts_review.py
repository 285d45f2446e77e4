"""The words of a tender document's review plan: what refusals say, the names of its groups, limits and kinds of preference."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.price_rules import PriceRules

SENTENCES: Mapping[str, object] = {
    "document.review_check": _l("评审检查项“%(id)s”的编号或类别不正确。请修改。"),
    "document.review_check_twice": _l("评审检查项的编号不能重复。请修改。"),
    "document.review_limit": _l("异常低价的比例“%(limit)s”应为 0 至 99 之间的百分数。请修改。"),
    "document.review_limits_missing": _l("异常低价的三个比例须一并填写。请补齐，或全部留空表示不设。"),
    "document.review_line": _l("评审检查项“%(line)s”看不懂。请写成“检查内容｜依据条款”，内容不超过 200 字，条款不超过 100 字。"),
    "document.review_too_many": _l("评审检查项不能超过 %(most)s 条。请合并或删减。"),
    "document.review_adjustment": _l("评标价量化规则“%(id)s”不正确：数值不能为 0，比例应小于 100%%。请修改。"),
    "document.review_adjustment_line": _l(
        "评标价量化规则“%(line)s”看不懂。请写成“内容｜计算｜依据条款”，计算如“+0.5%%/周”“-40元/月”，由评标委员会认定数额的只写“元”或“%%”。"
    ),
    "document.review_adjustments_regime": _l("政府采购只能修正算术错误、落实采购政策的价格扣除，不能量化其他偏差。请删除量化规则。"),
    "document.review_price_twice": _l("评标价量化规则的编号和价格扣除的类别不能重复。请修改。"),
    "document.review_preference": _l("价格扣除比例“%(percent)s”应大于 0，不超过 20%%。请修改。"),
    "document.review_preference_row": _l("价格扣除的比例和依据条款须一并填写，条款不超过 100 字。请补齐，或全部留空。"),
}
GROUPS: Mapping[str, object] = {
    "formality": _l("形式评审"),
    "qualification": _l("资格评审"),
    "responsiveness": _l("响应性评审"),
    "conformity": _l("符合性审查"),
}
LIMITS: Mapping[str, object] = {
    "of_mean": _l("低于有效报价平均值的"),
    "of_second_lowest": _l("低于次低报价的"),
    "of_ceiling": _l("低于最高投标限价的"),
}
PREFERENCES: Mapping[str, object] = {
    "small": _l("小型、微型企业"),
    "prison": _l("监狱企业"),
    "welfare": _l("残疾人福利性单位"),
    "green": _l("节能、环境标志产品"),
}
WORDS: Mapping[str, object] = {
    "REVIEW_GROUPS": GROUPS,
    "REVIEW_LIMITS": LIMITS,
    "PREFERENCES": PREFERENCES,
    "prices_of": PriceRules.of,
}
"""What templates get by name."""
