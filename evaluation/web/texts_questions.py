"""The words of questions to bidders: refusals, kinds, states, corrections and limits of low prices."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "bid_question.not_found": _l("没有找到需要贵单位答复的澄清。请检查标段编号。"),
    "bid_question.answer.not_allowed": _l("只有被询问的投标人可以答复。"),
    "bid_question.answer.wrong_state": _l("这项澄清已经答复或已逾期，不能再提交。"),
    "bid_question.late": _l("答复期限已过，不能再提交。"),
    "bid_question.kind": _l("只能就含义不明确的内容、明显文字错误、明显计算错误或异常低价提问。请重新选择。"),
    "bid_question.bid": _l("代号 %(bid)s 不在评审之列。请重新选择。"),
    "bid_question.until": _l("答复期限应在五分钟之后、三天之内。请修改。"),
    "bid_question.correction": _l("算术修正只能用于计算错误，须选择修正依据并写明两位小数的金额。请修改。"),
    "bid_question.price_shut": _l("这份投标的报价尚未开启，现在不能就报价提问。"),
    "bid_question.accepts": _l("有算术修正的，请选择是否确认；没有的不要选择。"),
    "bid_question.file": _l("附件“%(name)s”应为已上传完成的 PDF 文件。请重新上传。"),
    "bid_question.names_itself": _l("答复中出现了单位名称、代码或联系方式。现为暗标评审，请删除后提交。"),
    "bid_question.file_names_itself": _l("附件“%(name)s”中有可识别单位的内容。现为暗标评审，请删除后重新上传。"),
    "bid_question.still_open": _l("还有 %(count)s 项澄清没有答复。请等待答复或期限届满。"),
    "bid_question.chair": _l("澄清由组长代表评标委员会签发。您可以提出建议。"),
    "room.propose_question.not_allowed": _l("只有评标委员会成员可以提出澄清建议。"),
    "room.propose_question.wrong_state": _l("现在不能提出澄清建议。"),
    "room.ask.not_allowed": _l("只有评标委员会组长可以签发澄清。"),
    "room.ask.wrong_state": _l("现在不能要求投标人澄清。"),
    "room.vote_price.not_allowed": _l("只有评标委员会成员可以表决。"),
    "room.vote_price.wrong_state": _l("现在没有需要表决的报价事项。"),
    "room.close_prices.not_allowed": _l("只有评标委员会组长可以确认报价核对完毕。"),
    "room.close_prices.wrong_state": _l("现在不需要确认报价核对。"),
    "price_check.not_due": _l("报价尚未开启，或不需要确认报价核对。"),
    "price_matter.not_due": _l("现在没有需要您表决的报价事项。"),
    "price_matter.bid": _l("代号 %(bid)s 没有需要您表决的报价事项。请刷新页面。"),
    "price_matter.reason": _l("请写明理由。"),
}

MESSAGES: Mapping[str, object] = {
    "message.bid_question.ask": _l("您在本标段有一项待办事项。"),
    "message.bid_question.ask.todo": _l("请登录平台，在期限内办理。"),
}

KINDS: Mapping[str, object] = {
    "unclear": _l("含义不明确的内容"),
    "text_error": _l("明显的文字错误"),
    "arithmetic": _l("明显的计算错误"),
    "low_price": _l("报价异常低的说明"),
}

STATES: Mapping[str, object] = {"open": _l("等待答复"), "answered": _l("已答复"), "overdue": _l("逾期未答复")}
TONES: Mapping[str, str] = {"open": "info", "answered": "ok", "overdue": "bad"}

RULES: Mapping[str, object] = {
    "words": _l("大写金额与小写金额不一致，以大写金额为准"),
    "unit_price": _l("总价与单价汇总不一致，以单价为准"),
    "decimal_point": _l("单价小数点明显错位，以总价为准修改单价"),
    "opening_list": _l("投标文件内容与开标一览表不一致，以开标一览表为准"),
}

LIMITS: Mapping[str, object] = {
    "mean": _l("低于平均报价的限值"),
    "second_lowest": _l("低于次低报价的限值"),
    "ceiling": _l("低于最高限价的限值"),
}
