"""The words of drills: what refusals say, the names of faults, steps and verdicts, the heads of the report."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "drill.inject.not_allowed": _l("只有交易中心可以注入故障。"),
    "drill.inject.wrong_state": _l("演练已经结束，不能再注入故障。"),
    "drill.lift.not_allowed": _l("只有交易中心可以解除故障。"),
    "drill.lift.wrong_state": _l("演练已经结束，无需解除故障。"),
    "drill.end.not_allowed": _l("只有交易中心可以结束演练。"),
    "drill.end.wrong_state": _l("演练已经结束。"),
    "drill.players": _l("需要 %(count)s 名参演人员：在库、可登录、不重复。请核对专家编号。"),
    "drill.seats": _l("席位合计不超过 %(most)s 个，每个场地只填一次。"),
    "drill.place": _l("请选择本次演练的席位或场地。"),
    "drill.too_many": _l("一次演练最多注入 %(most)s 个故障。"),
    "drill.nothing_stands": _l("没有相应的停评。请先由主持人登记故障，再注入等待时间。"),
    "drill.begun": _l("成员已经到齐，不能再注入开始前故障。"),
    "drill.not_begun": _l("成员尚未到齐。请先全部签到，再注入评审中的故障。"),
    "drill.nothing_to_lift": _l("这个科目不需要解除。"),
    "drill.lifted": _l("这个故障已经解除。"),
    "drill.stands": _l("评审还在停止中。请先登记修复、决定或启封，再结束演练。"),
    "drill.no_bids": _l("这次演练没有投标文件，评审到声明回避为止。"),
    "drill.bids": _l("演练的虚构投标或评审办法与平台规定不符。"),
    "drill.over": _l("演练已经结束。"),
    "drill.fault_not_found": _l("没有这个故障。请刷新页面。"),
    "drill.not_found": _l("没有这个演练，或演练尚未结束。"),
}

FAULTS: Mapping[str, object] = {
    "seat_silent": _l("工位失联"),
    "camera_lost": _l("摄像头中断"),
    "network_cut": _l("场地断网"),
    "down_before": _l("开始前场地故障"),
    "down_during": _l("评审中场地故障"),
    "two_hours": _l("已等满两小时"),
    "four_hours": _l("已满四小时"),
    "expert_out": _l("专家退出"),
}
EXPECTED: Mapping[str, object] = {
    "seat_silent": _l("5 秒内报红"),
    "camera_lost": _l("5 秒内报红"),
    "network_cut": _l("5 秒内报红，登记故障，4 小时内修复或封存"),
    "down_before": _l("登记故障，修复或由招标人决定"),
    "down_during": _l("登记故障，4 小时内修复或封存"),
    "two_hours": _l("招标人决定继续等待或另组委员会"),
    "four_hours": _l("10 秒内自动封存，另组委员会"),
    "expert_out": _l("更换成员，递补专家签到"),
}
VERDICTS: Mapping[str, object] = {"met": _l("达标"), "late": _l("超时"), "missed": _l("未完成"), "open": _l("进行中")}
VERDICT_TONES: Mapping[str, str] = {"met": "ok", "late": "bad", "missed": "bad", "open": "info"}
DRILL_STATES: Mapping[str, object] = {"running": _l("演练中"), "ended": _l("已结束")}
DRILL_TONES: Mapping[str, str] = {"running": "warn", "ended": "ok"}
SHEET_NAME = _l("演练报告")
COLUMNS = (
    *(_l("序号"), _l("科目"), _l("位置"), _l("注入时间（北京）"), _l("要求")),
    *(_l("报警（秒）"), _l("派单（秒）"), _l("办结（秒）"), _l("应对"), _l("结论")),
)
TABLES = ("FAULTS", "EXPECTED", "VERDICTS", "VERDICT_TONES", "DRILL_STATES", "DRILL_TONES")
