"""The words of the checks before publication: what each asks for, how it stands, and what a refusal says to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.web.i18n import lazy as _l
from core.web.texts import sentence
from trading.domain.lot import LotAction
from trading.domain.readiness import Finding, Severity, Standing

SENTENCES: Mapping[str, object] = {
    "composition.section_empty": _l("“%(title)s”一章还没有内容。请填写后再预览或保存。"),
    "composition.section_long": _l("“%(title)s”一章超过 %(most)s 字。请精简，或改为附件上传。"),
    "composition.unreadable": _l("招标文件不是在线编制的，或编制数据无法读取。请在招标文件页面重新勾选“在线编制”。"),
    "document.files_missing": _l("招标文件没有附件。请上传招标文件正文。"),
    "document.ceiling_above_estimate": _l("最高投标限价 %(ceiling)s 元高于估算价（采购预算）%(estimate)s 元。请调低限价，或核对估算价。"),
    "document.escrow_missing": _l("没有托管解密份额：投标人因平台原因无法解密时，没有补救办法。建议改为必须托管或可选托管。"),
    "document.validity_missing": _l("招标文件没有写明投标有效期。请填写自投标截止起算的天数。"),
    "document.validity_short": _l("投标有效期 %(days)s 日可能不够：公示和订立合同至少需要 %(needed)s 日。建议延长。"),
    "method.weights_not_full": _l("各项满分乘以权重合计 %(sum)s 分，不是 100 分。请修改报价和评分项的满分或权重。"),
    "method.price_weight_low": _l("价格分只有 %(points)s 分，低于法定的 %(least)s 分。请提高价格分。"),
    "method.price_formula_other": _l("政府采购的价格分须采用低价优先法（lowest_ratio），不得去掉最高、最低报价。请修改价格分的算法。"),
    "method.price_unscored": _l("价格不列为评审因素，只适用于国家统一定价或固定价格采购。请确认本项目属于这种情形。"),
    "method.candidates_too_many": _l("推荐的中标候选人不得超过 %(most)s 名。请减少候选人数。"),
    "method.candidates_too_few": _l("实行评定分离而只推荐一名候选人，定标委员会没有选择。建议推荐两名以上。"),
    "method.reference_missing": _l("评标基准价用到标底，但没有写明标底，也没有标底承诺摘要。请补充其中一项。"),
    "method.tie_break_missing": _l("没有写明总分相同时怎样排序，届时将并列。建议补充排序规则。"),
    "method.rounding_missing": _l("没有写明各步保留几位小数，届时按精确值计算。建议写明。"),
    "notice.deviates": _l("期限规则 %(rule)s（%(days)s 日）不约束本项目；偏离已写明理由并指定批准人，随公告公开。"),
    "notice.not_ready": _l("发布前检查有 %(count)s 项不满足：%(codes)s。请打开标段页面，按清单逐项修改后再发布。"),
}

CHECKS: Mapping[str, object] = {
    "plan.signed": _l("定标方案已由招标人签署"),
    "plan.basis": _l("评定分离写明了依据文号和当地规定版本"),
    "document.signed": _l("招标文件已由代理机构签署"),
    "document.files": _l("招标文件有附件"),
    "document.envelopes": _l("信封设置完整，暗标只用于技术标"),
    "document.ceiling": _l("写明了最高投标限价"),
    "document.budget": _l("最高投标限价不高于估算价（采购预算）"),
    "document.deposit": _l("投标保证金不超过估算价的 2%"),
    "document.freed": _l("按当地规定免收投标保证金的项目没有收取"),
    "document.validity": _l("写明了投标有效期"),
    "document.validity_long": _l("投标有效期够用到订立合同"),
    "document.escrow": _l("解密失败时有补救办法"),
    "method.form": _l("评标办法完整，可以计算，限价与招标文件一致"),
    "method.weights": _l("评分满分合计 100 分"),
    "method.price_weight": _l("价格分不低于法定比重"),
    "method.price_formula": _l("价格分采用低价优先法，不去掉最高、最低报价"),
    "method.price_scored": _l("价格列为评审因素"),
    "method.reference": _l("用到的标底已写明或已承诺"),
    "method.candidates": _l("推荐的中标候选人不超过三名"),
    "method.choice": _l("候选人在两名以上，定标时有选择"),
    "method.ties": _l("写明了总分相同时的排序"),
    "method.rounding": _l("写明了保留小数位数"),
    "notice.planned": _l("招标计划已提前发布"),
    "notice.release": _l("招标文件发出时间还没有过去"),
    "period.T2": _l("招标文件提供期限足够"),
    "period.T3": _l("编制投标文件的时间足够"),
    "period.T10A": _l("候选人公示期足够"),
}
NOT_YET: Mapping[LotAction, object] = {
    LotAction.FIX_PLAN: _l("保存定标方案后检查。"),
    LotAction.PUBLISH_DOCUMENT: _l("保存招标文件后检查。"),
    LotAction.DRAFT_NOTICE: _l("起草公告后检查。"),
}
"""What an open check waits for, by the step that makes it."""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check as a page shows it: its tone in a checklist, and what is wrong, "" where nothing is."""

    finding: Finding
    tone: str
    why: str


def rows(found: Iterable[Finding], sentences: Mapping[str, object]) -> tuple[CheckRow, ...]:
    """Findings for a page in the reader's language."""
    return tuple(CheckRow(one, _tone(one), "" if one.refusal is None else sentence(one.refusal, sentences)) for one in found)


def _tone(found: Finding) -> str:
    if found.standing is Standing.MISSED:
        return "bad" if found.severity is Severity.BLOCKS else "warn"
    return {Standing.MET: "ok", Standing.OPEN: "open"}[found.standing]
