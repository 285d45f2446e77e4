"""The words between the technical lock and the report: what refusals say, and the names of parts and offices."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "score.none_due": _l("现在没有需要评分的部分。请等待。"),
    "room.open_map.not_allowed": _l("只有交易中心和监督部门可以签署开启代号。"),
    "room.open_map.wrong_state": _l("技术评分锁定之后才能开启代号，且只开启一次。"),
    "blind.open.twice": _l("本方已经签署开启代号。请等待另一方。"),
    "blind.open.other": _l("签署的内容与已锁定的技术评分或密封的代号不一致。请刷新页面后重新签署。"),
    "evaluation.effects_sealed": _l("汇总完成后，只有监督部门可以查看各成员评分的影响。"),
    "evaluation.working_not_found": _l("没有可以查看的计算过程：汇总完成后才能查看，且只列出参加汇总的投标。"),
    "evaluation.own_points_not_found": _l("没有可以查看的得分：中标通知书发出后，投标人可以查看本单位的得分。"),
    "blind.open.same_person": _l("开启代号须由两人签署，您已经签署过。请由另一方的人员签署。"),
}

FINDINGS: Mapping[str, object] = {
    "objective_differs": _l("客观分不一致"),
    "deviates": _l("总分与其他成员相差过大"),
    "order_reversed": _l("排序与其他成员相反"),
}

OUTCOMES: Mapping[str, object] = {
    "preliminary": _l("初步评审被否决。"),
    "rejected": _l("报价信封未能开启。"),
    "above_ceiling": _l("报价高于最高投标限价。"),
    "below_minimum": _l("得分低于合格线。"),
    "outlier": _l("报价偏离，按规则否决。"),
}

PARTS: Mapping[str, object] = {"technical": _l("技术评分"), "commercial": _l("商务评分"), "credit": _l("资信评分")}
