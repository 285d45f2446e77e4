"""The words of the statutory clock: what each period is about, how it is counted, how it stands, and what refusals say."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.calendar import Unit
from core.web.i18n import lazy as _l
from trading.domain.periods import Anchor, Direction
from trading.domain.statutory import TermState

SENTENCES: Mapping[str, object] = {
    "period.amendment.too_late": _l("修改招标文件最迟应在 %(latest)s 发出（投标截止前 %(days)s 日）。请顺延投标截止时间后再发出。"),
    "period.prequalification_amendment.too_late": _l(
        "修改资格预审文件最迟应在 %(latest)s 发出（截止前 %(days)s 日）。请顺延申请截止时间后再发出。"
    ),
    "period.prequalification_available.too_short": _l("资格预审文件的提供时间太短，最早可到 %(earliest)s 停止发出。请延长提供时间。"),
    "period.prequalification_time.too_short": _l("提交资格预审申请文件的时间太短，最早可到 %(earliest)s 截止。请推迟截止时间。"),
    "period.document_objection.too_late": _l("对招标文件的异议最迟应在 %(latest)s 提出（投标截止前 %(days)s 日），期限已过。"),
    "period.prequalification_objection.too_late": _l("对资格预审文件的异议最迟应在 %(latest)s 提出，期限已过。"),
    "period.opening_objection.too_late": _l("对开标的异议应在开标现场提出，开标已经结束。"),
    "period.result_objection.too_late": _l("对评标结果的异议应在公示期内提出，公示已于 %(latest)s 结束。"),
    "period.complaint.too_late": _l("投诉应自知道或者应当知道之日起 %(days)s 日内提出，最迟 %(latest)s，期限已过。"),
    "period.challenge.too_late": _l("质疑应自知道或者应当知道之日起 %(days)s 个工作日内提出，最迟 %(latest)s，期限已过。"),
    "period.challenge_complaint.too_late": _l("投诉应在答复期满后 %(days)s 个工作日内提出，最迟 %(latest)s，期限已过。"),
    "period.expert_draw.too_early": _l("评标专家应在评标前 %(hours)s 小时内抽取。请推迟抽取时间。"),
    "notice.deviation_forbidden": _l("期限规则 %(rule)s 对本项目有约束力，不得偏离。请按法定期限修改时间。"),
    "notice.deviation_unexplained": _l(
        "期限规则 %(rule)s（%(days)s 日）不约束本项目，但偏离须写明理由，并由起草人以外的招标人员批准。请补充，或按标准期限修改时间。"
    ),
    "notice.deviation_needless": _l("公告的各项时间符合标准期限，不需要偏离说明。请刷新页面后重新拟稿。"),
    "notice.approver_is_drafter": _l("批准人不能是起草人本人。请另选一人批准。"),
    "notice.approver_unknown": _l("批准人须是招标人的在册人员。请从名单中选择。"),
    "notice.approver_other": _l("这份公告偏离了标准期限，须由批准人%(name)s本人签发。请由其登录后签发。"),
    "notice.drafter_other": _l("偏离说明中的起草人与保存草稿的人不一致。请重新起草公告后再签发。"),
}

PERIODS: Mapping[str, object] = {
    "plan_ahead": _l("提前发布招标计划"),
    "document_available": _l("招标文件提供期限"),
    "bid_time": _l("编制投标文件的时间"),
    "amendment": _l("澄清或修改招标文件"),
    "document_objection": _l("对招标文件提出异议"),
    "objection_answer": _l("答复异议"),
    "prequalification_available": _l("资格预审文件提供期限"),
    "prequalification_objection": _l("对资格预审文件提出异议"),
    "prequalification_time": _l("提交资格预审申请的时间"),
    "prequalification_amendment": _l("修改资格预审文件"),
    "opening": _l("开标"),
    "opening_objection": _l("对开标提出异议"),
    "expert_draw": _l("抽取评标专家"),
    "candidates_published": _l("公布中标候选人"),
    "publicity": _l("中标候选人公示期限"),
    "result_answer": _l("答复对评标结果的异议"),
    "result_objection": _l("对评标结果提出异议"),
    "complaint": _l("投诉"),
    "complaint_acceptance": _l("决定是否受理投诉"),
    "complaint_ruling": _l("作出投诉处理决定"),
    "contract": _l("订立书面合同"),
    "award_report": _l("向监督部门提交书面报告"),
    "deposit_refund": _l("退还投标保证金"),
    "withdrawal_refund": _l("退还撤回者的保证金"),
    "termination_refund": _l("终止后退还保证金"),
    "report_handed_over": _l("送交评审报告"),
    "award_decision": _l("确定中标供应商"),
    "award_published": _l("发出中标通知书并公告结果"),
    "contract_published": _l("公告合同"),
    "contract_filed": _l("合同副本备案"),
    "losers_refund": _l("退还未中标者的保证金"),
    "challenge": _l("提出质疑"),
    "challenge_answer": _l("答复质疑"),
    "challenge_complaint": _l("对质疑答复提起投诉"),
    "challenge_ruling": _l("作出投诉处理决定"),
    "suspension": _l("暂停采购活动"),
    "notice_period": _l("招标公告期限"),
    "result_period": _l("中标结果公告期限"),
    "non_candidates_refund": _l("退还非候选人的保证金"),
    "award_notice": _l("发出中标通知书"),
}
ANCHORS: Mapping[Anchor, object] = {
    Anchor.NOTICE: _l("公告发布"),
    Anchor.PREQUALIFICATION_NOTICE: _l("资格预审公告发布"),
    Anchor.PREQUALIFICATION_RELEASE: _l("资格预审文件开始发出"),
    Anchor.PREQUALIFICATION_RELEASE_END: _l("资格预审文件停止发售"),
    Anchor.PREQUALIFICATION_DEADLINE: _l("资格预审申请截止"),
    Anchor.RELEASE: _l("招标文件开始发出"),
    Anchor.DEADLINE: _l("投标截止时间"),
    Anchor.OPENING_END: _l("开标结束"),
    Anchor.EVALUATION: _l("评标开始"),
    Anchor.EVALUATION_END: _l("评审结束"),
    Anchor.OBJECTION: _l("收到异议"),
    Anchor.ANSWER: _l("答复或答复期满"),
    Anchor.KNOWING: _l("知道或应当知道"),
    Anchor.COMPLAINT: _l("收到投诉"),
    Anchor.ACCEPTANCE: _l("受理投诉"),
    Anchor.SUSPENSION: _l("通知暂停"),
    Anchor.TERMINATION: _l("终止"),
    Anchor.REPORT: _l("收到评标报告"),
    Anchor.PUBLICITY: _l("候选人公示之日"),
    Anchor.PUBLICITY_END: _l("公示期满"),
    Anchor.DECISION: _l("确定中标人"),
    Anchor.AWARD_NOTICE: _l("中标通知书发出"),
    Anchor.CONTRACT: _l("合同签订"),
    Anchor.WITHDRAWAL: _l("收到撤回通知"),
}
DIRECTIONS: Mapping[Direction, object] = {
    Direction.AT_LEAST_AFTER: _l("%(anchor)s之日起不少于 %(n)s %(unit)s"),
    Direction.LASTS: _l("%(anchor)s之日起不少于 %(n)s %(unit)s"),
    Direction.AT_MOST_AFTER: _l("%(anchor)s之日起 %(n)s %(unit)s内"),
    Direction.AT_LEAST_BEFORE: _l("%(anchor)s前至少 %(n)s %(unit)s"),
    Direction.AT_MOST_BEFORE: _l("%(anchor)s前 %(n)s %(unit)s内"),
    Direction.UNTIL: _l("%(anchor)s之前"),
    Direction.SAME_MOMENT: _l("与%(anchor)s为同一时刻"),
}
UNITS: Mapping[Unit, object] = {Unit.CALENDAR: _l("日"), Unit.WORKING: _l("个工作日"), Unit.HOURS: _l("小时")}
TERM_STATES: Mapping[TermState, tuple[object, str]] = {
    TermState.UNKNOWN: (_l("起点未到"), "line"),
    TermState.RUNNING: (_l("进行中"), "info"),
    TermState.FULFILLED: (_l("符合"), "ok"),
    TermState.EXPIRED: (_l("已届满"), "line"),
    TermState.LATE: (_l("已逾期"), "bad"),
    TermState.BROKEN: (_l("不符合"), "bad"),
    TermState.DEVIATES: (_l("偏离（不具约束力）"), "warn"),
}
WORDS: Mapping[str, object] = {
    "PERIODS": PERIODS,
    "ANCHORS": ANCHORS,
    "DIRECTIONS": DIRECTIONS,
    "UNITS": UNITS,
    "TERM_STATES": TERM_STATES,
}
"""What the templates of the statutory clock get by name."""
