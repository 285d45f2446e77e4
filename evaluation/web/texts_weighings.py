"""The words of weighed prices: refusals, and kinds of preference as the tender document has them."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.web.texts_review import PREFERENCES

SENTENCES: Mapping[str, object] = {
    "room.propose_weighing.not_allowed": _l("只有评标委员会成员可以提出评标价的量化和价格扣除。"),
    "room.propose_weighing.wrong_state": _l("现在不能提出评标价的量化和价格扣除。"),
    "room.vote_weighing.not_allowed": _l("只有评标委员会成员可以表决。"),
    "room.vote_weighing.wrong_state": _l("现在没有需要表决的评标价事项。"),
    "weighing.not_now": _l("招标文件没有规定量化和扣除，或者报价尚未全部开启、报价核对已经完毕，现在不能提出。"),
    "weighing.vote_not_due": _l("现在没有需要您表决的评标价事项。"),
    "weighing.proposal": _l("没有找到需要您表决的这一项，可能您已经投票。请刷新页面。"),
    "weighing.reason": _l("请写明事实和理由。"),
    "weighing.vote_reason": _l("请写明理由。"),
    "weighing.bid": _l("代号 %(bid)s 不在报价评审之列。请重新选择。"),
    "weighing.file": _l("所选文件不属于这份投标。请重新选择。"),
    "weighing.twice": _l("这一项已经提出或已经采纳，不能重复计算。"),
    "weighing.rule": _l("招标文件没有这条规则。请重新选择。"),
    "weighing.figure": _l(
        "数量或数额不符合规则：按单位计的填大于 0 的数量，一次性的填 1，由委员会认定的填不为 0 的数额，比例应小于 100%%。请修改。"
    ),
    "weighing.not_positive": _l("按此量化，评标价可能不大于 0。请核对数额。"),
    "weighing.not_claimed": _l("投标人没有申请这项价格扣除，不能给予。"),
    "weighing.alike": _l("小微企业、监狱企业、残疾人福利性单位的扣除不重复享受，这份投标已有一项。"),
    "weighing.open": _l("还有 %(count)s 项评标价事项没有表决完毕。"),
    "weighing.claims_due": _l("%(bids)s 申请的价格扣除还没有表决。请先提出并表决。"),
}

WORDS: Mapping[str, object] = {"PREFERENCES": PREFERENCES}
"""What the template gets by name."""
