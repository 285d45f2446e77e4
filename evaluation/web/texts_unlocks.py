"""The words of reopened sheets, of answers to findings, and of members who do not sign the report."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "room.ask_unlock.not_allowed": _l("只有评标委员会成员可以申请解锁本人的评分。"),
    "room.ask_unlock.wrong_state": _l("现在不能申请解锁：评分已经锁定或汇总。"),
    "room.decide_unlock.not_allowed": _l("只有交易中心和评标委员会成员可以决定解锁申请。"),
    "room.decide_unlock.wrong_state": _l("现在没有待决定的解锁申请。"),
    "unlock.ask.nothing_signed": _l("您还没有签名提交评分，可以直接修改。"),
    "unlock.ask.twice": _l("您的解锁申请正在等待决定，请稍候。"),
    "unlock.ask.other_sheet": _l("申请的不是您现在生效的评分表。请刷新页面后重新申请。"),
    "unlock.ask.figures": _l("申请理由中不能出现数字：锁定前任何人都不能知道分值。请只写明原因。"),
    "unlock.decide.not_due": _l("这项解锁申请不由您决定，或者您已经决定。请刷新页面。"),
    "unlock.decide.reason": _l("不同意解锁的，请写明理由。"),
    "room.set_deadline.not_allowed": _l("只有评标委员会成员可以设定签署期限。"),
    "room.set_deadline.wrong_state": _l("评标报告等待签署时才能设定签署期限。"),
    "report.deadline.chair": _l("签署期限由已签署的组长设定；组长尚未签署的，由其他已签署的成员设定。"),
    "report.deadline.twice": _l("签署期限已经设定。"),
    "report.deadline.span": _l("签署期限须在三十分钟之后、三天之内。请修改。"),
    "room.note_refusal.not_allowed": _l("只有交易中心可以记录拒绝签字的情况。"),
    "room.note_refusal.wrong_state": _l("评标报告等待签署时才能记录拒绝签字的情况。"),
    "report.refusal.too_early": _l("签署期限尚未设定或尚未届满，或成员均已签署。请在期满后记录。"),
    "report.refusal.signed": _l("该成员已经签署，或已经记录。请刷新页面。"),
    "room.answer_finding.not_allowed": _l("只有评标委员会成员可以对评分核对的事项作出处理。"),
    "room.answer_finding.wrong_state": _l("汇总之后、评标报告生成之前才能处理评分核对的事项。"),
    "finding.answer.not_due": _l("没有需要您处理的事项，或者您已经全部处理。"),
    "finding.answer.other": _l("这一项不需要您处理，或者您已经处理。请刷新页面。"),
    "finding.answer.empty": _l("请重新评分，或者书面说明理由。"),
    "report.sign.noted": _l("交易中心已记录您在期限内没有签署评标报告，不能再签署。"),
}

UNLOCK_STATES: Mapping[str, object] = {"open": _l("等待决定"), "granted": _l("已同意，重新评分"), "refused": _l("未同意")}
