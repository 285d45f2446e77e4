"""The words of holds on deposits and of decisions to keep them."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.forfeiture import ARTICLES as GROUND_ARTICLES
from deposits.domain.forfeiture import ForfeitureState, Ground
from deposits.domain.hold import ARTICLES, BY, LONGEST, HoldKind, HoldState

SENTENCES: Mapping[str, object] = {
    "deposit_hold.not_found": _l("没有找到这份暂缓退还决定。请刷新页面后重试。"),
    "deposit_forfeiture.not_found": _l("没有找到这份不予退还决定。请刷新页面后重试。"),
    "hold.nothing_to_hold": _l("这笔保证金已经退出或不在账上，不能暂缓退还。"),
    "hold.place.other_office": _l("您不能作出这种暂缓退还决定：调查由监督部门决定，司法冻结由财务登记，争议核实由本标段招标人决定。"),
    "hold.lift.other_office": _l("暂缓退还由作出决定的一方解除。"),
    "hold.until": _l("截止日应当不早于今天，且不超过 %(days)s 日。请重新填写。"),
    "hold.document_missing": _l("登记司法冻结应当写明法院文书的文号。"),
    "hold.not_over": _l("暂缓期还没有结束。"),
    "deposit_hold.lift.wrong_state": _l("这份暂缓退还决定已经解除或到期。请刷新页面查看。"),
    "deposit_hold.lift.not_allowed": _l("暂缓退还由作出决定的一方解除。"),
    "refund.held": _l("这笔保证金暂缓退还，现在不能发出。"),
    "forfeit.clause_missing": _l("按招标文件约定不予退还的，请写明条款，并选择写有该条款的招标文件版本。"),
    "forfeit.clause_not_wanted": _l("按法定情形不予退还的，不填写招标文件条款。"),
    "forfeit.by_document_alone": _l("政府采购项目只能按采购文件事先约定的情形不予退还。请选择“招标文件约定的其他情形”并写明条款。"),
    "forfeit.not_the_winner": _l("这种情形只适用于已收到中标通知书、尚未签订合同的中标人。"),
    "forfeit.security_not_owed": _l("中标人没有逾期未交履约保证金：招标文件没有要求，或者还没有到期，或者已经提交。"),
    "forfeit.other_security": _l("所选情形与担保的种类不符。履约担保按“中标人不履行合同”或招标文件的约定办理，投标担保按其他情形办理。"),
    "forfeit.no_contract": _l("履约担保只能在合同订立之后，因中标人违约不予退还或者索赔。"),
    "forfeit.other_failure": _l("所选情形与开标记录不符：因投标人自身原因未解密的，请选择该情形；否则不能选择。"),
    "forfeit.amount": _l("不予退还的金额应当是已缴的全部保证金 %(amount)s 元。"),
    "forfeit.treasury_missing": _l("还没有登记国库账户，政府采购项目不能决定不予退还。请联系交易中心财务登记。"),
    "forfeit.payee_treasury": _l("政府采购项目不予退还的保证金上缴同级国库：%(payee)s。请核对收款账户。"),
    "forfeit.payee_other": _l("不予退还的保证金只能转入招标人的账户：%(payee)s。请核对户名。"),
    "deposit.propose_forfeit.wrong_state": _l("这笔保证金现在不能作出不予退还的决定：它已经退出、已有决定，或还没有锁定。请刷新页面查看。"),
    "deposit.propose_forfeit.not_allowed": _l("不予退还由本标段的招标人决定。"),
    "deposit.waive.wrong_state": _l("这笔保证金不在等待决定。请刷新页面查看。"),
    "deposit.waive.not_allowed": _l("是否退还由本标段的招标人决定。"),
    "deposit_forfeiture.agree.wrong_state": _l("这份决定已有监督意见。请刷新页面查看。"),
    "deposit_forfeiture.refuse.wrong_state": _l("这份决定已有监督意见。请刷新页面查看。"),
    "deposit_forfeiture.agree.not_allowed": _l("监督意见由行政监督部门签署。"),
    "deposit_forfeiture.refuse.not_allowed": _l("监督意见由行政监督部门签署。"),
}
HOLD_KINDS: Mapping[HoldKind, object] = {
    HoldKind.INVESTIGATION: _l("投诉或违法行为调查"),
    HoldKind.COURT: _l("司法冻结"),
    HoldKind.DISPUTE: _l("招标人核实是否不予退还"),
}
HOLD_STATES: Mapping[HoldState, object] = {
    HoldState.STANDING: _l("暂缓中"),
    HoldState.LIFTED: _l("已解除"),
    HoldState.ENDED: _l("已到期"),
}
GROUNDS: Mapping[Ground, object] = {
    Ground.REVOKED: _l("投标截止后撤销投标文件"),
    Ground.NOT_DECRYPTED: _l("因投标人自身原因未解密，视为撤销"),
    Ground.CONTRACT_REFUSED: _l("无正当理由不与招标人订立合同"),
    Ground.CONDITIONS: _l("签订合同时提出附加条件"),
    Ground.NO_SECURITY: _l("不按招标文件要求提交履约保证金"),
    Ground.DOCUMENT: _l("招标文件约定的其他情形"),
    Ground.BREACH: _l("中标人不履行合同"),
}
FORFEITURE_STATES: Mapping[ForfeitureState, object] = {
    ForfeitureState.DECIDED: _l("待监督意见"),
    ForfeitureState.AGREED: _l("监督同意，不予退还"),
    ForfeitureState.REFUSED: _l("监督不同意，决定失效"),
}
ORDER_TONES: Mapping[object, str] = {
    HoldState.STANDING: "warn",
    ForfeitureState.DECIDED: "warn",
    ForfeitureState.AGREED: "bad",
    ForfeitureState.REFUSED: "line",
    HoldState.LIFTED: "line",
    HoldState.ENDED: "line",
}
LATE_COLUMNS = (
    _l("标段"),
    _l("投标人"),
    _l("退还原因"),
    _l("本金（元）"),
    _l("法定退还期限"),
    _l("逾期天数"),
    _l("状态"),
    _l("银行代码"),
    _l("暂缓至"),
)
HOLD_COLUMNS = (
    _l("标段"),
    _l("投标人"),
    _l("金额（元）"),
    _l("种类"),
    _l("理由"),
    _l("文号"),
    _l("决定时间"),
    _l("最后一日"),
    _l("状态"),
    _l("解除理由"),
)
DECISION_COLUMNS = (
    _l("标段"),
    _l("投标人"),
    _l("金额（元）"),
    _l("情形"),
    _l("条款"),
    _l("理由"),
    _l("决定时间"),
    _l("状态"),
    _l("监督意见"),
    _l("意见时间"),
)
AWAITED = _l("等待招标人决定")
SHEETS = {"late": _l("逾期未退"), "holds": _l("暂缓退还"), "decisions": _l("不予退还")}
WORDS: Mapping[str, object] = {
    "HOLD_KINDS": HOLD_KINDS,
    "HOLD_STATES": HOLD_STATES,
    "GROUNDS": GROUNDS,
    "FORFEITURE_STATES": FORFEITURE_STATES,
    "ORDER_TONES": ORDER_TONES,
    "HOLD_ARTICLES": ARTICLES,
    "HOLD_BY": BY,
    "LONGEST": LONGEST,
    "GROUND_ARTICLES": GROUND_ARTICLES,
    "HoldState": HoldState,
    "ForfeitureState": ForfeitureState,
}
"""What the templates get by name."""
