"""The words in which people are told what became of an objection or a complaint."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "message.objection.file": _l("收到异议或质疑。"),
    "message.objection.file.todo": _l("请在法定期限内答复。"),
    "message.objection.answer": _l("贵单位提出的异议或质疑已答复。"),
    "message.objection.answer.todo": _l("请查看答复；不满意的，可以在期限内投诉。"),
    "message.objection.withdraw": _l("异议或质疑已撤回。"),
    "message.objection.withdraw.todo": _l("不需要再答复。"),
    "message.objection.overdue.filer": _l("贵单位提出的异议或质疑逾期未答复。"),
    "message.objection.overdue.filer.todo": _l("可以在期限内向监督部门投诉。"),
    "message.objection.overdue": _l("异议或质疑逾期未答复。"),
    "message.objection.overdue.todo": _l("请立即答复，并写明逾期原因。"),
    "message.complaint.file": _l("收到投诉。"),
    "message.complaint.file.todo": _l("请在法定期限内决定是否受理。"),
    "message.complaint.withdraw": _l("投诉已撤回。"),
    "message.complaint.withdraw.todo": _l("不再处理。"),
    "message.complaint.accept": _l("贵单位的投诉已受理。"),
    "message.complaint.accept.todo": _l("请在投诉页面查看处理期限。"),
    "message.complaint.refuse": _l("贵单位的投诉不予受理。"),
    "message.complaint.refuse.todo": _l("请在投诉页面查看理由。"),
    "message.complaint.hand_over": _l("贵单位的投诉已移送先收到的部门。"),
    "message.complaint.hand_over.todo": _l("请在投诉页面查看移送说明。"),
    "message.complaint.investigate.filer": _l("贵单位的投诉已开始调查。"),
    "message.complaint.investigate.filer.todo": _l("请等待处理决定。"),
    "message.complaint.investigate": _l("监督部门就投诉开始调查。"),
    "message.complaint.investigate.todo": _l("请查看调查事项，并予以配合。"),
    "message.complaint.suspend": _l("监督部门责令暂停本标段的活动。"),
    "message.complaint.suspend.todo": _l("请等待恢复的通知。"),
    "message.complaint.lift": _l("监督部门责令的暂停已结束。"),
    "message.complaint.lift.todo": _l("请到标段页面查看新的时间安排。"),
    "message.complaint.overdue.filer": _l("贵单位的投诉逾期未处理。"),
    "message.complaint.overdue.filer.todo": _l("请联系受理部门；也可以依法申请行政复议。"),
    "message.complaint.overdue": _l("投诉办理已逾期。"),
    "message.complaint.overdue.todo": _l("请立即办理，并写明逾期原因。"),
    "message.complaint.decide": _l("投诉处理决定已作出。"),
    "message.complaint.decide.todo": _l("请查看处理决定。"),
    "message.complaint.publish": _l("投诉处理决定已公告。"),
    "message.complaint.publish.todo": _l("请查看公告。"),
}
