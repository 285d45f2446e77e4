"""The words of supervision: a supervisor's acts, how far each has come, and what refusals say to people."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from core.web.i18n import text

SEAT = _l("专家%(seat)s")


def expert(name: str) -> str:
    """What everyone calls a seat (`committee.code_name`), in the reader's language: 专家3, Expert 3; the filter of that name."""
    seat = name.removeprefix("专家")
    return text(SEAT, {"seat": seat}) if seat != name else name


MEASURES: Mapping[str, object] = {
    "explain": _l("要求说明"),
    "warn": _l("提出警示"),
    "pause": _l("暂停评审"),
    "recusal": _l("核查回避"),
    "handle": _l("派单处置"),
    "end_view": _l("中止查看"),
}
MEASURE_STATES: Mapping[str, object] = {"open": _l("等待答复"), "answered": _l("已答复"), "closed": _l("已办结")}
OFFICES: Mapping[str, object] = {"centre": _l("主持人（交易中心）"), "agency": _l("招标代理机构"), "viewer": _l("查看人")}
SAID: Mapping[str, object] = {"answer": _l("答复"), "urge": _l("催办"), "resume": _l("恢复评审"), "close": _l("办结")}
SPEAKERS: Mapping[str, object] = {
    "supervisor": _l("监督人员"),
    "centre": _l("交易中心"),
    "agency": _l("招标代理机构"),
    "expert": _l("评标专家"),
}
LEVELS: Mapping[str, object] = {"red": _l("红"), "orange": _l("橙"), "yellow": _l("黄")}
HANDLING: Mapping[str, object] = {
    "raised": _l("待派单"),
    "dispatched": _l("处置中"),
    "handled": _l("已处置，待办结"),
    "closed": _l("已办结"),
}
PURPOSES: Mapping[str, object] = {
    "routine": _l("日常巡查"),
    "alarm": _l("告警核查"),
    "measure": _l("跟进监督意见"),
    "complaint": _l("投诉举报核查"),
    "review": _l("事后复盘"),
    "other": _l("其他目的"),
}
VIEW_ENDS: Mapping[str, object] = {"open": _l("查看中"), "left": _l("本人结束"), "lapsed": _l("到时结束"), "stopped": _l("被中止")}
WORDS: Mapping[str, object] = {
    "MEASURES": MEASURES,
    "MEASURE_STATES": MEASURE_STATES,
    "OFFICES": OFFICES,
    "SAID": SAID,
    "SPEAKERS": SPEAKERS,
    "LEVELS": LEVELS,
    "HANDLING": HANDLING,
    "PURPOSES": PURPOSES,
    "VIEW_ENDS": VIEW_ENDS,
}

SENTENCES: Mapping[str, object] = {
    "room.paused": _l("评审已暂停，评标室已锁定。您已填写的内容都保留着，恢复后继续；请留在席位上等待。"),
    "supervision.issue.not_allowed": _l("只有监督人员可以在评标现场提出监督意见。"),
    "supervision.issue.wrong_state": _l("现在不能提出监督意见。请刷新页面查看最新状态。"),
    "supervision.pause.not_allowed": _l("只有监督人员可以暂停评审。"),
    "supervision.pause.wrong_state": _l("评标报告已经提交，没有可以暂停的评审。"),
    "measure.addressee": _l("这项措施不能发给所选的对象。请重新选择。"),
    "measure.nobody_there": _l("这个席位还没有成员签到。请改发主持人。"),
    "measure.due": _l("答复期限须在五分钟之后、十五天之内。请修改；页面停留较久的，请刷新后再签名。"),
    "measure.figures": _l("评分汇总前，成员的答复中不能出现数字，以免透露分值。请只用文字说明。"),
    "measure.about": _l("派单和中止查看须指明所针对的告警或查看，其他措施不指明。请刷新页面后重试。"),
    "measure.no_alarm": _l("没有这条告警。请刷新页面。"),
    "measure.no_room": _l("评标委员会还没有组建。现在只能就专家抽取的告警派单。"),
    "measure.dispatched": _l("这条告警已经派单。没有处置好的，请催办。"),
    "timeline.moment": _l("请填写日期和北京时间，例如 2026-11-24、11:47。"),
    "view.purpose_needed": _l("请先在监督页面填写查看目的。"),
    "view.note": _l("请写明其他目的是什么。"),
    "view.not_found": _l("没有正在进行的查看。请刷新页面。"),
    "view.list": _l("查看记录供监督人员和交易中心查阅；评标报告提交后，招标人和审计人员也可以查阅。"),
    "view.not_yours": _l("只能结束本人的查看；中止他人的查看，请发出监督意见。"),
    "view.own": _l("这是您本人的查看，请直接结束。"),
    "view.not_over": _l("这次查看的时间还没有到。"),
    "view.leave.not_allowed": _l("只有监督人员可以结束查看。"),
    "view.leave.wrong_state": _l("这次查看已经结束。"),
    "view.stop.not_allowed": _l("只有监督人员可以中止查看。"),
    "view.stop.wrong_state": _l("这次查看已经结束，无须中止。"),
    "view.lapse.not_allowed": _l("到时结束由平台记录。"),
    "view.lapse.wrong_state": _l("这次查看已经结束。"),
    "measure.not_found": _l("没有这条监督意见。请刷新页面。"),
    "measure.not_yours": _l("这条监督意见不是发给您的。请刷新页面。"),
    "measure.not_over": _l("答复期限还没有到，或者逾期已经记录。"),
    "measure.not_paused": _l("评审已经恢复，或者不是由这条意见暂停的。请刷新页面。"),
    "measure.still_paused": _l("评审仍在暂停。请先恢复评审，再办结。"),
    "measure.answer.not_allowed": _l("只有收到监督意见的人可以答复。"),
    "measure.answer.wrong_state": _l("这条监督意见已经答复。监督人员要求补充的，会再次通知您。"),
    "measure.urge.not_allowed": _l("只有监督人员可以催办。"),
    "measure.urge.wrong_state": _l("这条监督意见已经办结。"),
    "measure.lapse.not_allowed": _l("逾期由平台记录。"),
    "measure.lapse.wrong_state": _l("这条监督意见已经答复或办结。"),
    "measure.resume.not_allowed": _l("只有监督人员可以恢复评审。"),
    "measure.resume.wrong_state": _l("这条监督意见已经办结，评审没有因它暂停。"),
    "measure.close.not_allowed": _l("只有监督人员可以办结。"),
    "measure.close.wrong_state": _l("答复之后才能办结。没有答复的，请催办。"),
}
