"""The words of calls after a draw, of draws made again, and of what is refused there."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    # said on the telephone: time and place, never the project
    "draw.call.text": _l(
        "【公衡】请您于%(at)s到%(place)s参加评标。确认参加请按 1，不能参加请按 2。请在 %(minutes)s 分钟内答复。通知编号 %(call)s。"
    ),
    "draw.calling.at": _l("请填写有效的集合时间（北京时间）。"),
    "draw.calling.too_soon": _l("集合时间应晚于答复期限。请推迟集合时间，或缩短答复时限。"),
    "draw.request.no_reason_due": _l("首次抽取不需要理由。请清空理由后重试。"),
    "draw.request.conditions": _l("已抽取过专家，专业、人数和同单位上限不能再改。请按原条件拟定。"),
    "draw.request.no_choice": _l("“%(stratum)s”中可抽的专家不多于需要的人数，等于指定专家。请扩大专家库后再抽取。"),
    "draw.request.formed": _l("评标委员会已经组成。只有停评封存、须另组委员会时才能再次抽取。"),
    "draw.request.old_member": _l("另组的委员会不能有曾被抽中或通知过的专家。请重新拟定抽取申请。"),
    "draw.request.provincial_again": _l("另组委员会由本地专家库抽取：对方专家库不知道谁曾被通知。请改选本地专家库。"),
    "draw.commit.no_office_key": _l("有机构还没有经认证的份额密钥，本次抽取的随机值不能分存。请刷新页面后重试。"),
    "draw.commit.shares_missing": _l("三家机构都有份额密钥，随机值必须同时分存。请刷新页面后重新提交承诺。"),
    "draw.commit.recipients": _l("随机值的份额没有加密给该机构现行的密钥。请刷新页面后重新提交承诺。"),
    "draw.open.not_allowed": _l("只有机构的密钥保管人可以启封随机值。"),
    "draw.open.wrong_state": _l("现在不能启封：承诺未齐，或抽取已经完成。"),
    "draw.open.revealed": _l("这一方已经公开随机值，无需启封。"),
    "draw.open.too_early": _l("公开随机值的时限还没有到，这一方仍可自行公开。"),
    "draw.open.other_office": _l("只能代表本机构、在本机构的项目中启封。"),
    "draw.open.no_box": _l("这份随机值没有分存给本机构，不能启封。"),
    "draw.open.twice": _l("本机构已经交出这份份额。"),
    "draw.confirmations_missing": _l("还有专家没有确认参加。请等待。"),
    "draw.recuse.in_room": _l("这位成员已经签到。请在评标室内声明回避。"),
    "draw_call.not_found": _l("没有找到这个评标通知。请在“评标通知”页面查看。"),
    "call.confirm.not_allowed": _l("只有被通知的专家本人可以答复。"),
    "call.confirm.wrong_state": _l("这个通知已经答复或已经结束。"),
    "call.decline.not_allowed": _l("只有被通知的专家本人可以答复。"),
    "call.decline.wrong_state": _l("这个通知已经结束，不能再答复。"),
    "call.note.not_allowed": _l("只有交易中心工作人员可以登记专家不能参加。"),
    "call.note.wrong_state": _l("这位专家的通知已经结束，无需登记。"),
    "draw.call.late": _l("答复时限已过，席位已由下一位专家递补。"),
    "draw.call.running": _l("答复时限还没有到。请等待。"),
    "draw.call.cause": _l("不能参加的请选择原因；参加的不要填写原因。"),
    "draw.call.key": _l("只能按 1（参加）或 2（不能参加）。"),
    "draw.call.key_id": _l("这个按键编号已用于另一次答复。"),
    "draw.call.stale": _l("按键时间与当前时间相差过大，不予接受。"),
    "draw.call.other": _l("按键答复的不是这个通知。"),
    "draw.call.forged": _l("按键答复的签名无效，不予接受。"),
    "draw.call.no_gateway": _l("这次抽取不通过语音平台通知，不接受按键答复。"),
}

CALL_STATES: Mapping[str, object] = {
    "due": _l("正在拨出"),
    "placed": _l("等待答复"),
    "confirmed": _l("已确认参加"),
    "declined": _l("不能参加"),
    "silent": _l("逾期未答复"),
    "unreachable": _l("无法接通"),
    "ended": _l("已结束"),
}

CAUSES: Mapping[str, object] = {
    "recusal": _l("应当回避"),
    "health": _l("健康原因"),
    "device": _l("设备故障"),
    "late": _l("迟到"),
    "absent": _l("缺席"),
    "conduct": _l("违反评标纪律"),
    "reformed": _l("另组评标委员会"),
    "other": _l("其他安排"),
    "keypad": _l("按键表示不能参加"),
    "silent": _l("逾期未答复"),
    "unreachable": _l("无法接通"),
}

WAYS: Mapping[str, object] = {
    "page": _l("网页"),
    "keypad": _l("电话按键"),
    "centre": _l("中心登记"),
    "clock": _l("到时未答"),
    "gateway": _l("语音平台"),
    "room": _l("评标室"),
}

REASONS: Mapping[str, object] = {
    "too_few": _l("符合条件的专家不足"),
    "unreachable": _l("专家无法联系"),
    "exhausted": _l("回避后候补用尽"),
    "fault": _l("系统或操作故障"),
    "supervisor": _l("监督部门要求"),
    "no_reason": _l("未说明理由即要求再次抽取，已拒绝"),
}

ALARM_LEVELS: Mapping[str, object] = {"amber": _l("关注"), "red": _l("警示")}
