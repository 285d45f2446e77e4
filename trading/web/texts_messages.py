"""The words in which people are told what happened to a lot, and what they are to do."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.web import texts_remedy_messages

SENTENCES: Mapping[str, object] = {
    "message.project.register": _l("项目已登记，等待您确认。"),
    "message.project.register.todo": _l("请核对登记内容并签名确认。"),
    "message.project.countersign": _l("招标人已确认项目登记。"),
    "message.project.countersign.todo": _l("请准备招标文件。"),
    "message.document.publish": _l("招标文件已签署。"),
    "message.document.publish.todo": _l("请核对招标公告并签名发布。"),
    "message.notice.publish": _l("招标公告已发布。"),
    "message.notice.publish.todo": _l("请在标段页面查看时间安排。"),
    "message.bidding.open": _l("招标文件已发出，投标开始。"),
    "message.bidding.open.todo": _l("请到标段页面下载招标文件。"),
    "message.document.amend": _l("招标文件已修改。"),
    "message.document.amend.todo": _l("请到标段页面下载修改内容，并核对投标截止时间。"),
    "message.clarification.publish": _l("招标文件的澄清已发布。"),
    "message.clarification.publish.todo": _l("请到标段页面查看澄清。"),
    "message.deadline.extend": _l("投标截止时间已变更。"),
    "message.deadline.extend.todo": _l("请到标段页面查看新的截止时间。"),
    "message.lot.suspend": _l("本标段已暂停。"),
    "message.lot.suspend.todo": _l("暂停期间不能投标，请等待恢复的通知。"),
    "message.lot.resume": _l("本标段已恢复。"),
    "message.lot.resume.todo": _l("请到标段页面查看新的时间安排。"),
    "message.lot.terminate": _l("本标段已终止招标。"),
    "message.lot.terminate.todo": _l("请到标段页面查看原因；已交的保证金将按规定退还。"),
    "message.bidding.halt": _l("本标段暂停投标。"),
    "message.bidding.halt.todo": _l("暂停期间不能投标，请等待恢复的通知。"),
    "message.bidding.go_on": _l("招标投标活动已恢复。"),
    "message.bidding.go_on.todo": _l("请到标段页面查看新的截止时间。"),
    "message.failure.publish": _l("本标段流标。"),
    "message.failure.publish.todo": _l("请到标段页面查看原因；已交的保证金将按规定退还。"),
    "message.close": _l("投标已截止。"),
    "message.close.todo": _l("请到开标大厅查看开标安排。"),
    "message.opening.start": _l("开标已开始。"),
    "message.opening.start.todo": _l("请立即进入开标大厅签到。"),
    "message.opening.start.public": _l("开标已开始。"),
    "message.opening.start.public.todo": _l("开标全程公开，可到开标大厅观看。"),
    "message.opening.identity": _l("解密已开始。"),
    "message.opening.identity.todo": _l("请在开标大厅显示的时限内解密。"),
    "message.opening.request": _l("商务标开标已开始。"),
    "message.opening.request.todo": _l("请进入开标大厅，按页面提示办理。"),
    "message.opening.record": _l("开标记录已生成。"),
    "message.opening.record.todo": _l("请到开标大厅核对并签名，有异议请当场提出。"),
    "message.candidates.publish": _l("中标候选人已公示。"),
    "message.candidates.publish.todo": _l("请到标段页面查看；有异议的，请在公示期内提出。"),
    "message.award.won": _l("贵单位中标，中标通知书已发出。"),
    "message.award.won.todo": _l("请查看中标通知书，并在规定期限内签订合同。"),
    "message.award.lost": _l("中标结果通知书已发出，贵单位未中标。"),
    "message.award.lost.todo": _l("请查看结果；保证金将按规定退还。"),
    "message.award.public": _l("中标结果已公布。"),
    "message.award.public.todo": _l("请到标段页面查看。"),
    "message.contract.sign": _l("合同有新的签署。"),
    "message.contract.sign.todo": _l("请查看合同，轮到贵方时请签署。"),
    "message.case.close": _l("项目已办结。"),
    "message.case.close.todo": _l("请到项目页面查看归档材料。"),
    **texts_remedy_messages.SENTENCES,
}

FOLLOW_DONE: Mapping[bool, object] = {
    True: _l("已关注。它有变更、结果时会告诉您。"),
    False: _l("已取消关注。"),
}
