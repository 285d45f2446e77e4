"""The words of the treasury account."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.treasury import TreasuryState

SENTENCES: Mapping[str, object] = {
    "treasury_account.not_found": _l("没有找到这个国库账户。请刷新页面查看。"),
    "treasury_account.same_person": _l("提议人不能自己批准。请由另一名财务人员批准。"),
    "treasury_account.approve.not_allowed": _l("国库账户由财务人员批准。"),
    "treasury_account.approve.wrong_state": _l("这个国库账户已经批准。请刷新页面查看。"),
}
TREASURY_STATES: Mapping[TreasuryState, object] = {TreasuryState.PROPOSED: _l("待批准"), TreasuryState.APPROVED: _l("已批准")}
COLUMNS = (*(_l("收款户名"), _l("账号"), _l("开户银行"), _l("来源"), _l("状态"), _l("提议"), _l("提议时间"), _l("批准"), _l("批准时间")),)
SHEET = _l("国库账户")
WORDS: Mapping[str, object] = {"TREASURY_STATES": TREASURY_STATES, "TreasuryState": TreasuryState}
"""What the templates get by name."""
