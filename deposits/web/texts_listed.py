"""The words of the list of a lot's deposits."""

from __future__ import annotations

from core.web.i18n import lazy as _l

COLUMNS = (
    _l("投标人"),
    _l("状态"),
    _l("应缴金额（元）"),
    _l("已缴金额（元）"),
    _l("入账时间"),
    _l("到账金额（元）"),
    _l("结果"),
    _l("退还原因"),
    _l("退还本金（元）"),
    _l("退还利息（元）"),
    _l("退还状态"),
    _l("法定退还期限"),
    _l("退还到账时间"),
    _l("信用减免"),
)
SHEET = _l("保证金名单")
FINANCE_COLUMNS = (_l("标段"), _l("投标人"), _l("已缴金额（元）"), _l("状态"), *COLUMNS[7:13], _l("银行代码"))
FINANCE_SHEET = _l("保证金与退还")
