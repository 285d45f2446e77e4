"""The words of trading: a sentence for each refusal, and names for states, steps, kinds and moments; bids have `texts_opening.py`."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from deposits.domain.terms import UNSAID
from deposits.web.texts_terms import FORMS
from trading.domain.award_plan import TieKey
from trading.domain.clock import LegalRegime
from trading.domain.composition import DATA
from trading.domain.document import Escrow
from trading.domain.lot import LotAction, LotState
from trading.domain.project import Category, ProjectState
from trading.queries.lot_page import Milestone
from trading.web import (
    texts_applications,
    texts_archives,
    texts_award_plan,
    texts_clock,
    texts_document,
    texts_entry,
    texts_hall,
    texts_messages,
    texts_method,
    texts_opening,
    texts_orders,
    texts_plans,
    texts_practice,
    texts_prequalification,
    texts_public,
    texts_readiness,
    texts_reevaluation,
    texts_remedies,
    texts_retender,
    texts_review,
)
from trading.web.texts_notices import NOTICE_KINDS

SENTENCES: Mapping[str, object] = {
    **texts_award_plan.SENTENCES,
    **texts_hall.SENTENCES,
    **texts_opening.SENTENCES,
    **texts_clock.SENTENCES,
    **texts_remedies.SENTENCES,
    **texts_messages.SENTENCES,
    **texts_public.SENTENCES,
    **texts_orders.SENTENCES,
    **texts_reevaluation.SENTENCES,
    **texts_plans.SENTENCES,
    **texts_practice.SENTENCES,
    **texts_retender.SENTENCES,
    **texts_review.SENTENCES,
    **texts_document.SENTENCES,
    **texts_method.SENTENCES,
    **texts_readiness.SENTENCES,
    **texts_entry.SENTENCES,
    **texts_prequalification.SENTENCES,
    **texts_applications.SENTENCES,
    **texts_archives.SENTENCES,
    # projects
    "body.malformed": _l("“%(member)s”一项缺失或格式不正确。请按说明填写后重试。"),
    "project.agency_is_tenderer": _l("招标人与招标代理机构不能是同一单位。请核对双方单位。"),
    "project.lots_misnumbered": _l("标段编号须从 1 起连续编排。请修改标段编号。"),
    "project.party_name_other": _l("单位名称“%(name)s”与平台登记的名称不一致。请核对后重试。"),
    "project.registration_other": _l("您确认的内容与代理机构登记的内容不一致。请刷新页面，核对最新登记后再确认。"),
    "project.close.lots_open": _l("还有标段没有办结，暂不能结案。请先办完各标段的合同或终止手续。"),
    "project.close.other_statement": _l("拟结案之后案卷又有新的记录。请交易中心刷新页面后重新提出结案。"),
    "project.not_closed": _l("案卷还没有结案，暂不能办理。请等待结案。"),
    "project.close.not_proposed": _l("交易中心还没有提出结案。请等待交易中心先签名。"),
    # award plan
    "award_plan.digest_other": _l("定标方案的摘要与内容不一致。请刷新页面后重新签名。"),
    "award_plan.rank_one_needs_nothing": _l("按排名第一确定中标人时，不设定标委员会和定标因素。请清空这些内容，或改选定标方法。"),
    "award_plan.separation_forbidden": _l("政府采购项目应按排名确定中标人；实行评定分离的，须登记特别规定的文号、内容并上传原文。"),
    "award_plan.basis_missing": _l("实行评定分离须写明依据文号和当地规定版本。请补充后重试。"),
    "award_plan.members_unfit": _l("定标委员会人数须为单数，且不少于 %(least)s 人。请修改人数。"),
    "award_plan.quorum_unfit": _l("到会人数须超过半数，且不超过 %(members)s 人。请修改到会人数。"),
    "award_plan.ties_unfit": _l("请写明票数相同时的处理顺序，且不要重复。"),
    # tender document
    "document.plan_missing": _l("定标方案还没有确定。请招标人先签署定标方案，再发布招标文件。"),
    "document.digest_other": _l("招标文件的摘要与内容不一致。请刷新页面后重新签名。"),
    "document.file_twice": _l("有两个文件同名。请改名后重试。"),
    "document.size_other": _l("文件“%(name)s”的大小与上传的不一致。请重新上传。"),
    "document.blind_unfit": _l("只有技术标信封可以设为暗标。请改为技术标、商务标两个信封，或取消暗标。"),
    "document.envelopes_unknown": _l("投标文件可以是一个信封，或技术标在前、商务标在后的两个信封。请修改信封设置。"),
    "document.deposit_freed": _l("按“%(source)s”，本类项目自 %(since)s 起不收投标保证金。请把投标保证金改为 0。"),
    "document.deposit_too_high": _l("投标保证金不得超过估算价的 2%%。本项目最高 %(most)s 元，当前 %(deposit)s 元。请调低金额。"),
    "document.ceiling_missing": _l("招标文件须写明最高投标限价。请在评标办法和限价栏填写同一金额。"),
    "method.ceiling_other": _l("评标办法中的限价 %(written)s 与最高投标限价 %(ceiling)s 不一致。请改为同一金额。"),
    "method.malformed": _l("评标办法的“%(member)s”一项缺失或格式不正确。请按格式说明修改。"),
    "method.criteria_unfit": _l("综合评估法须有评分项，最低价法不设评分项。请修改评标办法。"),
    "method.envelopes_unused": _l("分设技术标信封时，评标办法须有技术评分项。请补充评分项，或改为一个信封。"),
    # tender notice
    "notice.plan_missing": _l("定标方案还没有确定。请先签署定标方案，再发布公告。"),
    "notice.document_missing": _l("招标文件还没有发布。请代理机构先签署招标文件，再发布公告。"),
    "notice.document_other": _l("公告对应的招标文件已有新版本。请刷新页面后重新拟稿。"),
    "notice.plan_other": _l("公告对应的定标方案已有新版本。请刷新页面后重新拟稿。"),
    "notice.release_past": _l("招标文件发出时间已经过去。请改为稍后的时间。"),
    "notice.opening_other": _l("开标时间须与投标截止时间为同一时刻。请修改开标时间。"),
    "notice.deadline_before_release": _l("投标截止时间须晚于招标文件发出时间。请修改时间。"),
    "notice.publicity_too_short": _l("中标候选人公示不得少于 %(days)s 日。请延长公示期。"),
    "period.document_available.too_short": _l("招标文件的发售期不得少于 %(days)s 日，最早可到 %(earliest)s 截止。请推迟投标截止时间。"),
    "period.bid_time.too_short": _l("自招标文件发出至投标截止不得少于 %(days)s 日，最早为 %(earliest)s。请推迟投标截止时间。"),
    "period.unknown": _l("这类项目没有这一期限。请核对项目适用的法律。"),
    # the clock
    "lot.release.not_reached": _l("招标文件发出时间未到，请稍候。"),
    "lot.deadline.not_reached": _l("投标截止时间未到，不能开标。请等待截止。"),
    "lot.fail.enough_bids": _l("投标人已满三家，应当开标。请等待平台转入开标。"),
    "lot.open_bids.too_few": _l("投标人少于三家，不得开标。请依法重新招标。"),
    "lot.publicity.running": _l("中标候选人公示期未满，暂不能定标。请等待公示期满。"),
    "lot.separation.absent": _l("本标段按排名确定中标人，不设定标委员会。请等待平台确定中标人。"),
    "lot.separation.present": _l("本标段实行评定分离，由定标委员会确定中标人。请等待定标结果。"),
    # report, publicity, award
    "report.ranking_unfit": _l("评标报告的候选人排序方式与定标方案不一致。请评标委员会核对。"),
    "report.candidates_unfit": _l("评标报告没有候选人，或候选人重复。请评标委员会核对。"),
    "report.too_many_candidates": _l("中标候选人不得超过 %(most)s 名。请评标委员会核对。"),
    "publicity.report_other": _l("公示对应的评标报告不是现行报告。请刷新页面后重新签名。"),
    "publicity.candidates_other": _l("公示的候选人与评标报告不一致。请刷新页面后重新签名。"),
    "publicity.first_day_other": _l("公示应自签发当日（%(today)s）开始。请刷新页面后重新签名。"),
    "publicity.too_short": _l("公示期太短，最早可到 %(earliest)s 结束。请延长公示期。"),
    "publicity.late_unexplained": _l("收到评标报告已超过三日，请写明推迟公示的原因后再签名。"),
    "publicity.reason_unneeded": _l("公示没有推迟，不需要填写原因。请清空原因后重试。"),
    "award.winner_no_candidate": _l("中标人须从公示的中标候选人中确定。请核对定标结果。"),
    "award_choice.report_other": _l("所依据的评标报告不是现行的报告。请刷新页面后重新签名。"),
    "award_choice.not_first": _l("只能在并列第一的候选人中确定中标人。请重新选择。"),
    "award_notice.winner_other": _l("中标通知书的中标人与定标结果不一致。请刷新页面后重新签名。"),
    "award_notice.price_other": _l("中标价应为 %(price)s 元。请刷新页面后重新签名。"),
    "award_notice.result_other": _l("中标通知书对应的定标结果不是现行结果。请刷新页面后重新签名。"),
    # contract
    "contract.price_other": _l("合同价应与中标价 %(price)s 元一致。请修改合同后重新签名。"),
    "contract.text_other": _l("您签署的合同文本与招标人签署的不一致。请下载招标人签署的文本核对。"),
    "contract.late_unexplained": _l("发出中标通知书已超过 %(days)s 日，请写明推迟订立合同的原因后再签名。"),
    "contract.reason_unneeded": _l("合同没有推迟，不需要填写原因。请清空原因后重试。"),
    "contract.offered_already": _l("招标人已签署合同，请等待中标人签署。"),
    "contract.no_reminder": _l("合同签订期限现在不需要提醒。请在标段页面查看期限。"),
    "contract.signed_already": _l("贵方已签署合同，请等待联合体其他成员签署。"),
    "contract.members_missing": _l("联合体还有 %(count)s 家成员没有签署合同。请等待他们签署。"),
    "contract.org_other": _l("联合体中标的，各成员以本单位名义分别签署合同。请刷新页面后重试。"),
    "contract.not_offered": _l("招标人还没有签署合同。请等待招标人先签署。"),
}

LOT_STATES: Mapping[LotState, object] = {
    LotState.PLANNED: _l("待确认登记"),
    LotState.REGISTERED: _l("已登记"),
    LotState.NOTICED: _l("已公告"),
    LotState.BIDDING: _l("投标中"),
    LotState.SUSPENDED: _l("已暂停"),
    LotState.TERMINATED: _l("已终止"),
    LotState.FAILED: _l("流标"),
    LotState.OPENING: _l("开标中"),
    LotState.EVALUATING: _l("评标中"),
    LotState.ALL_REJECTED: _l("否决全部投标"),
    LotState.EVALUATED: _l("评标完成"),
    LotState.CANDIDATES_PUBLISHED: _l("候选人公示中"),
    LotState.AWARD_DECIDING: _l("定标中"),
    LotState.AWARDED: _l("已定标"),
    LotState.NOTICE_SENT: _l("已发中标通知书"),
    LotState.CONTRACTED: _l("已签合同"),
    LotState.CLOSED: _l("已结案"),
    LotState.ARCHIVED: _l("已归档"),
    LotState.REEVALUATION: _l("重新评标"),
}
TONES: Mapping[LotState, str] = {
    LotState.BIDDING: "ok",
    LotState.OPENING: "info",
    LotState.EVALUATING: "info",
    LotState.CANDIDATES_PUBLISHED: "info",
    LotState.SUSPENDED: "warn",
    LotState.REEVALUATION: "warn",
    LotState.FAILED: "bad",
    LotState.TERMINATED: "bad",
    LotState.ALL_REJECTED: "bad",
}
LOT_ACTIONS: Mapping[LotAction, object] = {
    LotAction.FIX_PLAN: _l("签署定标方案"),
    LotAction.PUBLISH_DOCUMENT: _l("签署招标文件"),
    LotAction.DRAFT_NOTICE: _l("起草招标公告"),
    LotAction.PUBLISH_NOTICE: _l("签发招标公告"),
    LotAction.SUSPEND: _l("暂停招标投标"),
    LotAction.RESUME: _l("恢复招标投标"),
    LotAction.TERMINATE: _l("终止招标"),
    **texts_document.LOT_ACTIONS,
    **texts_reevaluation.LOT_ACTIONS,
    LotAction.PUBLISH_CANDIDATES: _l("公示中标候选人"),
    LotAction.PUBLISH_RESULT: _l("公示定标结果"),
    LotAction.CHOOSE_FIRST: _l("在并列第一的候选人中确定中标人"),
    LotAction.SEND_AWARD_NOTICE: _l("签发中标通知书"),
    LotAction.OFFER_CONTRACT: _l("签署合同"),
    LotAction.SIGN_CONTRACT: _l("签署合同"),
}
PLACES: Mapping[LotAction, str] = {
    LotAction.FIX_PLAN: "award-plan",
    LotAction.PUBLISH_DOCUMENT: "document",
    LotAction.DRAFT_NOTICE: "notice",
    LotAction.PUBLISH_NOTICE: "notice",
    LotAction.SUSPEND: "suspension",
    LotAction.RESUME: "resumption",
    LotAction.TERMINATE: "termination",
    **texts_document.PLACES,
    **texts_reevaluation.PLACES,
    LotAction.PUBLISH_CANDIDATES: "candidates",
    LotAction.PUBLISH_RESULT: "candidates",
    LotAction.CHOOSE_FIRST: "award-notice",
    LotAction.SEND_AWARD_NOTICE: "award-notice",
    LotAction.OFFER_CONTRACT: "contract",
    LotAction.SIGN_CONTRACT: "contract",
}
"""Where each step is taken, behind `/lots/<number>/`; steps without a page are the clock's or another package's."""

PROJECT_STATES: Mapping[ProjectState, object] = {
    ProjectState.NUMBERED: _l("已取号"),
    ProjectState.DRAFTED: _l("待招标人确认"),
    ProjectState.REGISTERED: _l("已登记"),
    ProjectState.CLOSING: _l("待监督部门结案"),
    ProjectState.CLOSED: _l("已结案"),
}
REGIMES: Mapping[LegalRegime, object] = {LegalRegime.CONSTRUCTION: _l("工程建设"), LegalRegime.GOVERNMENT_PROCUREMENT: _l("政府采购")}
CATEGORIES: Mapping[Category, object] = {
    Category.CONSTRUCTION: _l("施工"),
    Category.GOODS: _l("货物"),
    Category.SERVICES: _l("服务"),
}
TIE_KEYS: Mapping[TieKey, object] = {
    TieKey.PRICE: _l("报价低者优先"),
    TieKey.EVALUATION_SCORE: _l("评标得分高者优先"),
    TieKey.DRAW: _l("抽签"),
}
ESCROWS: Mapping[Escrow, object] = {
    Escrow.REQUIRED: _l("必须托管解密份额"),
    Escrow.OPTIONAL: _l("可选托管解密份额"),
    Escrow.NONE: _l("不托管解密份额"),
}
MILESTONES: Mapping[Milestone, object] = {
    Milestone.NOTICE: _l("发布招标公告"),
    Milestone.RELEASE: _l("发出招标文件"),
    Milestone.OBJECTIONS: _l("对招标文件提出异议的期限"),
    Milestone.DEADLINE: _l("投标截止、开标"),
    Milestone.REPORT: _l("评标报告"),
    Milestone.PUBLICITY: _l("候选人公示期满"),
    Milestone.AWARD_NOTICE: _l("发出中标通知书"),
    Milestone.CONTRACT_DUE: _l("订立合同的期限"),
    Milestone.CONTRACT: _l("订立合同"),
}
WORDS: Mapping[str, object] = {
    **texts_award_plan.WORDS,
    **texts_clock.WORDS,
    "LOT_STATES": LOT_STATES,
    "TONES": TONES,
    "LOT_ACTIONS": LOT_ACTIONS,
    "PLACES": PLACES,
    "PROJECT_STATES": PROJECT_STATES,
    "NOTICE_KINDS": NOTICE_KINDS,
    "REGIMES": REGIMES,
    "CATEGORIES": CATEGORIES,
    "AWARD_METHODS": texts_award_plan.AWARD_METHODS,
    "TIE_KEYS": TIE_KEYS,
    "ESCROWS": ESCROWS,
    "DEPOSIT_FORMS": FORMS,
    "USUAL_FORMS": [form.value for form in UNSAID.forms],
    "METHOD_WORDS": texts_method.WORDS,
    "REVIEW_WORDS": texts_review.WORDS,
    "MILESTONES": MILESTONES,
    "GROUNDS_AGAIN": texts_reevaluation.GROUNDS,
    "INVITATION_REASONS": texts_entry.INVITATION_REASONS,
    "SEQUELS": texts_retender.SEQUELS,
    "CHECKS": texts_readiness.CHECKS,
    "NOT_YET": texts_readiness.NOT_YET,
    "COMPOSED": DATA,
    "PLAN_STATES": texts_plans.PLAN_STATES,
    "PLAN_TONES": texts_plans.PLAN_TONES,
    "PLAN_STATEMENTS": texts_plans.PLAN_STATEMENTS,
}
"""What trading's templates get by name."""
