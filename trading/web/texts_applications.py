"""The words of applications: what refusals say, and the names of states."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.bid import BidState
from trading.web.texts_hall import ODDITIES
from trading.web.texts_opening import CAUSES, OFFICES

SENTENCES: Mapping[str, object] = {
    "bid.seal.other_purpose": _l("密封声明写明的用途与递交的地方不符，申请文件与投标文件不能互换。请在对应页面重新密封。"),
    "bid.seal.members_changed": _l("投标的成员与资格预审申请时不同。提交申请后，联合体的组成不得改变；请由原来的成员投标。"),
    "opening.open_closed.not_allowed": _l("只有交易中心的主持人可以开启资格预审申请文件。"),
    "opening.open_closed.wrong_state": _l("申请文件已经开始开启，或没有需要开启的申请文件。请刷新页面查看。"),
    "opening.end_closed.wrong_state": _l("申请文件已经开启。请刷新页面查看。"),
}

APPLICATION_STATES: Mapping[BidState, object] = {
    BidState.DRAFT: _l("未递交"),
    BidState.UPLOADING: _l("上传中"),
    BidState.SEALED: _l("已密封签收"),
    BidState.WITHDRAWN: _l("已撤回"),
    BidState.LOCKED: _l("已锁定，等待开启"),
    BidState.READ_OUT: _l("已开启，待审查"),
    BidState.DECRYPT_FAILED_OWN: _l("无法开启（申请人原因，视为撤销）"),
    BidState.DECRYPT_FAILED_OTHER: _l("无法开启（非申请人原因，视为撤回）"),
}
TITLE = _l("资格预审申请文件")
ROOM_WORDS: Mapping[str, object] = {"OFFICES": OFFICES, "CAUSES": CAUSES, "ODDITIES": ODDITIES}
