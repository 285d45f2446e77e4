"""The words of the books of a day and of their differences."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.reconciliation import DifferenceCause, DifferenceKind, DifferenceState

SENTENCES: Mapping[str, object] = {
    "book_difference.not_found": _l("没有找到这条差异。请刷新页面。"),
    "difference.other": _l("所签的差异与页面上的不是同一条。请刷新页面后重试。"),
    "book_difference.close.wrong_state": _l("这条差异已经了结。请刷新页面查看。"),
    "book_difference.close.not_allowed": _l("差异由财务人员了结。"),
}
DIFFERENCE_KINDS: Mapping[DifferenceKind, object] = {
    DifferenceKind.MISSING: _l("银行有，平台没有"),
    DifferenceKind.EXTRA: _l("平台有，银行没有"),
    DifferenceKind.AMOUNT: _l("同一笔金额或方向不同"),
    DifferenceKind.UNEXPLAINED: _l("银行付出，平台没有指令"),
    DifferenceKind.BALANCE: _l("银行余额与已知流水合计不符"),
    DifferenceKind.LEDGER: _l("平台总账与已知流水合计不符"),
    DifferenceKind.DEPOSIT: _l("保证金与总账持有额不符"),
}
CAUSES: Mapping[DifferenceCause, object] = {
    DifferenceCause.TIMING: _l("入账时间不同，现已一致"),
    DifferenceCause.BANK: _l("银行差错，银行已更正"),
    DifferenceCause.OURS: _l("平台差错，已更正"),
    DifferenceCause.OTHER: _l("其他原因"),
}
DIFFERENCE_STATES: Mapping[DifferenceState, object] = {DifferenceState.OPEN: _l("待处理"), DifferenceState.CLOSED: _l("已了结")}
COLUMNS = (
    *(_l("日期"), _l("种类"), _l("银行流水号或保证金"), _l("相差（元）"), _l("标段"), _l("对方"), _l("状态")),
    *(_l("原因"), _l("说明"), _l("了结人"), _l("了结时间")),
)
SHEET = _l("对账差异")
DAY_COLUMNS = (_l("日期"), _l("对账时间"), _l("流水笔数"), _l("银行期末余额"), _l("待处理"), _l("已了结"))
DAYS_SHEET = _l("最近的对账日")
WORDS: Mapping[str, object] = {
    "DIFFERENCE_KINDS": DIFFERENCE_KINDS,
    "CAUSES": CAUSES,
    "DIFFERENCE_STATES": DIFFERENCE_STATES,
    "DifferenceState": DifferenceState,
}
"""What the templates get by name."""
