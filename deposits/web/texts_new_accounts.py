"""The words of requests that a refund go to another account of the same firm."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.new_account import AccountState

SENTENCES: Mapping[str, object] = {
    "new_account.not_found": _l("没有找到这份变更申请。请刷新页面查看。"),
    "new_account_proof.not_found": _l("没有找到这份证明材料。请刷新页面查看。"),
    "new_account.too_early": _l("开标前财务不能知道本单位缴纳过保证金，请在开标后申请变更收款账户。"),
    "new_account.asked": _l("这笔退款的变更申请正在办理。请等待财务答复。"),
    "new_account.not_needed": _l("只有因账户注销、账号不存在或户名不符被银行退回的退款，才能变更收款账户。请刷新页面查看。"),
    "new_account.not_own_payment": _l("这笔款项由%(payer)s付出，只能退回原付款人。请联系交易中心财务。"),
    "new_account.other_name": _l("收款户名应与单位名称一致：%(organisation)s。请检查户名。"),
    "new_account.same": _l("这就是被银行退回的账户。请填写另一个账户。"),
    "new_account.no_proof": _l("请上传开户证明，例如银行出具的开户许可证或账户信息表。"),
    "new_account.proof_twice": _l("同一份材料上传了两次。请删去重复的。"),
    "new_account.proof_size": _l("材料与所签的大小不同：%(name)s。请重新上传。"),
    "new_account.changed": _l("所签的账号与申请的不一致。请刷新页面后重新核对。"),
    "new_account.same_person": _l("您已经同意过。请由另一名财务人员复核。"),
    "new_account.check.not_allowed": _l("收款账户变更由财务人员审核。"),
    "new_account.approve.not_allowed": _l("收款账户变更由财务人员审核。"),
    "new_account.approve.wrong_state": _l("这份申请已经办结。请刷新页面查看。"),
    "new_account.refuse.not_allowed": _l("收款账户变更由财务人员审核。"),
    "new_account.refuse.wrong_state": _l("这份申请已经办结。请刷新页面查看。"),
    "refund.account_asked": _l("投标人已申请变更收款账户。请先办理该申请。"),
}
ACCOUNT_STATES: Mapping[AccountState, object] = {
    AccountState.ASKED: _l("待审核"),
    AccountState.CHECKED: _l("待复核"),
    AccountState.APPROVED: _l("已同意"),
    AccountState.REFUSED: _l("未同意"),
}
ACCOUNT_TONES: Mapping[AccountState, str] = {
    AccountState.ASKED: "warn",
    AccountState.CHECKED: "warn",
    AccountState.APPROVED: "ok",
    AccountState.REFUSED: "bad",
}
CAUSES: Mapping[str, object] = {
    "AC01": _l("账号不存在"),
    "AC04": _l("账户已销户"),
    "BE01": _l("户名不符"),
}
COLUMNS = (
    *(_l("标段"), _l("投标人"), _l("本金"), _l("退回原因"), _l("原收款账号"), _l("新收款户名"), _l("新收款账号"), _l("开户银行")),
    *(_l("理由"), _l("状态"), _l("审核人"), _l("复核人"), _l("未同意的理由"), _l("申请时间"), _l("办结时间")),
)
SHEET = _l("收款账户变更")
WORDS: Mapping[str, object] = {
    "ACCOUNT_STATES": ACCOUNT_STATES,
    "ACCOUNT_TONES": ACCOUNT_TONES,
    "ACCOUNT_CAUSES": CAUSES,
    "AccountState": AccountState,
}
"""What the templates get by name."""
