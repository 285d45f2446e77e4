"""The words in which a bidder's inbox tells of holds, decisions and refunds of its deposit."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "message.deposit.held": _l("投标保证金暂缓退还。"),
    "message.deposit.held.todo": _l("理由和截止日见投标保证金页面；解除或到期后，到期的款项随即退还。"),
    "message.deposit.hold_lifted": _l("投标保证金的暂缓退还已经解除。"),
    "message.deposit.hold_lifted.todo": _l("到了退还期限的，款项随即退还。"),
    "message.deposit.hold_ended": _l("投标保证金的暂缓退还已经到期。"),
    "message.deposit.hold_ended.todo": _l("到了退还期限的，款项随即退还。"),
    "message.deposit.keep_awaited": _l("投标文件因本单位原因未能解密，投标保证金等待招标人决定。"),
    "message.deposit.keep_awaited.todo": _l("决定作出前，保证金不会被没收，也不会退还。"),
    "message.deposit.keep_decided": _l("招标人决定不予退还投标保证金，等待监督部门出具意见。"),
    "message.deposit.keep_decided.todo": _l("情形和理由见投标保证金页面；有异议的，请向招标人提出。"),
    "message.deposit.kept": _l("监督部门同意不予退还投标保证金。"),
    "message.deposit.kept.todo": _l("意见见投标保证金页面；不服的，可以依法投诉或者申请行政复议。"),
    "message.deposit.keep_refused": _l("监督部门不同意不予退还，招标人的决定失效。"),
    "message.deposit.keep_refused.todo": _l("投标保证金恢复原来的状态，到期退还。"),
    "message.deposit.keep_waived": _l("招标人决定退还投标保证金。"),
    "message.deposit.keep_waived.todo": _l("本金和利息一并退回，期限见投标保证金页面。"),
    "message.deposit.refund_sent": _l("投标保证金退款已经发给银行。"),
    "message.deposit.refund_sent.todo": _l("请留意到账；金额见投标保证金页面。"),
    "message.deposit.refund_confirmed": _l("投标保证金退款已经到账。"),
    "message.deposit.refund_confirmed.todo": _l("请核对本金和利息。"),
    "message.deposit.refund_failed": _l("投标保证金退款被银行退回。"),
    "message.deposit.refund_failed.todo": _l("款项没有损失。请检查收款账户是否正常，交易中心财务会重新办理。"),
    "message.deposit.refund_stopped": _l("投标保证金退款在银行付款前由交易中心撤回。"),
    "message.deposit.refund_stopped.todo": _l("款项没有损失，仍在本单位的保证金名下。交易中心财务查明情况后重新办理，法定退还期限不变。"),
    "message.deposit.refund_failed_account": _l("投标保证金退款因收款账户不能入账被银行退回。"),
    "message.deposit.refund_failed_account.todo": _l("请申请改退到本单位的另一个账户。"),
    "message.deposit.account_approved": _l("收款账户变更已经同意。"),
    "message.deposit.account_approved.todo": _l("本金和利息一并退到新账户，请留意到账。"),
    "message.deposit.account_refused": _l("收款账户变更没有同意。"),
    "message.deposit.account_refused.todo": _l("请按理由补正材料后重新申请。"),
}
