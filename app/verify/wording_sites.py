"""The words of the checks of sites, workstations and bookings."""

from __future__ import annotations

from collections.abc import Mapping

CHECKS: Mapping[str, tuple[str, str]] = {
    "sites": (
        "场地、工位和预约重新推演一致（场地；设备；预约；场次）",
        "sites, workstations and bookings hold when played again (sites; devices; bookings; sessions)",
    ),
    "bookings": (
        "抽取的工位在场地目录中确有预约（预约）",
        "what workstations were drawn among was booked in the catalogue of sites (bookings)",
    ),
    "drill": (
        "演练：故障的注入、解除和结束合乎顺序（故障；达标；超时；未完成）",
        "a drill: faults were injected, lifted and ended in order (faults; met; late; missed)",
    ),
    "halts": ("故障、封存和过夜的处理合乎时限，期间没有评审", "faults, seals and nights kept their hours, and nothing stirred meanwhile"),
    "seating": (
        "工位抽取重算一致，就座均由本人和绑定设备签名（抽取；就座；离席）",
        "workstations drawn again come out the same; members and bound devices signed (draws; sat down; left)",
    ),
}

FAULTS: Mapping[str, tuple[str, str]] = {
    "site_differs": ("与此前登记的场地不符", "does not fit the site as it stood"),
    "site_unknown": ("场地 {site} 不在目录中", "names site {site}, which is not in the catalogue"),
    "site_booked": ("场地 {site} 尚有预约而停用", "retires site {site} while bookings count on it"),
    "station_unknown": ("场地没有工位 {station}，或状态不符", "names workstation {station}, which there is not, or which stands otherwise"),
    "device_elsewhere": ("设备已绑定另一个工位（{station}）", "binds a device that is another workstation ({station})"),
    "device_unbound": ("工位 {station} 没有绑定设备", "releases workstation {station}, which has no device"),
    "venue_differs": ("与预约 {booking} 不符", "does not fit booking {booking}"),
    "venue_unknown": ("没有预约 {booking}", "names booking {booking}, which there is not"),
    "venue_handed": ("移交或接收与预约不符", "hands over or receives what could not be then"),
    "venue_seal": ("预约 {booking} 的封存或启封与当时状态不符", "seals or opens rooms of booking {booking} that stood otherwise"),
    "venue_late": ("预约 {booking} 的移交并未逾期", "tells of a late hand-over of booking {booking} that was none"),
    "venue_full": ("预约 {booking} 时已没有空位", "books what was taken ({booking})"),
    "venue_places": ("保留的工位重算不符", "computed again other places are kept"),
    "venue_not_held": ("预约 {booking} 已确认而没有保留记录", "booking {booking} was accepted and nothing was kept for it"),
    "venue_not_drawn": ("抽取 {draw} 没有签名或没有结果", "draw {draw} was not signed, or never came out"),
    "venue_commit": ("平台随机值与承诺不符（{draw}）", "shows another value than was committed to ({draw})"),
    "venue_unlent": ("预约 {booking} 时没有有效的共享协议", "booking {booking} uses a site that no agreement in force lends"),
    "agreement_unknown": ("终止的协议 {number} 不存在或已终止", "ends agreement {number}, which there is not, or which is over"),
    "drill_begin": ("不是由一份发起演练的语句开始", "does not begin with the one statement that begins a drill"),
    "drill_fault": ("所指的故障不存在", "names a fault that was not injected"),
    "drill_over": ("在演练结束之后（{kind}）", "came after the drill was over ({kind})"),
    "drill_open": ("演练没有结束", "is of a drill that was not ended"),
    "halt_unknown": ("所指的停评不存在或已结束", "names a halt that there is not, or that is over"),
    "halt_phase": ("故障阶段与评审进度不符", "tells a fault of another phase than the room was in"),
    "halt_material": ("封存的材料与成员已签署的不符", "seals something else than the members had signed"),
    "halt.seat_followed": ("席位尚有人可以递补即封存", "seals a committee for a seat in which somebody could follow"),
    "halt_members": ("原成员尚在席位即恢复评审", "goes on while a member of the old committee sits there"),
    "while_halted": ("在停评期间进行（{kind}）", "came while the room stood still ({kind})"),
    "seats_commit": ("平台随机值与承诺不符", "shows another value than was committed to for the workstations"),
    "seats_order": ("工位抽取重算不符", "drawn again the workstations are others"),
    "booking_unheld": (
        "与场地目录中的预约 {booking} 不符",
        "names booking {booking} otherwise than the catalogue holds it",
    ),
    "sites_package": ("另附的场地目录证据包未通过核验", "the package of the sites beside it does not hold"),
    "seats_unbooked": ("抽取了没有为本标段预约的工位", "draws workstations that no booking keeps for the lot"),
    "seats_early": ("成员未全部签到即抽取工位", "draws workstations before all had signed in"),
    "seat_unproved": ("席位 {seat} 的就座没有本人和设备的签名", "sits down at seat {seat} without the member's and the device's word"),
    "score_unseated": ("席位 {seat} 未在抽中的工位就座即评分", "scores at seat {seat} before its member sat down where it was drawn"),
    "absence_differs": ("席位 {seat} 的离席记录不符", "does not fit the absences of seat {seat}"),
    "venue_order": ("副场抽取重算不符", "drawn again the sites come in another order"),
    "venue_candidates": ("候选不是副场", "draws among sites that are no partner's"),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "hand_overs_late": (
        "{count} 次副场使用后未在五个工作日内移交材料。",
        "After {count} uses of partners' sites nothing was handed over within five working days.",
    ),
    "drill": (
        "【演练】项目和投标均为虚构，不定标，签名和结果没有法律效力，不计入任何统计。",
        "A drill: the tender and its bids are invented and nothing was awarded; it has no legal effect and is counted nowhere.",
    ),
}
