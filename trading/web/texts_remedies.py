"""The words of objections and complaints: each legal family has its own, and they are never mixed."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.clock import LegalRegime
from trading.domain.complaint import ComplaintState, Ground, Matter, Outcome
from trading.domain.objection import ObjectionState
from trading.domain.remedy import COMPLAINT_ARTICLES, HANDLING_ARTICLES, OBJECTION_ARTICLES, Capacity, Stage

SENTENCES: Mapping[str, object] = {
    # what stops a lot
    "lot.objection_unanswered": _l("有异议尚未答复，作出答复前招标投标活动暂停。请先答复异议。"),
    "lot.document_objection_unanswered": _l("对招标文件的异议尚未答复，作出答复前招标投标活动暂停。请先答复异议。"),
    "lot.challenge_unanswered": _l("有质疑尚未答复，作出答复前不得签订合同。请先答复质疑。"),
    "lot.stayed": _l("监督部门处理投诉期间责令暂停，这一步暂不能进行。请等待恢复。"),
    "lot.ordered": _l("监督部门暂停了本标段，由监督部门恢复。"),
    "lot.nothing_stops": _l("没有需要暂停的事由。"),
    "project.close.remedies_open": _l("还有异议、质疑或投诉没有办结，暂不能结案。请先答复或作出处理。"),
    "remedy.case_closed": _l("案卷已经结案，不能再提出。如有新的情况，请直接联系监督部门。"),
    "remedy.number_other": _l("签名的内容与当前页面的编号不一致。请刷新页面后重新签名。"),
    "remedy.late_unexplained": _l("已超过法定期限，请写明逾期原因后再签名。"),
    "remedy.reason_unneeded": _l("没有超过法定期限，不需要填写逾期原因。请清空后重试。"),
    "remedy.names_a_firm": _l("开标前不得透露潜在投标人，内容中不能出现投标单位的名称或统一社会信用代码。请改写后重试。"),
    "document_file.not_found": _l("没有找到这个文件，或您无权下载。请返回上一页查看。"),
    # objections
    "objection.not_found": _l("没有找到这件异议或质疑。请检查编号。"),
    "objection.file.not_allowed": _l("招标人、采购人和代理机构以外的投标单位才能提出。请切换身份后重试。"),
    "objection.file.wrong_state": _l("现在不能提出。请刷新页面查看期限。"),
    "objection.answer.not_allowed": _l("只有本标段的招标人、采购人或其代理机构可以答复。"),
    "objection.answer.wrong_state": _l("这一件已经答复、撤回或办结。请刷新页面查看。"),
    "objection.withdraw.not_allowed": _l("只有提出的单位可以撤回。"),
    "objection.withdraw.wrong_state": _l("这一件已经答复或办结，不能撤回。请刷新页面查看。"),
    "objection.stage_unknown": _l("适用这一法律的项目没有这一环节。请从标段的“异议与投诉”页面选择。"),
    "objection.not_yet": _l("还没有到可以提出的时间。请在标段的“异议与投诉”页面查看起止时间。"),
    "objection.too_late": _l("提出的期限已于 %(last)s 届满。仍有意见的，可以直接联系招标人或采购人。"),
    "objection.capacity_unfit": _l("所选身份不能对这一环节提出。请重新选择身份。"),
    "objection.took_no_part": _l("没有参加本标段投标的单位不能以投标人身份提出。请重新选择身份。"),
    "objection.interest_missing": _l("以其他利害关系人身份提出的，请写明利害关系。"),
    "objection.interest_unneeded": _l("只有其他利害关系人需要写明利害关系。请清空该项或改选身份。"),
    "objection.due.not_reached": _l("答复期限还没有届满。"),
    "objection.close.early": _l("投诉期限还没有届满，暂不能办结。"),
    "objection.close.unanswered": _l("还没有答复，不能办结。"),
    # complaints
    "complaint.not_found": _l("没有找到这件投诉。请检查编号。"),
    "complaint.matter_unknown": _l("适用这一法律的项目不能就该事项投诉。请重新选择投诉事项。"),
    "complaint.twice": _l("这一事项已向该部门投诉，正在处理。请在“异议投诉”中查看进度。"),
    "complaint.known_in_future": _l("知道之日不能晚于今天。请修改日期。"),
    "complaint.too_late": _l("投诉期限（%(days)s 日）已于 %(last)s 届满。请核对知道之日。"),
    "complaint.objection_first": _l("就该事项投诉，应当先提出异议或质疑。请先在标段页面提出，并选择对应的编号。"),
    "complaint.objection_first_hall": _l("就开标投诉，应当先在开标现场提出异议。没有查到贵单位在开标现场提出的异议。"),
    "complaint.objection_other": _l("所选的异议或质疑不是针对该事项的，或已撤回。请重新选择。"),
    "complaint.answer_running": _l("答复期限至 %(last)s，尚未届满。请在收到答复后或期满后投诉。"),
    "complaint.known_after_objection": _l("知道之日不能晚于提出异议之日。请修改日期。"),
    "complaint.request_and_evidence": _l("投诉应当有明确的请求和必要的证明材料。请填写请求并上传材料。"),
    "complaint.authority_unknown": _l("所选单位不是本平台的监督部门。请重新选择。"),
    "complaint.earlier_elsewhere": _l("同一投诉已由其他部门先收到，应当由其处理。请移送。"),
    "complaint.nobody_earlier": _l("没有其他部门先收到同一投诉，不需要移送。"),
    "complaint.suspended_already": _l("已经责令暂停。请先恢复，再作新的决定。"),
    "complaint.not_suspended": _l("现在没有暂停，不需要恢复。"),
    "complaint.suspension_runs": _l("暂停的期限还没有届满。"),
    "complaint.suspension_past": _l("暂停的截止日期不能早于今天。请修改日期。"),
    "complaint.suspension_too_long": _l("暂停采购活动最长不得超过 %(days)s 日，最晚到 %(latest)s。请填写截止日期。"),
    **{
        f"complaint.{action}.{why}": words
        for action in ("file", "withdraw", "accept", "refuse", "hand_over", "investigate", "decide", "publish")
        for why, words in (
            ("not_allowed", _l("您的身份不能办理这一步。投诉由提出的单位和受理的监督部门办理。")),
            ("wrong_state", _l("这件投诉现在不能办理这一步。请刷新页面查看最新状态。")),
        )
    },
    **{
        f"complaint.{action}.{why}": words
        for action in ("order_suspension", "lift_suspension")
        for why, words in (
            ("not_allowed", _l("只有受理投诉的监督部门可以责令暂停或恢复。")),
            ("wrong_state", _l("受理投诉之后、作出处理决定之前才能责令暂停或恢复。")),
        )
    },
}

_C, _P = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
NOUNS: Mapping[LegalRegime, object] = {_C: _l("异议"), _P: _l("质疑")}
ACTS: Mapping[LegalRegime, object] = {_C: _l("提出异议"), _P: _l("提出质疑")}
ANSWERS: Mapping[LegalRegime, object] = {_C: _l("答复异议"), _P: _l("答复质疑")}
ANSWERERS: Mapping[LegalRegime, object] = {_C: _l("招标人"), _P: _l("采购人")}
FILERS: Mapping[LegalRegime, object] = {_C: _l("异议人"), _P: _l("质疑供应商")}
STAGES: Mapping[tuple[LegalRegime, Stage], object] = {
    (_C, Stage.PREQUALIFICATION): _l("资格预审文件"),
    (_C, Stage.DOCUMENT): _l("招标文件"),
    (_C, Stage.RESULT): _l("评标结果"),
    (_P, Stage.DOCUMENT): _l("采购文件"),
    (_P, Stage.PROCESS): _l("采购过程"),
    (_P, Stage.RESULT): _l("中标结果"),
}
LAWS: Mapping[tuple[LegalRegime, Stage], object] = {
    (_C, Stage.PREQUALIFICATION): _l("潜在投标人或者其他利害关系人对资格预审文件有异议的，应当在提交资格预审申请文件截止时间 2 日前提出。"),
    (_C, Stage.DOCUMENT): _l("潜在投标人或者其他利害关系人对招标文件有异议的，应当在投标截止时间 10 日前提出。"),
    (_C, Stage.RESULT): _l("投标人或者其他利害关系人对评标结果有异议的，应当在中标候选人公示期间提出。"),
    (_P, Stage.DOCUMENT): _l("供应商认为采购文件使自己的权益受到损害的，可以自采购文件提供期限届满之日起 7 个工作日内提出质疑。"),
    (_P, Stage.PROCESS): _l("供应商认为采购过程使自己的权益受到损害的，可以自该环节结束之日起 7 个工作日内提出质疑。"),
    (_P, Stage.RESULT): _l("供应商认为中标结果使自己的权益受到损害的，可以自中标结果公告期限届满之日起 7 个工作日内提出质疑。"),
}
ANSWER_LAWS: Mapping[LegalRegime, object] = {
    _C: _l("招标人应当自收到异议之日起 3 日内作出答复；作出答复前，应当暂停招标投标活动。"),
    _P: _l("采购人应当在收到质疑后 7 个工作日内作出答复；可能影响中标结果的，答复前不得签订合同。"),
}
COMPLAINT_LAWS: Mapping[LegalRegime, object] = {
    _C: _l("认为招标投标活动不符合法律、行政法规规定的，可以自知道或者应当知道之日起 10 日内投诉，并应当有明确的请求和必要的证明材料。"),
    _P: _l("对答复不满意，或者采购人未在规定时间内答复的，可以在答复期满后 15 个工作日内向政府采购监督管理部门投诉。"),
}
FIRST_LAWS: Mapping[LegalRegime, object] = {
    _C: _l("就招标文件、开标、评标结果投诉的，应当先提出异议，异议答复期间不计算在内。"),
    _P: _l("投诉以前应当先提出质疑。"),
}
HANDLING_LAWS: Mapping[LegalRegime, object] = {
    _C: _l("自收到投诉之日起 3 个工作日内决定是否受理，自受理之日起 30 个工作日内作出书面处理决定。"),
    _P: _l("自收到投诉之日起 5 个工作日内审查，30 个工作日内作出处理决定。"),
}
CAPACITIES: Mapping[Capacity, object] = {
    Capacity.PROSPECTIVE_BIDDER: _l("潜在投标人"),
    Capacity.BIDDER: _l("投标人"),
    Capacity.INTERESTED_PARTY: _l("其他利害关系人"),
    Capacity.SUPPLIER: _l("供应商"),
}
OBJECTION_STATES: Mapping[ObjectionState, object] = {
    ObjectionState.UNFILED: _l("未提出"),
    ObjectionState.FILED: _l("待答复"),
    ObjectionState.UNANSWERED_OVERDUE: _l("逾期未答复"),
    ObjectionState.ANSWERED: _l("已答复"),
    ObjectionState.WITHDRAWN: _l("已撤回"),
    ObjectionState.CLOSED: _l("已办结"),
}
OBJECTION_TONES: Mapping[ObjectionState, str] = {
    ObjectionState.FILED: "warn",
    ObjectionState.UNANSWERED_OVERDUE: "bad",
    ObjectionState.ANSWERED: "ok",
}
COMPLAINT_STATES: Mapping[ComplaintState, object] = {
    ComplaintState.UNFILED: _l("未提出"),
    ComplaintState.FILED: _l("待决定是否受理"),
    ComplaintState.REFUSED: _l("不予受理"),
    ComplaintState.HANDED_OVER: _l("已移送"),
    ComplaintState.ACCEPTED: _l("已受理"),
    ComplaintState.INVESTIGATING: _l("调查中"),
    ComplaintState.DECIDED: _l("已作出处理决定"),
    ComplaintState.PUBLISHED: _l("处理决定已公告"),
    ComplaintState.WITHDRAWN: _l("已撤回"),
}
COMPLAINT_TONES: Mapping[ComplaintState, str] = {
    ComplaintState.FILED: "warn",
    ComplaintState.ACCEPTED: "info",
    ComplaintState.INVESTIGATING: "info",
    ComplaintState.DECIDED: "ok",
    ComplaintState.PUBLISHED: "ok",
}
MATTERS: Mapping[tuple[LegalRegime, Matter], object] = {
    (_C, Matter.PREQUALIFICATION): _l("资格预审文件"),
    (_C, Matter.DOCUMENT): _l("招标文件"),
    (_C, Matter.OPENING): _l("开标"),
    (_C, Matter.RESULT): _l("评标结果"),
    (_C, Matter.OTHER): _l("其他事项"),
    (_P, Matter.DOCUMENT): _l("采购文件"),
    (_P, Matter.PROCESS): _l("采购过程"),
    (_P, Matter.RESULT): _l("中标结果"),
}
LATE: Mapping[str, object] = {"acceptance": _l("受理决定逾期"), "decision": _l("处理决定逾期")}
GROUNDS: Mapping[Ground, object] = {
    Ground.STANDING: _l("投诉人没有投诉资格"),
    Ground.NO_OBJECTION: _l("没有先提出异议或质疑"),
    Ground.LATE: _l("超过投诉期限"),
    Ground.NO_EVIDENCE: _l("没有明确的请求或必要的证明材料"),
    Ground.FABRICATED: _l("捏造事实、伪造材料或者以非法手段取得证明材料"),
    Ground.DECIDED_BEFORE: _l("已作出处理决定，没有新的证据"),
}
OUTCOMES: Mapping[Outcome, object] = {
    Outcome.UPHELD: _l("投诉成立"),
    Outcome.PARTLY_UPHELD: _l("投诉部分成立"),
    Outcome.DISMISSED: _l("驳回投诉"),
}
WORDS: Mapping[str, object] = {
    "NOUNS": NOUNS,
    "ACTS": ACTS,
    "ANSWERS": ANSWERS,
    "ANSWERERS": ANSWERERS,
    "FILERS": FILERS,
    "STAGES": STAGES,
    "LAWS": LAWS,
    "ANSWER_LAWS": ANSWER_LAWS,
    "COMPLAINT_LAWS": COMPLAINT_LAWS,
    "FIRST_LAWS": FIRST_LAWS,
    "HANDLING_LAWS": HANDLING_LAWS,
    "OBJECTION_ARTICLES": OBJECTION_ARTICLES,
    "COMPLAINT_ARTICLES": COMPLAINT_ARTICLES,
    "HANDLING_ARTICLES": HANDLING_ARTICLES,
    "CAPACITIES": CAPACITIES,
    "CAPACITIES_BY": {capacity.value: words for capacity, words in CAPACITIES.items()},
    "OBJECTION_STATES": OBJECTION_STATES,
    "OBJECTION_TONES": OBJECTION_TONES,
    "COMPLAINT_STATES": COMPLAINT_STATES,
    "COMPLAINT_TONES": COMPLAINT_TONES,
    "MATTERS": MATTERS,
    "LATE": LATE,
    "GROUNDS": {ground.value: words for ground, words in GROUNDS.items()},
    "OUTCOMES": {outcome.value: words for outcome, words in OUTCOMES.items()},
}
"""What the templates of remedies get by name."""
