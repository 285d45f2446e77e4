"""The words of prequalification: refusals, states, who reviews."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.prequalification import Reviewers, RoundAction, RoundState

SENTENCES: Mapping[str, object] = {
    "notice.prequalification_running": _l("本标段先进行资格预审，审查结束前不能发布招标公告。请先完成资格预审。"),
    "lot.prequalified": _l("本标段的资格预审已经结束，不再重新进行。"),
    "lot.no_prequalification": _l("本标段没有进行中的资格预审。请刷新页面。"),
    "prequalification.objection_unanswered": _l("对资格预审的异议尚未答复，答复前暂停。请先答复异议。"),
    "prequalification.deadline_passed": _l("资格预审申请截止时间已过。请在投标人首页查看其他公告。"),
    "prequalification.deadline_not_reached": _l("资格预审申请截止时间未到。请等待截止。"),
    "prequalification.too_few_applied": _l("递交资格预审申请的单位不足三家，依法不开启申请文件。"),
    "prequalification.enough_applied": _l("递交资格预审申请的单位已达三家，资格预审继续。"),
    "prequalification.committee_named": _l("资格审查委员会已经确定，不能更换。"),
    "prequalification.committee_missing": _l("资格审查委员会尚未确定。请招标人先签署成员名单。"),
    "prequalification.sheets_missing": _l("还有成员没有签署审查意见。请等全体成员签署。"),
    "prequalification.too_few_passed": _l("通过资格预审的申请人不足三家，应当重新招标。请签署资格预审失败的结论。"),
    "prequalification.enough_passed": _l("通过资格预审的申请人已达三家，请签署审查结果。"),
    "prequalification.takes_none": _l("现在不受理资格预审申请。请核对公告中的受理时间。"),
    "prequalification.criterion_twice": _l("同一编号的审查条件列了两次。请修改编号。"),
    "prequalification.purchaser_reviews": _l("政府采购由采购人或者其代理机构审查资格，不设资格审查委员会。请改选采购人审查。"),
    "prequalification.committee_needed": _l("国有资金占控股或者主导地位的依法必须招标的项目，由资格审查委员会审查。请改选委员会审查。"),
    "notice.round_other": _l("公告所写的资格预审结果不是本标段的结果。请重新保存公告后再签名。"),
    "notice.invited_and_prequalified": _l("本标段已进行资格预审，由通过的申请人投标，不能另行邀请。请改为公开招标后保存。"),
    "prequalification.not_found": _l("本标段没有资格预审。请查看招标公告。"),
    "prequalification.no_committee": _l("本标段由招标人自行审查，不设资格审查委员会。"),
    "prequalification.member_twice": _l("同一人列了两次。请删去重复的成员。"),
    "prequalification.members_unfit": _l("资格审查委员会须为 %(least)s 人以上单数。请调整成员。"),
    "prequalification.experts_few": _l("专家不得少于成员总数的三分之二。请调整成员。"),
    "prequalification.member_unknown": _l("“%(name)s”不是登记在册的专家或招标人人员，或姓名不一致。请重新选择。"),
    "prequalification.not_reviewer": _l("您不是本标段的资格审查人员。"),
    "prequalification.sheet.applicants": _l("审查意见须逐一写明每个申请人，不多不少。请刷新页面后重填。"),
    "prequalification.sheet.criteria": _l("只能按资格预审文件载明的条件逐条审查。请刷新页面后重填。"),
    "prequalification.sheet.reason": _l("不通过的条件须写明理由，通过的不写理由。请补充后重试。"),
    "prequalification.sheet.signed_already": _l("您已签署审查意见，不能再改。"),
    "prequalification.result_other": _l("结果与各成员签署的审查意见不一致。请刷新页面后重新签名。"),
    "prequalification.document_other": _l("公告所写的资格预审文件不是现行版本。请重新保存公告后再签名。"),
    "prequalification.lay_down.wrong_state": _l("资格预审公告已经发布，不能再改文件或公告草稿。"),
    "prequalification.document_missing": _l("资格预审文件尚未签署。请代理机构先签署文件。"),
    "prequalification.amend.wrong_state": _l("现在不能修改资格预审文件。公告发布后、申请截止前可以修改。"),
    "prequalification.amendment_other": _l("修改所依据的不是现行的资格预审文件。请刷新页面后重新填写。"),
    "prequalification.reviewers_fixed": _l("审查人和资金性质不能在修改中变动。请恢复后重试。"),
    "prequalification.deadline_shortened": _l("申请截止时间只能顺延，不能提前。请修改截止时间。"),
    "prequalification.nothing_changed": _l("文件、条件和截止时间都没有变化。请修改后再签署。"),
    "prequalification.times_unordered": _l("时间先后有误：文件开始发出、停止发出、申请截止须依次排列。请修改时间。"),
}

ROUND_STATES: Mapping[RoundState, object] = {
    RoundState.DRAFTED: _l("文件已签署，待发布公告"),
    RoundState.NOTICED: _l("公告已发布，受理申请"),
    RoundState.CLOSED: _l("申请已截止"),
    RoundState.OPENED: _l("审查中"),
    RoundState.REVIEWED: _l("审查意见已齐"),
    RoundState.ENDED: _l("已结束"),
    RoundState.FAILED: _l("失败"),
}
REVIEWERS: Mapping[Reviewers, object] = {Reviewers.COMMITTEE: _l("资格审查委员会"), Reviewers.TENDERER: _l("招标人（采购人）")}
ROUND_ACTIONS: Mapping[RoundAction, object] = {
    RoundAction.LAY_DOWN: _l("编制资格预审文件"),
    RoundAction.PUBLISH: _l("签发资格预审公告"),
    RoundAction.AMEND: _l("修改资格预审文件"),
    RoundAction.NAME_COMMITTEE: _l("确定资格审查委员会"),
    RoundAction.REVIEW: _l("签署审查意见"),
    RoundAction.CONCLUDE: _l("签署审查结果"),
    RoundAction.FAIL_REVIEWED: _l("签署审查结果"),
}
