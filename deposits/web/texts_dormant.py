"""The words of dormant deposits: what refusals say, and the names of states, reasons, ways, materials and columns."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.dormant import Age, ClaimState, DormantState, Material, Payer, PayoutState, Reason, Way
from deposits.domain.dormant_ledger import LedgerKind, LedgerState
from deposits.domain.dormant_said import Channel, Found
from deposits.domain.dormant_sheet import Column

SENTENCES: Mapping[str, object] = {
    "old_ledger.not_found": _l("没有找到这份旧台账。请从旧台账列表重新进入。"),
    "old_ledger.confirm.not_allowed": _l("只有保证金财务可以办理旧台账。"),
    "old_ledger.discard.not_allowed": _l("只有保证金财务可以放弃旧台账。"),
    "old_ledger.confirm.wrong_state": _l("这份旧台账已经确认或放弃。请刷新页面查看。"),
    "old_ledger.discard.wrong_state": _l("这份旧台账已经确认或放弃。请刷新页面查看。"),
    "old_ledger.file_known": _l("同一个文件已经确认过，没有再次入账。请放弃这次导入。"),
    "old_ledger.nothing": _l("没有可以入账的行。请改好表格后重新上传。"),
    "old_ledger.faults": _l("有 %(count)s 行有问题，没有入账。请改好后重新上传，或者选择只入账没有问题的行。"),
    "old_ledger.other": _l("签名的内容与预览不一致。请刷新页面后重新签名。"),
    "old_ledger.moved": _l("签名之后账上已有变动。请刷新页面，核对后重新签名。"),
    "old_ledger.not_booked": _l("这份旧台账还没有全部入账。请稍后刷新。"),
    "dormant.not_found": _l("没有找到这笔沉淀保证金。请检查编号。"),
    "dormant_claim.not_found": _l("没有找到这份申领。请刷新页面查看。"),
    "dormant_payout.not_found": _l("没有找到这笔支付。请刷新页面查看。"),
    "dormant.rows": _l("请至少选择一笔，不要重复，每次最多 500 笔。"),
    "dormant.held_back": _l("这笔保证金因投诉或待没收暂缓支付。处理完毕后，请先更正沉淀原因。"),
    "dormant.no_claim": _l("退还须以单位的申领为据。请先受理申领。"),
    "dormant.claim_open": _l("这笔保证金已有申领正在办理。请等待办理结果。"),
    "dormant.claim_differs": _l("支付的账户与申领材料不一致。请刷新页面后重新提出。"),
    "dormant.not_published": _l("公示满 %(days)s 日，才能提存或移交财政。"),
    "dormant.not_sought": _l("还没有查找过付款单位。请先登记联系记录。"),
    "dormant.gone": _l("这笔保证金已经提存或移交，只能按后来的申领办理。"),
    "dormant.not_claimable": _l("这笔保证金正在支付或已经退还，不能再申领。"),
    "dormant.payout_open": _l("其中有保证金正在支付。请刷新页面查看。"),
    "dormant.payout_known": _l("这笔支付已经提出过。请刷新页面。"),
    "dormant.accounts_differ": _l("所选保证金不在同一个子账号，不能合并支付。请分别办理。"),
    "dormant.same_person": _l("提出人和批准人不能是同一人。请由另一位财务人员批准。"),
    "dormant.not_moved_in": _l("旧账户的资金还没有转入，差 %(missing)s 元。他人的保证金不得挪用，请先转入并登记。"),
    "dormant.moved_in_too_much": _l("转入的本金超过旧账户余额 %(missing)s 元。请核对，多出的部分填入利息。"),
    "dormant.nothing_came": _l("金额不能为零。"),
    "dormant.came_elsewhere": _l("这笔款项不在主账户 %(account)s，不能用于支付。请原路退回后转入主账户。"),
    "dormant.restored_other": _l("退回的本金应为 %(total)s 元。请核对，多出的部分填入利息。"),
    "dormant.material_missing": _l("申领材料不齐。请补上每一项；名称有变更的，还须附变更证明。"),
    "dormant.payee_other": _l("收款账户的户名应与申领单位一致：%(claimant)s。"),
    "dormant.claimant_other": _l("申领单位和统一社会信用代码应与登录单位一致：%(organisation)s。"),
    "dormant.other_row": _l("签名的内容不是这一笔。请刷新页面后重试。"),
    "dormant.file_twice": _l("同一个文件不能作为两项材料。"),
    "dormant.file_size": _l("文件“%(name)s”与上传时不一致。请重新上传。"),
    "dormant.contact_future": _l("联系日期不能晚于今天。"),
    "dormant.claim.not_allowed": _l("申领由付款单位登录办理，也可以到窗口由财务代办。"),
    "dormant.sheet_payer": _l("缴款单位不能空；确实不明的，沉淀原因填“付款人不明”。"),
    "dormant.sheet_word": _l("应为下列之一：%(words)s。"),
    "dormant.sheet_amount": _l("金额应大于零，单位为元，最多两位小数。"),
    "dormant.sheet_future": _l("到账日期不能晚于今天。"),
    "dormant.sheet_order": _l("应退日期不能早于到账日期。"),
    "dormant.sheet_known": _l("这一笔已经入账，不再重复。"),
    "dormant.name_missing": _l("请填写台账名称。"),
}
STATES: Mapping[DormantState, object] = {
    DormantState.LISTED: _l("待清退"),
    DormantState.PAYING: _l("支付中"),
    DormantState.REFUNDED: _l("已退还"),
    DormantState.WITH_NOTARY: _l("已提存"),
    DormantState.WITH_TREASURY: _l("已移交财政"),
    DormantState.RECALLED: _l("等待退回"),
}
REASONS: Mapping[Reason, object] = {
    Reason.NO_REFUND_REQUEST: _l("未申请退还"),
    Reason.PROJECT_FAILED: _l("项目流标或终止"),
    Reason.PAYER_DEREGISTERED: _l("单位已注销"),
    Reason.ACCOUNT_CLOSED: _l("账户已销户"),
    Reason.COMPLAINT_HOLD: _l("投诉暂扣"),
    Reason.FORFEIT_PENDING: _l("待定是否没收"),
    Reason.UNKNOWN_PAYER: _l("付款人不明"),
}
AGES: Mapping[Age, object] = {
    Age.DUE: _l("30 日以内"),
    Age.MONTH: _l("逾期 30 日以上"),
    Age.YEAR: _l("逾期 1 年以上"),
    Age.THREE_YEARS: _l("逾期 3 年以上"),
}
WAYS: Mapping[Way, object] = {Way.REFUND: _l("退还单位"), Way.NOTARY: _l("公证提存"), Way.TREASURY: _l("移交财政")}
CLAIM_STATES: Mapping[ClaimState, object] = {
    ClaimState.SUBMITTED: _l("待审核"),
    ClaimState.RETURNED: _l("待补正"),
    ClaimState.PROPOSED: _l("待批准"),
    ClaimState.APPROVED: _l("已批准"),
    ClaimState.REFUSED: _l("不予退还"),
    ClaimState.WITHDRAWN: _l("已撤回"),
}
PAYOUT_STATES: Mapping[PayoutState, object] = {
    PayoutState.PROPOSED: _l("待批准"),
    PayoutState.REJECTED: _l("未批准"),
    PayoutState.AWAITED: _l("已批准，等待退回"),
    PayoutState.ORDERED: _l("已批准，支付中"),
    PayoutState.PAID: _l("已支付"),
    PayoutState.FAILED: _l("银行退回"),
}
DORMANT_TONES: Mapping[object, str] = {
    DormantState.REFUNDED: "ok",
    DormantState.WITH_NOTARY: "seal",
    DormantState.WITH_TREASURY: "seal",
    DormantState.LISTED: "line",
    ClaimState.APPROVED: "ok",
    ClaimState.RETURNED: "warn",
    ClaimState.REFUSED: "bad",
    ClaimState.WITHDRAWN: "line",
    PayoutState.PAID: "ok",
    PayoutState.REJECTED: "line",
    PayoutState.FAILED: "bad",
    Age.DUE: "line",
    Age.MONTH: "info",
    Age.YEAR: "warn",
    Age.THREE_YEARS: "bad",
}
MATERIALS: Mapping[Material, object] = {
    Material.LICENCE: _l("营业执照复印件"),
    Material.APPLICATION: _l("退还申请书"),
    Material.UNDERTAKING: _l("承诺书"),
    Material.BANK_SLIP: _l("缴款凭证"),
    Material.CHANGE: _l("名称变更或承继证明"),
}
CHANNELS: Mapping[Channel, object] = {
    Channel.PHONE: _l("电话"),
    Channel.LETTER: _l("信函"),
    Channel.MAIL: _l("电子邮件"),
    Channel.VISIT: _l("上门"),
    Channel.AGENCY: _l("通过代理机构"),
    Channel.NOTICE: _l("公告"),
}
FOUND: Mapping[Found, object] = {
    Found.REACHED: _l("已联系上"),
    Found.WILL_CLAIM: _l("将来申领"),
    Found.NO_ANSWER: _l("无人应答"),
    Found.WRONG: _l("号码或地址有误"),
    Found.DEREGISTERED: _l("单位已注销"),
}
LEDGER_KINDS: Mapping[LedgerKind, object] = {LedgerKind.IMPORTED: _l("旧台账导入"), LedgerKind.TAKEN_OVER: _l("平台无主款项")}
LEDGER_STATES: Mapping[LedgerState, object] = {
    LedgerState.PREVIEWED: _l("待确认"),
    LedgerState.DISCARDED: _l("已放弃"),
    LedgerState.CONFIRMED: _l("入账中"),
    LedgerState.BOOKED: _l("已入账"),
}
PAYERS: Mapping[Payer, object] = {Payer.FIRM: _l("单位"), Payer.PERSON: _l("个人")}
ANSWERS: Mapping[bool, object] = {True: _l("是"), False: _l("否")}
SHEET_COLUMNS: Mapping[Column, object] = {
    Column.OLD_REF: _l("原台账编号"),
    Column.PAYER: _l("缴款单位"),
    Column.USCC: _l("统一社会信用代码"),
    Column.KIND: _l("缴款人类型"),
    Column.PROJECT_NUMBER: _l("项目编号"),
    Column.PROJECT: _l("项目名称"),
    Column.AMOUNT: _l("金额（元）"),
    Column.RECEIVED_ON: _l("到账日期"),
    Column.DUE_ON: _l("应退日期"),
    Column.INTEREST: _l("是否计息"),
    Column.ACCOUNT: _l("原付款账号"),
    Column.REASON: _l("沉淀原因"),
    Column.NOTE: _l("备注"),
}
SHEET_NAME = _l("沉淀保证金")
DONE: Mapping[str, object] = {"discarded": _l("已放弃，没有任何一行入账。")}
PUBLIC_COLUMNS = (
    _l("编号"),
    _l("缴款单位"),
    _l("项目名称"),
    _l("项目编号"),
    _l("金额（元）"),
    _l("到账日期"),
    _l("应退日期"),
    _l("逾期"),
    _l("状态"),
)
MORE_COLUMNS = (
    _l("统一社会信用代码"),
    _l("沉淀原因"),
    _l("公示日期"),
    _l("联系次数"),
    _l("原台账编号"),
    _l("原付款账号"),
    _l("备注"),
)
FIGURES_SHEET = _l("沉淀保证金清退情况")
FIGURE_COLUMNS = (_l("项目"), _l("金额（元）"), _l("款项笔数"), _l("单位数"), _l("项目数"))
PAYOUT_COLUMNS = (
    _l("旧台账"),
    _l("去向"),
    _l("保证金"),
    _l("本金（元）"),
    _l("利息（元）"),
    _l("收款人"),
    _l("收款账号"),
    _l("提出人"),
    _l("批准人"),
    _l("状态"),
    _l("支付时间"),
)
ORPHAN_COLUMNS = (_l("来源"), _l("付款人"), _l("标段"), _l("金额（元）"), _l("到账日期"), _l("应退日期"), _l("沉淀原因"))
FAULT_COLUMNS = (_l("行"), _l("列"), _l("需要改正之处"))
KNOWN_COLUMNS = (_l("单位"), _l("款项笔数"), _l("金额（元）"))
FIGURES: Mapping[str, object] = {
    "all": _l("累计"),
    "cleared": _l("已清退"),
    "outstanding": _l("尚未清退"),
    "opening": _l("期初"),
    "came": _l("本月新增"),
    "closing": _l("期末"),
    "later": _l("后来申领"),
}
WORDS: Mapping[str, object] = {
    "DORMANT_STATES": STATES,
    "DORMANT_REASONS": REASONS,
    "DORMANT_TONES": DORMANT_TONES,
    "AGES": AGES,
    "WAYS": WAYS,
    "CLAIM_STATES": CLAIM_STATES,
    "PAYOUT_STATES": PAYOUT_STATES,
    "MATERIALS": MATERIALS,
    "CHANNELS": {one.value: words for one, words in CHANNELS.items()},
    "FOUND": {one.value: words for one, words in FOUND.items()},
    "LEDGER_KINDS": LEDGER_KINDS,
    "LEDGER_STATES": LEDGER_STATES,
    "PAYERS": PAYERS,
    "ANSWERS": ANSWERS,
    "SHEET_COLUMNS": SHEET_COLUMNS,
    "FIGURES": FIGURES,
}
"""What the templates get by name."""
