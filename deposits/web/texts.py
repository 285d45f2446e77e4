"""The words of deposits: what refusals say, and the names of states, outcomes and reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from core.web.i18n import lazy as _l
from deposits.domain.refund_recall import STOPPED
from deposits.web import (
    texts_batches,
    texts_books,
    texts_claims,
    texts_dormant,
    texts_guarantees,
    texts_holds,
    texts_letters,
    texts_new_accounts,
    texts_order_letters,
    texts_passbooks,
    texts_performance,
    texts_recalls,
    texts_reliefs,
    texts_sub_accounts,
    texts_suspense,
    texts_terms,
    texts_treasury,
)

SENTENCES: Mapping[str, object] = {
    **texts_dormant.SENTENCES,
    **texts_guarantees.SENTENCES,
    "deposit.not_asked": _l("本标段不收投标保证金，无需缴纳。"),
    "deposit.not_found": _l("没有找到这笔保证金。请从“我的投标”重新进入。"),
    "deposit.no_payment": _l("这笔保证金没有到账记录，不能退还。请联系交易中心财务。"),
    "deposit.bidders_only": _l("只有投标人可以办理投标保证金。请切换到投标人身份。"),
    "deposit.sealed": _l("开标前，任何人不能查看保证金名单和数量。请在开标后再查看。"),
    "deposit.deadline_passed": _l("缴纳截止时间已过，不能再申请保证金子账号。"),
    "deposit.basic_account_missing": _l("投标保证金应当从基本账户转出。请先登记本单位的基本账户，再申请子账号。"),
    "deposit_requirement.request.not_allowed": _l("只有投标人可以申请保证金子账号。请切换到投标人身份。"),
    "deposit_requirement.request.wrong_state": _l("本标段已经截止，不能再申请保证金子账号。"),
    "deposit_requirement.amend.wrong_state": _l("本标段已经截止，不能再修改保证金要求。"),
    "account.number": _l("账号不正确：应为 8 至 34 位数字或大写字母。请对照开户许可证或基本存款账户信息检查。"),
    "account.bank": _l("开户银行应为 2 至 100 个字。请填写银行全称，写到支行。"),
    "account.other_name": _l("基本账户的户名应与单位名称一致：%(organisation)s。请检查户名。"),
    "basic_account.not_found": _l("还没有登记基本账户。请先登记。"),
    "refund.not_found": _l("没有找到这笔退款。请刷新页面后重试。"),
    "refund.replaced": _l("这笔退款已经重新办理。请刷新页面查看。"),
    "refund.retry.not_allowed": _l("只有保证金财务可以重新办理退款。"),
    "refund.retry.wrong_state": _l("只有被银行退回的退款可以重新办理。请刷新页面查看。"),
    "bank_entry.not_found": _l("没有找到这笔待查款项。请刷新页面查看。"),
    "bank_entry.sent_back": _l("这笔款项已经退回。请刷新页面查看。"),
    "ledger.below_zero": _l("账上余额不足，这笔账没有记。请联系交易中心财务。"),
    "xml.refused": _l("银行报文不符合要求，没有读取。请联系银行。"),
    "message.malformed": _l("银行报文缺少内容或格式不正确：%(element)s。请联系银行。"),
    **texts_batches.SENTENCES,
    **texts_books.SENTENCES,
    **texts_claims.SENTENCES,
    **texts_holds.SENTENCES,
    **texts_letters.SENTENCES,
    **texts_new_accounts.SENTENCES,
    **texts_order_letters.SENTENCES,
    **texts_passbooks.SENTENCES,
    **texts_recalls.SENTENCES,
    **texts_sub_accounts.SENTENCES,
    **texts_reliefs.SENTENCES,
    **texts_performance.SENTENCES,
    **texts_suspense.SENTENCES,
    **texts_terms.SENTENCES,
    **texts_treasury.SENTENCES,
}
STATES: Mapping[str, object] = {
    "": _l("未申请"),
    "requested": _l("待缴纳"),
    "short": _l("未缴足"),
    "matched": _l("已到账"),
    "locked": _l("已锁定"),
    "lapsed": _l("未缴纳"),
    "waived": _l("信用减免，免缴"),
    "refund_due": _l("待退还"),
    "refunding": _l("退还中"),
    "refunded": _l("已退还"),
    "refund_failed": _l("退还失败"),
    "forfeitable": _l("等待招标人决定"),
    "forfeit_proposed": _l("拟不予退还"),
    "forfeited": _l("不予退还"),
    "dormant": _l("转入沉淀保证金"),
}
TONES: Mapping[str, str] = {
    "matched": "ok",
    "waived": "ok",
    "refunded": "ok",
    "confirmed": "ok",
    "short": "warn",
    "in_doubt": "warn",
    "refund_failed": "bad",
    "forfeitable": "warn",
    "forfeit_proposed": "warn",
    "forfeited": "bad",
    "cancelled": "line",
    "rejected": "bad",
    "recalled": "warn",
    "": "line",
    "lapsed": "line",
}
OUTCOMES: Mapping[str, object] = {
    "matched": _l("符合，已缴足"),
    "short": _l("符合，未缴足"),
    "over": _l("已缴足，多缴部分退回"),
    "late": _l("迟到，原路退回"),
    "wrong_name": _l("付款人名称不符，原路退回"),
    "not_basic_account": _l("不是从基本账户转出，原路退回"),
    "duplicate": _l("重复缴纳，原路退回"),
    "split": _l("没有一次缴足，原路退回"),
}
REASONS: Mapping[str, object] = {
    "contract_signed": _l("合同已签订"),
    "performed": _l("履约完成"),
    "lot_failed": _l("流标或全部否决"),
    "lot_terminated": _l("招标人终止招标"),
    "withdrawn": _l("截止前撤回投标"),
    "award_lost": _l("未中标"),
    "no_bid": _l("截止时没有投标"),
    "short": _l("截止时未缴足"),
    "platform_failure": _l("非投标人原因未能解密"),
    "waived": _l("招标人决定退还"),
    "forfeited": _l("不予退还，转付招标人或国库"),
    "over": _l("多缴"),
    "late": _l("迟到"),
    "wrong_name": _l("付款人名称不符"),
    "not_basic_account": _l("不是基本账户"),
    "duplicate": _l("重复缴纳"),
    "split": _l("没有一次缴足"),
    "unknown": _l("无主款项"),
    "dormant": _l("沉淀保证金"),
}
REFUND_STATES: Mapping[str, object] = {
    "scheduled": _l("待退还"),
    "sending": _l("已发出指令"),
    "in_doubt": _l("银行未答复，正在查询"),
    "accepted": _l("银行已受理"),
    "confirmed": _l("已到账"),
    "rejected": _l("银行退回"),
    "cancelled": _l("未发出，已作出不予退还决定"),
}
SHOWN_STATES: Mapping[str, object] = {**REFUND_STATES, "recalled": _l("退款已撤回")}
"""As what a refund's state is shown, by `shown`."""
DONE: Mapping[str, object] = {
    "account_registered": _l("基本账户已登记。"),
    "refund_retried": _l("退款已重新办理。"),
}


class Told(Protocol):
    """A refund's state, and the bank's code for a rejection."""

    @property
    def state(self) -> str: ...
    @property
    def cause(self) -> str: ...


def shown(refund: Told) -> str:
    """As what a refund's state is shown: what the bank stopped because it was asked to is no rejection to those who read of it."""
    return "recalled" if refund.cause == STOPPED else refund.state


WORDS: Mapping[str, object] = {
    "STOPPED": STOPPED,
    "shown": shown,
    "STATES": STATES,
    "TONES": TONES,
    "OUTCOMES": OUTCOMES,
    "REASONS": REASONS,
    "REFUND_STATES": SHOWN_STATES,
}
"""What the templates get by name."""
