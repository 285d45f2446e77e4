"""The words of recalled refunds."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.refund_recall import RecallState

SENTENCES: Mapping[str, object] = {
    "refund_recall.not_found": _l("没有找到这份撤回申请。请刷新页面查看。"),
    "recall.nothing_to_recall": _l("这笔退款不在银行办理中，或已在撤回。请刷新页面查看。"),
    "recall.amount": _l("退款本息合计 %(total)s 元，与签名的不一致。请刷新页面后重新核对。"),
    "recall.same_person": _l("提出人和批准人不能是同一人。请由另一位财务人员批准。"),
    "recall.approve.not_allowed": _l("撤回退款由财务人员办理。"),
    "recall.drop.not_allowed": _l("撤回退款由财务人员办理。"),
    "recall.approve.wrong_state": _l("这份撤回申请已经办理。请刷新页面查看。"),
    "recall.drop.wrong_state": _l("这份撤回申请已经办理。请刷新页面查看。"),
}
RECALL_STATES: Mapping[RecallState, object] = {
    RecallState.PROPOSED: _l("待批准"),
    RecallState.DROPPED: _l("不撤回"),
    RecallState.ASKED: _l("已请求，银行办理中"),
    RecallState.STOPPED: _l("银行已停止付款"),
    RecallState.REFUSED: _l("银行不予撤回"),
}
RECALL_TONES: Mapping[RecallState, str] = {
    RecallState.PROPOSED: "warn",
    RecallState.DROPPED: "line",
    RecallState.ASKED: "info",
    RecallState.STOPPED: "ok",
    RecallState.REFUSED: "bad",
}
SHEET = _l("退款撤回")
COLUMNS = (
    *(_l("标段"), _l("投标人"), _l("本息合计（元）"), _l("收款账号"), _l("状态"), _l("撤回理由"), _l("提出人"), _l("提出时间")),
    *(_l("批准人"), _l("批准时间"), _l("银行答复时间"), _l("银行代码")),
)
WORDS: Mapping[str, object] = {"RECALL_STATES": RECALL_STATES, "RECALL_TONES": RECALL_TONES}
"""What the templates get by name."""
