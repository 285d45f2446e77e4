"""The words of statement pages."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "passbook.not_found": _l("没有这个标段的账目可以查看。标段开标或者终止后，它的账目才会显示。"),
    "passbook.days_reversed": _l("结束日期早于开始日期。请检查日期。"),
    "passbook.too_many": _l("导出最多 %(most)s 行。请选择标段或缩短日期后再导出。"),
}
BOOKINGS: Mapping[str, object] = {
    "receive": _l("银行到账"),
    "match": _l("计入保证金"),
    "earn": _l("银行结息"),
    "order": _l("办理退还"),
    "settle": _l("退还已付"),
    "undo": _l("退还未成，转回"),
    "forfeit": _l("不予退还"),
    "take_over": _l("转入沉淀保证金"),
    "move_in": _l("旧账户资金转入"),
    "pay_out": _l("沉淀保证金批准支付"),
    "hand_back": _l("沉淀保证金支付未成，转回"),
    "restore": _l("提存或移交的退回"),
}
ACCOUNTS: Mapping[str, object] = {
    "bank": _l("银行账（已开标、已终止标段）"),
    "held": _l("标段保证金账"),
    "suspense": _l("标段待处理账"),
    "in_transit": _l("标段在途退款账"),
}
COLUMNS = (
    _l("时间"),
    _l("事项"),
    _l("标段"),
    _l("单位"),
    _l("银行流水号"),
    _l("收入（元）"),
    _l("支出（元）"),
    _l("余额（元）"),
    _l("另付利息（元）"),
)
SHEET = _l("保证金账目")
WORDS: Mapping[str, object] = {"BOOKINGS": BOOKINGS, "ACCOUNTS": ACCOUNTS}
