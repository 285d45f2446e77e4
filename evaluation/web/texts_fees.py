"""The words of fees: refusals, messages, states, and the steps of a calculation."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from evaluation.domain.fee_body import Payer, Rest
from evaluation.domain.fee_life import FeeState
from evaluation.domain.fee_table import Counting, HalfHour

SENTENCES: Mapping[str, object] = {
    "fee.not_found": _l("没有找到这笔酬金，或不向您开放。请从酬金列表打开。"),
    "fee_rule.not_found": _l("本标段还没有确定酬金标准。请先由交易中心确定。"),
    "fee_order.not_found": _l("没有找到这笔支付指令。请刷新页面。"),
    "fee.table_unknown": _l("没有这个酬金标准。请从列表中选择。"),
    "fee.table_elsewhere": _l("这个酬金标准不适用于本标段的法律类别或时间。请选择其他标准。"),
    "fee.basis_missing": _l("所选标准不是“%(region)s”的标准。请写明参照执行的协议或文件。"),
    "fee.late_reason": _l("专家抽取已经开始。请写明为何现在才确定酬金标准。"),
    "fee.payer_other": _l(
        "支付人不符合规定：集中采购目录内的项目由集中采购机构支付，其他项目由招标人（采购人）支付，代理机构不得垫付。请重新选择。"
    ),
    "fee.half_hour": _l("请选择恰好三十分钟如何计算。"),
    "fee.payer": _l("请选择支付人。"),
    "fee.moment": _l("时间格式不正确。请重新填写起止时间。"),
    "fee.line": _l("没有这个席位的酬金。请从列表中选择。"),
    "fee.lines": _l("请至少选择一笔酬金，且不要重复。"),
    "fee.rule.twice": _l("本标段的酬金标准已经确定，不能更改。"),
    "fee.rule_missing": _l("本标段还没有确定酬金标准。请先确定标准，再登记休息时间和补助。"),
    "fee.room_missing": _l("评标委员会还没有组成。请在组成后登记。"),
    "fee.room_open": _l("评标还没有结束。请在评标报告提交后核算。"),
    "fee.calculated": _l("酬金已经核算。需要更正的，请在核算结果中更正并写明理由。"),
    "fee.case_closed": _l("项目已经结案，不能再签署。请联系交易中心。"),
    "fee.seat_unknown": _l("没有席位 %(seat)s。请从列表中选择。"),
    "fee.break.why": _l("请选择不计时的原因。"),
    "fee.break.order": _l("结束时间应当晚于开始时间。请检查。"),
    "fee.break.future": _l("只能登记已经过去的时间。请检查结束时间。"),
    "fee.extra.unknown": _l("所选酬金标准没有这一项补助（%(field)s）。请删除这一项。"),
    "fee.extra.nights": _l("填写了住宿费，请同时填写住宿天数。"),
    "fee.extra.remote": _l("在副场（远程异地）工位评标的专家不发放交通、住宿和在途补助。请删除这些项目。"),
    "fee.object.not_allowed": _l("只有评标专家本人可以对自己的酬金提出异议。"),
    "fee.object.wrong_state": _l("这笔酬金现在不能提出异议：已提出过，或已更正、已支付。"),
    "fee.object.twice": _l("对这笔酬金已经提出过异议，主场已作答复。"),
    "fee.correct.not_allowed": _l("只有主场交易中心可以更正酬金。"),
    "fee.correct.wrong_state": _l("这笔酬金现在不能更正：已更正过，或支付人已确认。"),
    "fee.correct.twice": _l("每笔酬金只能更正一次。"),
    "fee.confirm.not_allowed": _l("只有本项目的支付人可以确认酬金。"),
    "fee.confirm.wrong_state": _l("所选酬金中有的已经确认，或专家的异议尚未答复。请刷新页面后重新选择。"),
    "fee.total_differs": _l("所选酬金合计为 %(wanted)s 元，与签署的金额不同。请刷新页面后重新确认。"),
    "fee.names_secret": _l("结果公布前专家名单保密，暂不能支付。"),
    "fee.account_missing": _l("专家还没有登记收款账户。"),
    "fee.payer_account_missing": _l("支付人还没有登记付款账户。请先登记。"),
    "fee.same_account": _l("银行已退回这个账户的付款。请专家登记新的收款账户。"),
    "fee.none_late": _l("没有逾期未付的酬金。"),
    "fee.account.other_name": _l("收款账户的户名应为您本人的姓名。请检查。"),
    "fee.payer_account.not_allowed": _l("只有招标人（采购人）或集中采购机构可以登记付款账户。"),
    "fee_payer_account.not_found": _l("支付人还没有登记付款账户。请先登记。"),
    "expert_account.not_found": _l("您还没有登记收款账户。请先登记。"),
    # messages
    "message.fee.calculated": _l("您的评标酬金已经核算。"),
    "message.fee.calculated.todo": _l("请核对计时和金额；有误的请写明理由提出异议。还没有登记收款账户的，请登记。"),
    "message.fee.to_confirm": _l("评标专家酬金已经核算，等待确认。"),
    "message.fee.to_confirm.todo": _l("请核对后确认。专家名单在结果公布前保密，以席位代号显示。"),
    "message.fee.objected": _l("有专家对酬金核算提出异议。"),
    "message.fee.objected.todo": _l("请核对签到、签署和休息记录，更正或维持，并写明理由。"),
    "message.fee.corrected": _l("主场已答复您对酬金的异议，或作了更正。"),
    "message.fee.corrected.todo": _l("请查看更正后的金额和理由。"),
    "message.fee.paid": _l("您的评标酬金已经支付。"),
    "message.fee.paid.todo": _l("请查看酬金单。"),
    "message.fee.returned": _l("您的评标酬金被银行退回。"),
    "message.fee.returned.todo": _l("请检查并重新登记收款账户，登记后自动重新支付。"),
    "message.fee.overdue": _l("有评标专家酬金逾期未付。"),
    "message.fee.overdue.todo": _l("请尽快确认并保证付款账户有余额。"),
}

STATES: Mapping[FeeState, object] = {
    FeeState.CALCULATED: _l("已核算，待确认"),
    FeeState.OBJECTED: _l("专家有异议"),
    FeeState.CORRECTED: _l("已答复，待确认"),
    FeeState.CONFIRMED: _l("已确认，待支付"),
    FeeState.ORDERED: _l("支付中"),
    FeeState.IN_DOUBT: _l("银行未答复"),
    FeeState.ACCEPTED: _l("银行已受理"),
    FeeState.PAID: _l("已支付"),
    FeeState.RETURNED: _l("银行退回"),
}
TONES: Mapping[FeeState, str] = {
    FeeState.OBJECTED: "warn",
    FeeState.IN_DOUBT: "warn",
    FeeState.PAID: "ok",
    FeeState.RETURNED: "bad",
}
RESTS: Mapping[str, object] = {Rest.MEAL.value: _l("用餐"), Rest.REST.value: _l("休息"), Rest.FAULT.value: _l("故障或中止")}
PAYERS: Mapping[Payer, object] = {
    Payer.TENDERER: _l("招标人（采购人）"),
    Payer.AGENCY: _l("集中采购机构"),
}
HALF_HOURS: Mapping[HalfHour, object] = {
    HalfHour.UP: _l("按一小时计算（默认，就高不就低）"),
    HalfHour.DOWN: _l("按不足三十分钟计算"),
}
COUNTINGS: Mapping[Counting, object] = {Counting.SIGN_IN: _l("本人签到"), Counting.OPENING: _l("开标")}

STEPS: Mapping[str, object] = {
    "day": _l("%(day)s 计时 %(minutes)s 分钟"),
    "flat": _l("前 %(until)s 分钟为止的一段"),
    "started": _l("超出 %(begin)s 分钟的 %(minutes)s 分钟，不足一小时按一小时计，%(hours)s 小时 × %(rate)s 元"),
    "halves": _l("超出 %(begin)s 分钟的 %(minutes)s 分钟，%(hours)s 小时 × %(rate)s 元"),
    "halves_up": _l("超出 %(begin)s 分钟的 %(minutes)s 分钟，余 %(left)s 分钟按一小时计，%(hours)s 小时 × %(rate)s 元"),
    "halves_short": _l("超出 %(begin)s 分钟的 %(minutes)s 分钟，%(hours)s 小时 × %(rate)s 元，余 %(left)s 分钟计 %(short)s 元"),
    "cap": _l("每日不超过 %(cap)s 元"),
    "holiday": _l("%(day)s 为法定节假日，按 %(factor)s 倍计"),
    "half_days": _l("评审跨 %(days)s 天，%(halves)s 个半天 × %(rate)s 元"),
    "voided_cap": _l("全部投标被否决，不超过 %(cap)s 元"),
    "wasted": _l("到场后未参加评审或回避，误工补助"),
    "emergency": _l("应急补助"),
    "on_the_way": _l("在途补助"),
    "lodging": _l("住宿 %(nights)s 天，凭据 %(receipts)s 元，限额 %(most)s 元"),
    "meals": _l("伙食补助 %(days)s 天 × %(rate)s 元"),
    "local_transport": _l("市内交通补助 %(days)s 天 × %(rate)s 元"),
    "transport": _l("城市间交通，凭据"),
}
COLUMNS: tuple[object, ...] = (
    _l("标段编号"),
    _l("项目"),
    _l("席位"),
    _l("姓名"),
    _l("支付人"),
    _l("状态"),
    _l("计时（分钟）"),
    _l("劳务报酬（元）"),
    _l("补助（元）"),
    _l("代扣个人所得税（元）"),
    _l("实发（元）"),
    _l("支付期限"),
    _l("支付时间"),
)
SHEET = _l("专家酬金")
SLIP: Mapping[str, object] = {
    "title": _l("评标专家酬金单"),
    "number": _l("标段编号"),
    "project": _l("项目"),
    "payee": _l("收款人"),
    "account": _l("收款账户"),
    "payer": _l("支付人"),
    "time": _l("起止时间"),
    "minutes": _l("计时"),
    "state": _l("状态"),
    "paid_at": _l("支付时间"),
    "steps": _l("计算过程"),
    "step": _l("步骤"),
    "amount": _l("金额（元）"),
    "fee": _l("劳务报酬"),
    "travel": _l("差旅和补助"),
    "tax": _l("代扣个人所得税"),
    "net": _l("实发"),
    "secret": _l("结果公布前保密"),
    "unpaid": _l("尚未支付"),
    "note": _l("计时取自签到、签署和休息记录；个人所得税按同一支付人当月累计预扣（国家税务总局公告2018年第61号）。"),
}
MINUTES = _l("%(minutes)s 分钟")
DONE = _l("付款账户已登记。")
