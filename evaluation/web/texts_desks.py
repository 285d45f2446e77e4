"""The words of notes and of the discussion: what refusals say to people."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "note.keep.not_allowed": _l("只有评标委员会成员可以在投标文件上批注。"),
    "note.keep.wrong_state": _l("现在不能批注：投标文件开放评审后开始，评标报告提交后结束。"),
    "note.drop.not_allowed": _l("只有评标委员会成员可以删除自己的批注。"),
    "note.drop.wrong_state": _l("评标报告已经提交，批注不能再删除。"),
    "note.other_seat": _l("这条批注不属于您的席位。请刷新页面。"),
    "note.document": _l("批注的文件不属于这份投标。请刷新页面后重试。"),
    "note.empty": _l("批注没有内容。请填写文字，或先选中原文。"),
    "note.too_many": _l("批注和书签已达 %(most)s 条。请先删除不用的。"),
    "discussion.sealed": _l("评标委员会的讨论现在不能查看：各部分评分汇总前仅成员可见，之后可供监督查阅。"),
    "discussion.speak.not_allowed": _l("只有评标委员会成员可以在讨论区发言。"),
    "discussion.speak.wrong_state": _l("现在不能发言：成员全部签到后开放，评标报告提交后关闭。"),
    "discussion.open_topic.not_allowed": _l("只有评标委员会成员可以使用讨论区。"),
    "discussion.open_topic.wrong_state": _l("现在不能开启议题：成员全部签到后开放，评标报告提交后关闭。"),
    "discussion.topic.chair": _l("议题由组长开启。请在讨论区向组长提出。"),
    "discussion.topic.number": _l("刚有新的议题开启，下一个议题是第 %(next)s 号。请刷新页面后重试。"),
    "discussion.topic.unknown": _l("没有第 %(topic)s 号议题。请刷新页面。"),
}
