"""The words of reliefs from deposits."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.filters import beijing
from core.web.i18n import lazy as _l
from deposits.domain.relief import Freed, ReliefState
from deposits.queries.reliefs import ReliefView

SENTENCES: Mapping[str, object] = {
    "relief.kind": _l("交易类别或采购类型不正确。请从列表中选择。"),
    "relief.days": _l("结束日期早于开始日期。请检查日期。"),
    "relief.unknown": _l("没有找到这项减免。请刷新页面后重试。"),
    "relief.not_found": _l("没有找到这项减免。请刷新页面后重试。"),
    "relief.not_proposed": _l("这项减免没有等待会签的申请。请刷新页面查看。"),
    "relief.firm": _l("没有这个单位，或者名称与登记的不一致。请按统一社会信用代码重新查找。"),
    "waiver.too_late": _l("缴纳截止时间已过，不能再使用信用减免。"),
    "waiver.none_holds": _l("没有这项信用减免，或者今天不在有效期内。请在“保证金减免”页面查看。"),
    "waiver.used_already": _l("本标段已经使用了信用减免，每个标段只能使用一次。"),
    "waiver.deposit_asked": _l("已经申请了收款账号，不能再使用信用减免。请按原金额缴纳。"),
    "waiver.nothing_to_pay": _l("本标段已使用信用减免，无需缴纳保证金。"),
    "message.relief.proposed": _l("交易中心提出了一项保证金减免，等待会签。"),
    "message.relief.proposed.todo": _l("请在“保证金减免”页面核对依据，会签或撤下。"),
    "message.relief.end_proposed": _l("交易中心提出终止一项保证金减免，等待会签。"),
    "message.relief.end_proposed.todo": _l("请在“保证金减免”页面核对理由，会签或撤下。"),
    "message.relief.waived": _l("本单位可以使用一项保证金信用减免。"),
    "message.relief.waived.todo": _l("投标时，请在“投标保证金”页面逐标段选择使用。"),
    "message.relief.waiver_ended": _l("本单位的一项保证金信用减免已终止。"),
    "message.relief.waiver_ended.todo": _l("已经使用的标段不变；新的标段请按招标文件的金额缴纳。"),
    "message.waiver.part": _l("信用减免已在本标段生效，应缴金额减少。"),
    "message.waiver.part.todo": _l("请在截止时间前缴足减免后的金额，金额见“投标保证金”页面。"),
    "message.waiver.whole": _l("信用减免已在本标段生效，无需缴纳保证金。"),
    "message.waiver.whole.todo": _l("请在截止时间前递交投标文件。"),
    **dict.fromkeys(
        (f"relief.{action}.wrong_state" for action in ("agree", "drop", "propose_end", "end", "keep")),
        _l("这项减免的状态已经变化。请刷新页面查看。"),
    ),
    **dict.fromkeys(
        (f"relief.{action}.not_allowed" for action in ("agree", "drop", "propose_end", "end", "keep")),
        _l("减免由交易中心提出、行政监督部门会签。"),
    ),
}
STATES: Mapping[ReliefState, object] = {
    ReliefState.PROPOSED: _l("待会签"),
    ReliefState.HOLDS: _l("生效中"),
    ReliefState.ENDING: _l("待会签终止"),
    ReliefState.ENDED: _l("已终止"),
    ReliefState.DROPPED: _l("已撤下"),
}
TONES: Mapping[ReliefState, str] = {
    ReliefState.PROPOSED: "warn",
    ReliefState.HOLDS: "ok",
    ReliefState.ENDING: "warn",
    ReliefState.ENDED: "line",
    ReliefState.DROPPED: "line",
}
REGIMES: Mapping[str, object] = {"construction": _l("工程建设"), "government_procurement": _l("政府采购")}
CATEGORIES: Mapping[str, object] = {"construction": _l("施工"), "goods": _l("货物"), "services": _l("服务")}
EVERYWHERE = _l("全部地区")
SET_ASIDE = _l("已撤下。")
SHEET = _l("保证金减免")
COLUMNS = (
    *(_l("对象"), _l("减免"), _l("起始日"), _l("截止日"), _l("依据"), _l("状态")),
    *(_l("提出时间"), _l("会签时间"), _l("终止时间"), _l("终止理由")),
)
WORDS: Mapping[str, object] = {
    "RELIEF_STATES": STATES,
    "RELIEF_TONES": TONES,
    "RELIEF_REGIMES": REGIMES,
    "RELIEF_CATEGORIES": CATEGORIES,
    "EVERYWHERE": EVERYWHERE,
}
"""What the template gets by name."""


def row_of(view: ReliefView) -> list[str]:
    """A relief as a row of the workbook."""
    said = view.said
    if isinstance(said, Freed):
        whom = " · ".join((str(REGIMES[said.regime]), str(CATEGORIES[said.category]), said.region or str(EVERYWHERE)))
    else:
        whom = said.name
    percent = 100 if isinstance(said, Freed) else said.percent
    days = said.period.since.isoformat(), said.period.until.isoformat() if said.period.until else ""
    moments = (beijing(at) if at else "" for at in (view.proposed_at, view.agreed_at, view.ended_at))
    return [whom, f"{percent}%", *days, said.source, str(STATES[view.state]), *moments, view.end_reason]
