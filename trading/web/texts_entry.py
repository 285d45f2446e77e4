"""The words of who may bid: refusals, reasons and answers of an invitation."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.invitation import InvitationReason, InviteeState

SENTENCES: Mapping[str, object] = {
    "lot.by_invitation": _l("本标段采用邀请招标，只向受邀请的单位开放。依法公开的内容请查看交易公告；受邀请的单位请登录后办理。"),
    "invitation.not_found": _l("本标段是公开招标，没有投标邀请书。请查看招标公告。"),
    "invitation.too_few": _l("邀请招标应当邀请不少于 %(least)s 家单位。请补充受邀请单位。"),
    "invitation.invitee_twice": _l("同一单位被列了两次。请删去重复的单位。"),
    "invitation.party_invited": _l("招标人和代理机构不能是受邀请单位。请修改受邀请单位。"),
    "invitation.approval_missing": _l("依法必须招标的项目采用邀请招标，须填写审批文号。请补充后重试。"),
    "invitation.invitee_unknown": _l("“%(uscc)s”没有登记在册的投标人员。请核对统一社会信用代码，或请该单位先到平台登记。"),
    "invitation.invitee_other": _l("“%(name)s”的名称或代码与平台登记的不一致。请代理机构重新保存公告后再签名。"),
    "invitation.answer.not_taken": _l("投标截止时间已过，或标段已经终止，不能再答复。"),
    "invitation.answer.has_bid": _l("贵单位已递交投标文件。请先撤回投标文件，再谢绝邀请。"),
    "invitation.answer.other_org": _l("答复所写的单位不是贵单位。请刷新页面后重新签名。"),
    "bid.invitation_declined": _l("贵单位已谢绝邀请。如要投标，请先在投标邀请书页面确认参加。"),
}

INVITATION_REASONS: Mapping[str, object] = {
    InvitationReason.FEW.value: _l("有特殊要求或者受条件限制，只有少量供应商可供选择"),
    InvitationReason.COST.value: _l("公开招标的费用占合同金额的比例过大"),
}
INVITEE_STATES: Mapping[InviteeState, object] = {
    InviteeState.INVITED: _l("尚未答复"),
    InviteeState.CONFIRMED: _l("已确认参加"),
    InviteeState.DECLINED: _l("已谢绝"),
}
