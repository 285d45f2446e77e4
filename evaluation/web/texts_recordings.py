"""The words of recordings: what refusals say to people, and purposes and states by name."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "recording.begin.not_allowed": _l("只有在席的评标委员会成员可以录制本席位。"),
    "recording.begin.wrong_state": _l("评标报告已经提交，录制已结束。"),
    "recording.watch.not_allowed": _l("只有监督人员和主持人（交易中心）可以查看席位画面；评标委员会成员不能查看。"),
    "recording.no_room": _l("平台存储已满，暂时不能录制。请呼叫主持人；有空间后自动开始录制。"),
    "recording.lot_ended": _l("本标段已经办结，录制已结束。"),
    "recording.end.wrong_state": _l("这段录像已经结束。"),
    "recording.dispose.wrong_state": _l("这段录像还在录制，或者已经销毁。"),
    "recording.no_such_seat": _l("没有这个席位。请刷新页面。"),
    "recording.no_such_view": _l("请先填写查看事由，再打开画面。"),
    "recording.view_over": _l("本次查看已满 12 小时。请重新填写事由。"),
    "recording.clear_closed": _l("成员身份此时应当保密，只能查看遮蔽画面。请重新填写事由。"),
    "recording.note_missing": _l("请写明核查的具体事项。"),
    "recording.purpose_missing": _l("请先写明查看事由，再打开画面。"),
    "recording.ended": _l("这段录像已经结束。浏览器会自动开始新的一段。"),
    "recording.disposed": _l("这段录像已过保管期限，并已销毁；记录和索引仍在。"),
    "recording.not_webm": _l("浏览器发送的不是可用的视频。请更换浏览器，或呼叫主持人。"),
    "recording.shorter": _l("录像比已签名的部分短。请通知技术人员。"),
    "recording.not_filed": _l("项目尚未归档，录像不能销毁。"),
    "recording.held": _l("项目被 %(holds)s 道封存令保护，录像不能销毁。"),
    "recording.kept": _l("录像仍在保管期限内，不能销毁。"),
    "tape.missing": _l("没有这段录像。请刷新列表。"),
    "tape.index": _l("录像的索引已损坏。请通知技术人员。"),
    "recording_line.not_found": _l("这个席位还没有录像。"),
    "tape.not_found": _l("没有这段录像。请刷新列表。"),
}

LINES: Mapping[str, object] = {
    "none": _l("未录制"),
    "live": _l("录制中"),
    "gap": _l("已中断"),
    "ended": _l("已结束"),
}

FORMS: Mapping[str, object] = {"shield": _l("整幅遮蔽"), "clear": _l("原画面")}
