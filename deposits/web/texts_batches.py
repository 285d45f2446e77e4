"""The words of batches of refunds and of the table of interest rates."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.batch import BatchState
from deposits.domain.rate import RateState

SENTENCES: Mapping[str, object] = {
    "statement.incomplete": _l("银行对账单缺页、重页或混入了别的日期，没有采用。请联系银行重新提供。"),
    "statement.unbalanced": _l("银行对账单的发生额与期初、期末余额对不上，没有采用。请联系银行。"),
    "refund_batch.not_found": _l("没有找到这个退款批次。请从批次列表打开。"),
    "batch.changed": _l("批次内容已经变化（有退款撤出或加入）。请刷新页面，核对后重新签名。"),
    "batch.same_person": _l("两次放行应当由两个人签名。请由另一名财务人员放行。"),
    "refund_batch.sign.not_allowed": _l("退款批次由财务人员放行。"),
    "refund_batch.release.not_allowed": _l("退款批次由财务人员放行。"),
    "refund_batch.release.wrong_state": _l("这个批次已经放行。请刷新页面查看。"),
    "interest_rate.not_found": _l("没有找到这条利率提议。请刷新页面。"),
    "interest_rate.same_person": _l("提议和批准应当由两个人签名。请由另一名财务人员批准。"),
    "interest_rate.since": _l("利率只能从 %(earliest)s 或以后起执行：已经付出的利息不能追溯更改。请修改起始日。"),
    "interest_rate.yearly": _l("年利率应当是不超过 0.1 的小数，例如 0.0005 表示 0.05%%。请检查。"),
    "interest_rate.approve.wrong_state": _l("这条利率已经批准。请刷新页面查看。"),
    "interest_rate.approve.not_allowed": _l("利率由财务人员批准。"),
}
BATCH_STATES: Mapping[BatchState, object] = {
    BatchState.WAITING: _l("待两人放行"),
    BatchState.SIGNED: _l("一人已放行，待第二人"),
    BatchState.RELEASED: _l("已放行"),
}
BATCH_TONES: Mapping[BatchState, str] = {BatchState.WAITING: "warn", BatchState.SIGNED: "warn", BatchState.RELEASED: "ok"}
RATE_STATES: Mapping[RateState, object] = {RateState.PROPOSED: _l("待批准"), RateState.APPROVED: _l("已批准")}
BATCH_COLUMNS = (
    *(_l("批次"), _l("状态"), _l("生成时间"), _l("最早法定期限"), _l("笔数"), _l("本金（元）"), _l("利息（元）")),
    *(_l("银行已入账"), _l("处理中"), _l("银行退回"), _l("放行人")),
)
PAID_COLUMNS = (
    *(_l("标段"), _l("投标人"), _l("本金（元）"), _l("利息（元）"), _l("收款账号"), _l("状态"), _l("银行代码")),
    *(_l("法定退还期限"), _l("到账时间")),
)
RATE_COLUMNS = (_l("起始日"), _l("年利率"), _l("来源"), _l("状态"), _l("提议人"), _l("提议时间"), _l("批准人"), _l("批准时间"))
SHEETS = {"batches": _l("退款批次"), "batch": _l("批次明细"), "rates": _l("利率表")}
WORDS: Mapping[str, object] = {
    "BATCH_STATES": BATCH_STATES,
    "BATCH_TONES": BATCH_TONES,
    "RATE_STATES": RATE_STATES,
    "BatchState": BatchState,
    "RateState": RateState,
}
"""What the templates get by name."""
