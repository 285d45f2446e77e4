"""The words of who may bid: refusals, reasons and answers of an invitation."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.consortium import ConsortiumState
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
    "consortium.not_accepted": _l("本标段不接受联合体投标。请以贵单位名义单独投标。"),
    "consortium.lead_other": _l("牵头人须是办理登记的单位。请由牵头人登录后登记。"),
    "consortium.members_unfit": _l("联合体成员须为 2 至 %(most)s 家（含牵头人）。请修改成员。"),
    "consortium.member_twice": _l("同一单位被列了两次。请删去重复的成员。"),
    "consortium.party_member": _l("招标人和代理机构不能成为联合体成员。请修改成员。"),
    "consortium.shares_unfit": _l("各成员的份额须大于零，合计为 100%%。请核对份额。"),
    "consortium.name_too_long": _l("各成员名称合计不能超过 %(most)s 个字。请减少成员。"),
    "consortium.member_other": _l("“%(name)s”的名称或代码与平台登记的不一致。请重新保存后再签名。"),
    "consortium.draft_other": _l("您看到的协议稿已经变化。请刷新页面，核对后重新签名。"),
    "consortium.signed_already": _l("贵单位已签署过这份联合体协议，无需再签。"),
    "consortium.bound": _l("贵单位已在本标段的另一联合体中。同一标段只能参加一个联合体。"),
    "consortium.has_bid": _l("贵单位已单独递交投标文件。请先撤回，再参加联合体。"),
    "consortium.sealed": _l("联合体已递交投标文件。请先由牵头人撤回，再解散联合体。"),
    "consortium.not_found": _l("没有这个联合体，或贵单位不是它的成员。请刷新页面。"),
    "bid.seal.consortium_member": _l("贵单位已签署联合体协议，由牵头人统一递交，不能另行投标。"),
    "bid.seal.consortium_unsigned": _l("联合体还有成员没有签署协议。请等全体成员签署后再递交。"),
    "bid.seal.consortium_other": _l("投标文件所写的成员与联合体协议不一致。请刷新页面，重新加密后递交。"),
    "bid.invitation_declined": _l("贵单位已谢绝邀请。如要投标，请先在投标邀请书页面确认参加。"),
}

INVITATION_REASONS: Mapping[str, object] = {
    InvitationReason.FEW.value: _l("有特殊要求或者受条件限制，只有少量供应商可供选择"),
    InvitationReason.COST.value: _l("公开招标的费用占合同金额的比例过大"),
}
CONSORTIUM_STATES: Mapping[ConsortiumState, object] = {
    ConsortiumState.DRAFTED: _l("协议稿，尚未签名"),
    ConsortiumState.FORMING: _l("等待成员签署"),
    ConsortiumState.FORMED: _l("全体成员已签署"),
    ConsortiumState.DISSOLVED: _l("已解散"),
}
INVITEE_STATES: Mapping[InviteeState, object] = {
    InviteeState.INVITED: _l("尚未答复"),
    InviteeState.CONFIRMED: _l("已确认参加"),
    InviteeState.DECLINED: _l("已谢绝"),
}
