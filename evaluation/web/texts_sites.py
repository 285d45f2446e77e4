"""The words of sites, workstations and bookings: what refusals say, the names of kinds and states, the columns of a sheet."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "site.not_found": _l("没有找到这个场地。请检查编号。"),
    "site.keep.not_allowed": _l("只有交易中心可以维护场地目录。"),
    "site.retire.not_allowed": _l("只有交易中心可以停用场地。"),
    "site.retire.wrong_state": _l("这个场地已经停用。"),
    "site.booked": _l("这个场地还有 %(count)s 个预约。请先取消或办理完毕，再停用。"),
    "site.changed_meanwhile": _l("这个场地刚刚被别人改过。请刷新页面，核对后再改。"),
    "site.name_taken": _l("已有名为“%(name)s”的场地。请换一个名称。"),
    "site.operator_unknown": _l("没有统一社会信用代码为 %(uscc)s 的单位。请先由系统管理员登记。"),
    "site.agreement_unknown": _l("没有编号为 %(number)s 的共享协议。请检查编号。"),
    "site.host_is_own": _l("主场由交易中心自己管理，不填管理单位和协议。"),
    "site.partner_needs_both": _l("副场须同时填写管理单位和共享协议；本中心的场地两项都不填。"),
    "site.room_twice": _l("房间名称重复。请修改后再试。"),
    "site.station_label": _l("工位号只能用字母、数字和短横线，最长 12 位，且在场地内不重复。"),
    "site.opening_room": _l("开标室“%(room)s”须填写座位数，不设工位。"),
    "site.stations_missing": _l("“%(room)s”至少要有一个工位，座位数留空。"),
    "site.pod": _l("评标舱“%(room)s”只能有一个工位。"),
    "site.room_line": _l("房间每行应为：房间|类型|工位号（多个用顿号隔开）|网络|摄像头数；开标室为：房间|开标室|座位数。"),
    "site.agreement_missing": _l("没有互认评标场地的共享协议，不能使用这个副场。"),
    "site.agreement_days": _l("共享协议在 %(day)s 不在有效期内，不能使用这个副场。"),
    "site.not_staff": _l("只有这个场地的管理人员可以进行这一步。"),
    "site_room.not_found": _l("没有找到这个房间。"),
    "station.not_found": _l("没有找到这个工位。请检查工位号。"),
    "station.not_listed": _l("工位 %(station)s 已不在目录中。"),
    "station.code": _l("激活码不正确、已用过或已过期。请到场地页面重新生成。"),
    "station.device_signature": _l("设备的签名无效。请在工位上重新激活。"),
    "station.other_key": _l("签名的设备与工位上提交的不一致。请刷新页面后重试。"),
    "station.bound_elsewhere": _l("这台设备已绑定另一个工位。请先解除绑定。"),
    "station.not_bound": _l("这个工位没有绑定设备。"),
    "station.faulty_already": _l("这个工位已登记故障。"),
    "station.not_faulty": _l("这个工位没有登记故障。"),
    "message.venue.late": _l("使用后五个工作日内没有移交评标材料，已经逾期。"),
    "message.venue.late.todo": _l("请立即在“场地预约”中登记移交纸质材料、电子文件和录像。"),
    "message.venue.late_centre": _l("副场逾期未移交评标材料。"),
    "message.venue.late_centre.todo": _l("请催办该场地；收到后在“场地预约”中核对并签收。"),
    "booking.not_found": _l("没有找到这个预约。请检查编号。"),
    "site_draw.not_found": _l("没有找到这次副场抽取。请重新查询。"),
    "venue.window": _l("请填写正确的起止时间，结束须晚于开始，且不早于现在。"),
    "venue.too_long": _l("一次预约最长 %(days)s 天，最早提前 %(ahead)s 天。请缩短或分次预约。"),
    "venue.name_taken": _l("这个预约编号已经用过。请刷新页面后重试。"),
    "venue.hand_over.unused": _l("预约使用后才能移交。"),
    "venue.not_sealed": _l("这个预约没有封存的评标室。"),
    "venue.handed_over": _l("这个预约的材料已经移交。"),
    "venue.not_handed": _l("副场还没有移交，或已经接收。"),
    "venue.other_list": _l("接收的不是副场移交的清单。请刷新页面。"),
    "venue.full": _l("这段时间的工位或房间不够。请换一个时间或场地。"),
    "venue.site_closed": _l("场地“%(site)s”已停用或尚未登记房间，不能预约。"),
    "venue.candidates": _l("有空位的副场不足 %(least)s 个，无法抽取。请换一个时间。"),
    "venue.no_draw": _l("开标室直接预约，不抽取。"),
    "venue.draw.not_allowed": _l("只有交易中心可以抽取副场。"),
    "venue.draw.other": _l("签名内容与准备抽取的不一致，或已经抽取。请重新查询。"),
    "venue.not_begun": _l("预约还没有开始，不能登记使用情况。"),
    "venue.begun": _l("预约已经开始，请登记是否使用。"),
    "venue.close_until": _l("结束时间须在预约开始之后、现在之前。"),
    "venue.accept.not_allowed": _l("只有副场的管理人员可以答复预约。"),
    "venue.accept.wrong_state": _l("这个预约已经答复或取消。"),
    "venue.refuse.not_allowed": _l("只有副场的管理人员可以答复预约。"),
    "venue.refuse.wrong_state": _l("这个预约已经答复或取消。"),
    "venue.cancel.not_allowed": _l("只有提出预约的交易中心可以取消。"),
    "venue.cancel.wrong_state": _l("这个预约已经结束，不能取消。"),
    "venue.note_used.not_allowed": _l("只有交易中心和场地管理人员可以登记使用情况。"),
    "venue.note_used.wrong_state": _l("这个预约没有确认，或已经登记。"),
    "venue.note_unused.not_allowed": _l("只有交易中心和场地管理人员可以登记使用情况。"),
    "venue.note_unused.wrong_state": _l("这个预约没有确认，或已经登记。"),
    "sheet.room_kind": _l("请写评标室、评标舱或开标室。"),
    "sheet.opening_room": _l("开标室不设工位号，请填座位数。"),
    "sheet.station": _l("请写工位号：字母、数字和短横线，最长 12 位。"),
    "sheet.number": _l("请填 %(least)s 到 %(most)s 的整数。"),
}

ROOM_KINDS: Mapping[str, object] = {"evaluation": _l("评标室"), "pod": _l("评标舱"), "opening": _l("开标室")}
STATION_STATES: Mapping[str, object] = {
    "free": _l("空闲"),
    "reserved": _l("已预约"),
    "in_use": _l("使用中"),
    "fault": _l("故障"),
    "sealed": _l("已封存"),
}
STATION_TONES: Mapping[str, str] = {"free": "line", "reserved": "info", "in_use": "ok", "fault": "bad", "sealed": "seal"}
SITE_STATES: Mapping[str, object] = {"open": _l("可用"), "retired": _l("已停用")}
PURPOSES: Mapping[str, object] = {"evaluation": _l("评标"), "opening": _l("开标"), "drill": _l("演练")}
BOOKING_STATES: Mapping[str, object] = {
    "asked": _l("待副场答复"),
    "held": _l("已确认"),
    "refused": _l("已谢绝"),
    "cancelled": _l("已取消"),
    "used": _l("已使用"),
    "unused": _l("未使用"),
}
BOOKING_TONES: Mapping[str, str] = {"asked": "warn", "held": "ok", "refused": "bad", "cancelled": "line", "used": "info", "unused": "line"}
MATERIALS: Mapping[str, object] = {"paper": _l("纸质材料"), "file": _l("电子文件"), "recording": _l("录音录像")}
SHEET_NAME = _l("房间与工位")
SHEET_COLUMNS: Mapping[str, object] = {
    "room": _l("房间"),
    "kind": _l("类型"),
    "station": _l("工位号"),
    "network": _l("网络"),
    "cameras": _l("摄像头数"),
    "seats": _l("座位数"),
}
SITE_COLUMNS = (_l("场地编号"), _l("场地"), _l("城市"), _l("地址"))
ROW_FAULT = _l("第 %(row)s 行 %(column)s：%(said)s")
DONE = _l("已保存。")

TABLES = (
    "ROOM_KINDS",
    "STATION_STATES",
    "STATION_TONES",
    "SITE_STATES",
    "PURPOSES",
    "BOOKING_STATES",
    "BOOKING_TONES",
    "MATERIALS",
    "SENTENCES",
)
"""What pages are given by name."""
