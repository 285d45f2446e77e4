"""The words of a tender document's review plan: what refusals say, and the names of its groups and limits."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "document.review_check": _l("评审检查项“%(id)s”的编号或类别不正确。请修改。"),
    "document.review_check_twice": _l("评审检查项的编号不能重复。请修改。"),
    "document.review_limit": _l("异常低价的比例“%(limit)s”应为 0 至 99 之间的百分数。请修改。"),
    "document.review_limits_missing": _l("异常低价的三个比例须一并填写。请补齐，或全部留空表示不设。"),
    "document.review_line": _l("评审检查项“%(line)s”看不懂。请写成“检查内容｜依据条款”，内容不超过 200 字，条款不超过 100 字。"),
    "document.review_too_many": _l("评审检查项不能超过 %(most)s 条。请合并或删减。"),
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
WORDS: Mapping[str, object] = {"REVIEW_GROUPS": GROUPS, "REVIEW_LIMITS": LIMITS}
"""What templates get by name."""
