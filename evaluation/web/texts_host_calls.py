"""The words of calls for the host: what refusals say to people."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "host_call.call.not_allowed": _l("只有评标委员会成员可以在席位上呼叫主持人。"),
    "host_call.call.wrong_state": _l("评标报告已经提交，评标室不再受理呼叫。请直接联系交易中心。"),
    "host_call.waiting": _l("您的呼叫已送达，主持人尚未处理。请稍候。"),
    "host_call.answer.not_allowed": _l("只有主持人（交易中心）可以处理呼叫。"),
    "host_call.answer.wrong_state": _l("评标报告已经提交，呼叫已全部结束。"),
    "host_call.not_waiting": _l("这次呼叫已经处理过了。"),
    "host_call.not_found": _l("没有这次呼叫。请刷新页面。"),
}
