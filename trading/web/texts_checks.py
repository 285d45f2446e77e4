"""The words of the checks before a tender document is published: what each looks for, and what to do where it does not hold."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

CHECKS: Mapping[str, tuple[object, object]] = {
    # code: what is looked for, what is wrong
    "check.plan_fixed": (_l("定标方案已由招标人签署"), _l("请招标人先签署定标方案。")),
    "check.files": (_l("有招标文件，且文件不同名"), _l("有两个文件同名，请改名。")),
    "check.ceiling": (_l("写明最高投标限价"), _l("请填写最高投标限价。")),
    "check.deposit": (_l("投标保证金不超过估算价的 2%%（%(most)s 元）"), _l("请调低投标保证金。")),
    "check.envelopes": (_l("信封与评分项相配"), _l("分设技术标信封时须有技术评分项，信封只能是一个，或技术标在前的两个。")),
    "check.blind": (_l("技术评审时看不到投标人和报价"), _l("只设一个信封时，专家评技术分时已能看到投标人和报价。建议分设技术标、商务标两个信封。")),
    "check.method": (_l("评标办法格式完整"), _l("“%(member)s”一项缺失或不正确，请在评标办法页面修改。")),
    "check.ceiling_in_method": (_l("评标办法中的限价与最高投标限价一致"), _l("请把两处改为同一金额。")),
    "check.points": (_l("各项满分乘以权重合计 100 分"), _l("现在合计 %(sum)s 分，请调整满分或权重。")),
    "check.price_weight": (_l("价格分不低于 %(least)s 分"), _l("现在价格分为 %(points)s 分，请提高价格分。")),
    "check.price_formula": (_l("价格分采用低价优先法"), _l("政府采购的价格分应以最低报价为基准，请改用低价优先。")),
    "check.slopes": (_l("高于基准价的扣分不少于低于基准价的扣分"), _l("现在低于基准价扣得更多，请确认这是招标人的本意。")),
    "check.reference": (_l("以标底为基准价时已写明标底的承诺摘要"), _l("请填写标底承诺摘要，或改用其他基准价。")),
    "check.trimming": (_l("去掉最高最低的个数和起点写明"), _l("请写明去掉几个，并从多少个起才去掉，起点须多于去掉的总数。")),
    "check.minimum": (_l("合格线能够达到"), _l("合格线高于该部分的满分，所有投标都会被否决，请调低。")),
    "check.ties": (_l("写明得分相同时的处理"), _l("请写明处理次序，不要重复，抽签只能放在最后；政府采购须以报价低者优先。")),
    "check.candidates": (_l("中标候选人不超过三名"), _l("请改为一至三名。")),
    "check.periods": (_l("公告草稿中的期限不短于法定期限"), _l("最早可到 %(earliest)s 截止，请在公告中推迟投标截止时间。")),
}
OPEN = _l("还没有填写")
PLACES: Mapping[str, str] = {
    "award-plan": "award-plan",
    "notice": "notice",
    "method": "method",
}
"""Checks whose remedy stands on another page of the lot; all others are fields of the form."""
