"""The words of suspense, and of the bank's statements that are handed in as sheets."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.statement_file import COLUMNS

SENTENCES: Mapping[str, object] = {
    "suspense.no_account": _l("银行没有告知付款账号，不能退回。请向银行查询后再办理。"),
    "suspense.does_not_fit": _l("这笔款项不符合该标段的缴纳条件（户名、账户、时间或金额），不能作为保证金。请退回付款人。"),
    "bank_statement.finance_only": _l("银行流水由保证金财务导入。"),
    "bank_statement.ref": _l("银行流水号应为 1 至 35 位字母、数字或短横线。"),
    "bank_statement.twice": _l("这个银行流水号在表中出现了不止一次。请只保留一行。"),
    "bank_statement.differs": _l("银行已经用这个流水号通知过另一笔款项（金额、方向或子账号不同）。请与银行核对。"),
    "bank_statement.direction": _l("方向应写“贷”“借”或“利息”。"),
    "bank_statement.amount": _l("金额应大于零，最多两位小数，例如 800000.00。"),
    "bank_statement.moment": _l("入账时间应写成 2026-11-30 09:15:00。"),
    "bank_statement.future": _l("入账时间晚于现在。请检查。"),
    "bank_statement.sub_account": _l("子账号应当是本中心收款账户下的账号。请把单元格设为文本，避免丢失数字。"),
    "bank_statement.party_name": _l("收入应写明对方户名，不超过 140 个字。"),
    "bank_statement.party_account": _l("对方账号最多 34 位字母或数字。请把单元格设为文本，避免丢失数字。"),
    "bank_statement.key": _l("客户参考号最多 35 位字母、数字或短横线。"),
    "bank_statement.text": _l("摘要不超过 140 个字。"),
    "bank_statement.nothing": _l("没有可以导入的行。请改好文件后重新上传。"),
    "bank_statement.faults": _l("还有 %(count)s 行有问题。请改好后重新上传，或者选择只导入没有问题的行。"),
    "bank_statement.other": _l("签名针对的不是这个文件。请刷新页面后重试。"),
    "bank_statement.encoding": _l("文件的编码不能识别。请另存为 UTF-8 或 GBK 编码的 CSV，或者 XLSX。"),
    "bank_statement.confirm.not_allowed": _l("银行流水由保证金财务导入。"),
    "bank_statement.confirm.wrong_state": _l("这个文件已经导入或放弃。请刷新页面查看。"),
    "bank_statement.discard.not_allowed": _l("银行流水由保证金财务导入。"),
    "bank_statement.discard.wrong_state": _l("这个文件已经导入或放弃。请刷新页面查看。"),
    "statement.incomplete": _l("银行对账单不完整：缺页、重复或有不属于当日的流水。请稍后重试或联系银行。"),
    "statement.unbalanced": _l("银行对账单的期初余额加流水不等于期末余额。请联系银行。"),
    "statement_file.not_found": _l("没有找到这个文件。请从导入记录重新进入。"),
}
SUSPENSE_STATES: Mapping[str, object] = {
    "waiting": _l("待处理"),
    "returned": _l("已决定退回"),
    "assigned": _l("已认定为保证金"),
    "old_money": _l("已计入沉淀资金"),
}
SUSPENSE_TONES: Mapping[str, str] = {"waiting": "warn", "returned": "ok", "assigned": "ok", "old_money": "ok"}
FILE_STATES: Mapping[str, object] = {
    "previewed": _l("待确认"),
    "confirmed": _l("正在入账"),
    "done": _l("已入账"),
    "discarded": _l("已放弃"),
}
FILE_COLUMNS: Mapping[str, object] = dict(
    zip(
        (column.value for column in COLUMNS),
        (
            _l("银行流水号"),
            _l("方向"),
            _l("金额"),
            _l("入账时间"),
            _l("子账号"),
            _l("对方户名"),
            _l("对方账号"),
            _l("客户参考号"),
            _l("摘要"),
        ),
        strict=True,
    )
)
SUSPENSE_COLUMNS = (
    _l("银行流水号"),
    _l("付款人"),
    _l("付款账号"),
    _l("转入账号"),
    _l("金额"),
    _l("入账时间"),
    _l("状态"),
    _l("理由"),
    _l("决定人"),
    _l("决定时间"),
)
FAULT_COLUMNS = (_l("行"), _l("列"), _l("需要改正之处"))
HANDED_IN_COLUMNS = (
    *(_l("文件"), _l("上传时间"), _l("可导入"), _l("有问题"), _l("已入账"), _l("银行已通知过")),
    *(_l("状态"), _l("文件摘要")),
)
SHEETS: Mapping[str, object] = {
    "suspense": _l("待查款项"),
    "statement": _l("银行流水"),
    "statements": _l("导入记录"),
    "faults": _l("有问题的行"),
}
WORDS: Mapping[str, object] = {
    "SUSPENSE_STATES": SUSPENSE_STATES,
    "SUSPENSE_TONES": SUSPENSE_TONES,
    "FILE_STATES": FILE_STATES,
    "FILE_COLUMNS": FILE_COLUMNS,
}
