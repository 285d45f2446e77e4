"""The words of a tender document while bids are taken: refusals and steps."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.lot import LotAction

SENTENCES: Mapping[str, object] = {
    "lot.deadline.passed": _l("投标截止时间已过，招标文件不能再修改或澄清。"),
    "amendment.version_other": _l("招标文件已有新的版本。请刷新页面，在现行版本上重新拟稿。"),
    "amendment.fixed": _l("修改不能变动“%(member)s”：已递交的投标文件和已缴的保证金以它为准。确需变动的，请终止后重新招标。"),
    "amendment.deadline_shortened": _l("投标截止时间只能顺延，不能提前。请改为现行截止时间之后的时间，或留空。"),
    "amendment.nothing_changed": _l("与现行版本相比没有任何变化。请修改内容，或填写要顺延到的时间。"),
    "amendment.affects_bids": _l("限价或评标办法有变化，会影响投标文件编制。请勾选“可能影响投标文件编制”。"),
    "amendment.draft_other": _l("您看到的修改稿已经变化。请刷新页面，核对后重新签名。"),
    "clarification.version_other": _l("招标文件或澄清已有更新。请刷新页面后重新拟稿。"),
    "clarification.question_unknown": _l("所答复的问题不存在或已经答复。请刷新页面后重新拟稿。"),
    "question.not_taken": _l("现在不接受提问：投标尚未开始、已经暂停或已经截止。"),
    "question.too_many": _l("贵单位已有 %(most)s 个问题等待答复。请等待答复后再提问。"),
    "download.too_many": _l("贵单位对本标段已取得 %(most)s 份下载凭证，不能再取。已有的凭证一直有效。"),
}
LOT_ACTIONS: Mapping[LotAction, object] = {
    LotAction.DRAFT_AMENDMENT: _l("修改招标文件"),
    LotAction.AMEND_DOCUMENT: _l("签发招标文件修改"),
    LotAction.CLARIFY: _l("答复提问、发布澄清"),
}
PLACES: Mapping[LotAction, str] = {
    LotAction.DRAFT_AMENDMENT: "amendment",
    LotAction.AMEND_DOCUMENT: "amendment",
    LotAction.CLARIFY: "clarification",
}
