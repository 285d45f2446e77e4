"""The words of workstations and seats: what refusals say, and the names of what is wrong with a seat."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "seating.draw.not_allowed": _l("只有主持人（交易中心）可以抽取工位。"),
    "seating.draw.wrong_state": _l("全体成员签到后、评标报告提交前，才能抽取工位。"),
    "seating.check_in.not_allowed": _l("只有评标委员会成员可以就座。"),
    "seating.check_in.wrong_state": _l("现在不能就座。请等待全体成员签到并抽取工位。"),
    "seating.not_drawn": _l("还没有抽到您的工位，或已经重新抽取。请刷新页面。"),
    "seating.here_already": _l("您已经在这个工位就座。"),
    "seating.nothing_booked": _l("没有为本标段预约可用的工位。请先在场地预约中预约。"),
    "seating.other": _l("工位或承诺与准备抽取时不一致。请重新准备抽取。"),
    "seating.too_few": _l("场地“%(site)s”的工位不够（分散评标须不同室）。请补充预约后再抽取。"),
    "seating.other_station": _l("这不是抽给您的工位。请到页面所示的工位就座。"),
    "seating.other_device": _l("这台设备不是该工位绑定的设备。请在抽中的工位上操作，或联系场地管理人员。"),
    "seating.not_here": _l("请先到抽中的工位就座，再评分。打开“我的工位”，用该工位的设备签名就座。"),
    "seating.not_fresh": _l("就座签名已过期。请重新签名。"),
}

HEALTH_WHY: Mapping[str, object] = {
    "silent": _l("无信号"),
    "away": _l("离席"),
    "camera": _l("摄像头无画面"),
    "microphone": _l("麦克风无声"),
    "screen": _l("屏幕不在评标页面"),
    "line": _l("网络迟缓"),
}
HEALTH_LEVELS: Mapping[str, object] = {"good": _l("良好"), "fair": _l("需留意"), "bad": _l("告警")}
HEALTH_TONES: Mapping[str, str] = {"good": "ok", "fair": "warn", "bad": "bad"}
