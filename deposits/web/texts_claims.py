"""The words of claims under guarantees."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.claim import ClaimState
from deposits.web.texts_holds import GROUNDS
from deposits.web.texts_holds import WORDS as ORDER_WORDS

SENTENCES: Mapping[str, object] = {
    "guarantee_claim.not_found": _l("没有找到这份索赔。请刷新页面后重试。"),
    "guarantee_claim.decide.not_allowed": _l("只有本标段的招标人可以按保函索赔。"),
    "guarantee_claim.agree.not_allowed": _l("监督意见由行政监督部门签署。"),
    "guarantee_claim.disagree.not_allowed": _l("监督意见由行政监督部门签署。"),
    "guarantee_claim.agree.wrong_state": _l("这份索赔已有监督意见。请刷新页面查看。"),
    "guarantee_claim.disagree.wrong_state": _l("这份索赔已有监督意见。请刷新页面查看。"),
    "guarantee_claim.confirm.not_allowed": _l("收款由提出索赔的招标人确认。"),
    "guarantee_claim.confirm.wrong_state": _l("担保机构还没有答复已赔付，或者已经确认收款。请刷新页面查看。"),
    "claim.does_not_stand": _l("这份保函没有核验通过，或者已经终止，不能索赔。"),
    "claim.one_at_a_time": _l("这份保函已有一份索赔在办理。办结后才能再提出。"),
    "claim.too_late": _l("保函有效期已过，不能再索赔。"),
    "claim.amount": _l("索赔金额不能超过保函剩余的担保金额 %(amount)s 元。请修改金额。"),
    "claim.receipt_amount": _l("确认的金额应当是索赔的全部金额 %(amount)s 元。未足额到账的，请先与担保机构联系。"),
    "claim.word": _l("担保机构的答复格式不正确。"),
    "claim.other_word": _l("担保机构的答复不是针对这份索赔。"),
    "message.claim.decided": _l("招标人按保函提出索赔。"),
    "message.claim.decided.todo": _l("请查看事实和理由。有异议的，请及时向监督部门书面说明。"),
    "message.claim.agreed": _l("监督部门同意索赔，已送担保机构。"),
    "message.claim.agreed.todo": _l("担保机构赔付后会向贵单位追偿，请与担保机构联系。"),
    "message.claim.disagreed": _l("监督部门不同意索赔，索赔失效。"),
    "message.claim.disagreed.todo": _l("无需办理。"),
    "message.claim.disagreed_claim": _l("监督部门不同意索赔，索赔失效。"),
    "message.claim.disagreed_claim.todo": _l("可以补充事实和理由后重新提出。"),
    "message.claim.in_review": _l("担保机构已收到索赔，正在审查。"),
    "message.claim.in_review.todo": _l("无需办理；平台会自动询问结果。"),
    "message.claim.paid": _l("担保机构已赔付招标人。"),
    "message.claim.paid.todo": _l("担保机构会向贵单位追偿，请与担保机构联系。"),
    "message.claim.paid_claim": _l("担保机构答复已赔付。"),
    "message.claim.paid_claim.todo": _l("请核对到账，签名确认收款。"),
    "message.claim.refused": _l("担保机构拒绝赔付。"),
    "message.claim.refused.todo": _l("无需办理。"),
    "message.claim.refused_claim": _l("担保机构拒绝赔付。"),
    "message.claim.refused_claim.todo": _l("请查看理由；可以补充材料后重新提出，或者依法起诉。"),
    "message.claim.settled": _l("招标人已确认收到赔付。"),
    "message.claim.settled.todo": _l("无需办理。"),
}
CLAIM_STATES: Mapping[ClaimState, object] = {
    ClaimState.DECIDED: _l("待监督意见"),
    ClaimState.DISAGREED: _l("监督不同意，索赔失效"),
    ClaimState.CLAIMED: _l("已送担保机构"),
    ClaimState.IN_REVIEW: _l("担保机构审查中"),
    ClaimState.PAID: _l("已赔付，待确认收款"),
    ClaimState.SETTLED: _l("已收到赔付"),
    ClaimState.REFUSED: _l("担保机构拒绝"),
}
CLAIM_TONES: Mapping[ClaimState, str] = {
    ClaimState.DECIDED: "warn",
    ClaimState.DISAGREED: "line",
    ClaimState.CLAIMED: "info",
    ClaimState.IN_REVIEW: "info",
    ClaimState.PAID: "warn",
    ClaimState.SETTLED: "ok",
    ClaimState.REFUSED: "bad",
}
GUARANTEE_COLUMNS = (
    _l("标段"),
    _l("投标人"),
    _l("形式"),
    _l("开立机构"),
    _l("保函编号"),
    _l("担保金额（元）"),
    _l("有效期至"),
    _l("状态"),
    _l("核验发现"),
    _l("结束原因"),
    _l("索赔金额（元）"),
    _l("索赔状态"),
)
GUARANTEE_SHEET = _l("保函名单")
WORDS: Mapping[str, object] = {
    **ORDER_WORDS,
    "GROUNDS": GROUNDS,
    "CLAIM_STATES": CLAIM_STATES,
    "CLAIM_TONES": CLAIM_TONES,
    "ClaimState": ClaimState,
}
"""What the templates get by name."""
