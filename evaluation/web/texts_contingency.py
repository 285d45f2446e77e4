"""The words of faults, seals and nights: what refusals say, the names of phases and states."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "halts.fault.not_allowed": _l("只有主持人（交易中心）可以登记故障。"),
    "halts.fault.wrong_state": _l("评标报告已经提交，不再登记评标故障。"),
    "halts.night.not_allowed": _l("只有主持人（交易中心）可以办理过夜封存。"),
    "halts.night.wrong_state": _l("评标报告已经提交，无需过夜封存。"),
    "halt.repair.not_allowed": _l("只有主持人（交易中心）可以登记修复。"),
    "halt.repair.wrong_state": _l("这次停评已经结束或已封存。请刷新页面。"),
    "halt.wait_on.not_allowed": _l("只有招标人可以决定是否继续等待。"),
    "halt.wait_on.wrong_state": _l("这次停评已经结束或已封存。请刷新页面。"),
    "halt.give_up.not_allowed": _l("只有招标人可以决定是否继续等待。"),
    "halt.give_up.wrong_state": _l("这次停评已经结束或已封存。请刷新页面。"),
    "halt.open.not_allowed": _l("只有主持人（交易中心）可以启封。"),
    "halt.open.wrong_state": _l("这次停评已经结束。请刷新页面。"),
    "halt.is_night": _l("这是过夜封存，请次日启封。"),
    "halt.not_night": _l("这不是过夜封存，请登记修复。"),
    "halt.over_four_hours": _l("评审中的故障已超过四小时，不能再登记修复。材料将封存，请另组评标委员会。"),
    "halt.not_before": _l("评审已经开始，不由招标人决定；四小时内未修复的自动封存。"),
    "halt.before_two_hours": _l("开始前的故障须先等待两小时，再由招标人决定。"),
    "halt.within_four_hours": _l("还没有超过四小时，继续等待修复。"),
    "halt.old_members": _l("原成员尚未全部更换。请逐席更换后恢复。"),
    "halt.rooms_sealed": _l("评标室还封着。请各场地先在场地预约中签名启封，再恢复评审。"),
    "halt.seal_broken": _l("封存的材料与现在的不一致，不能启封。请立即报告监督部门。"),
    "halt.nothing_begun": _l("评审还没有开始，无需过夜封存。"),
    "halt.night_hours": _l("启封时间须在现在之后、%(hours)s 小时之内。"),
    "halt.other_material": _l("成员刚刚又签署了材料。请刷新页面，核对后重新封存。"),
    "halt.phase": _l("评审进度刚刚变化。请刷新页面后重新登记。"),
    "halts.vacancy.not_allowed": _l("只有主持人（交易中心）可以登记席位无人递补。"),
    "halts.vacancy.wrong_state": _l("评标报告已经提交，不再另组委员会。"),
    "halt.seat_followed": _l("这个席位还有候补专家。请在评标室更换成员。"),
    "halt.no_such_seat": _l("没有这个席位。请刷新页面。"),
    "halt.not_found": _l("没有这次停评。请刷新页面。"),
}

PHASES: Mapping[str, object] = {"before": _l("开始前故障"), "during": _l("评审中故障"), "night": _l("过夜封存")}
HALT_STATES: Mapping[str, object] = {
    "standing": _l("停评中"),
    "sealed": _l("已封存，待另组委员会"),
    "repaired": _l("已修复"),
    "reformed": _l("已另组委员会"),
    "opened": _l("已启封"),
}
HALT_TONES: Mapping[str, str] = {"standing": "bad", "sealed": "seal", "repaired": "ok", "reformed": "ok", "opened": "ok"}
HALT_WORDS: Mapping[str, object] = {
    "repair": _l("修复"),
    "open": _l("启封"),
    "wait_on": _l("招标人决定继续等待"),
    "give_up": _l("招标人决定不再等待"),
}
