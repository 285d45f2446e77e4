"""The words of the file that protects a tenderer: clauses, what to do where one is missing, kinds of papers and of statements, refusals."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

CLAUSES: Mapping[str, object] = {
    "plan.first": _l("定标方案在招标公告前固定并存证"),
    "plan.basis": _l("载明评定分离的依据文件和地方规则"),
    "plan.factors": _l("定标因素及其定义随公告公开"),
    "report.submitted": _l("评标报告已签署提交，候选人不排序"),
    "candidates.public": _l("候选人公示期满，或方案规定定标后公示结果"),
    "cleaning.filed": _l("清标或考察报告已存档，来源和日期清楚"),
    "members.named": _l("定标成员由签名名单或抽取产生"),
    "members.present": _l("每名成员以本人密钥签到"),
    "members.declared": _l("每名成员作出回避声明"),
    "quorum.met": _l("到会人数达到方案要求"),
    "recording.kept": _l("录音录像存放信息已登记"),
    "matrix.made": _l("候选人对比表已生成"),
    "ballots.reasoned": _l("每名成员的意见附理由并指明出处"),
    "validity.covers": _l("投标有效期覆盖定标日"),
    "register.closed": _l("干预登记由招标人和每名成员签署"),
    "report.signed": _l("定标报告由招标人和每名成员签署"),
}

# The sentence of the refusal says what is missing and what to do, so the page says the same.
SENTENCES: Mapping[str, object] = {
    "shield.missing.plan.first": _l("缺少：定标方案没有在招标公告前固定。事后无法补正，请向监督部门报告。"),
    "shield.missing.plan.basis": _l("缺少：定标方案没有写明评定分离的依据。事后无法补正，请向监督部门报告。"),
    "shield.missing.plan.factors": _l("缺少：定标因素没有定义。事后无法补正，请向监督部门报告。"),
    "shield.missing.report.submitted": _l("缺少：评标报告还没有签署提交。请等待评标委员会完成评标。"),
    "shield.missing.candidates.public": _l("缺少：候选人尚未公示，或公示期未满。请招标人发布公示，公示期满后再定标。"),
    "shield.missing.cleaning.filed": _l("缺少：清标或考察报告。请招标人在定标档案中上传报告，写明来源、作者和日期。"),
    "shield.missing.members.named": _l("缺少：定标成员名单。请招标人签署名单，或完成成员抽取。"),
    "shield.missing.members.present": _l("缺少：有成员没有签到。请该成员登录后签到，或由招标人更换成员。"),
    "shield.missing.members.declared": _l("缺少：有成员没有作出回避声明。请该成员登录后声明。"),
    "shield.missing.quorum.met": _l("缺少：到会人数不足。请招标人补足成员。"),
    "shield.missing.recording.kept": _l("缺少：录音录像存放信息。请招标人在定标档案中登记录音录像的编号和存放处。"),
    "shield.missing.matrix.made": _l("缺少：候选人对比表。请联系交易中心。"),
    "shield.missing.ballots.reasoned": _l("缺少：定标尚未完成，或有成员的意见没有理由。请等待成员投票。"),
    "shield.missing.validity.covers": _l("缺少：定标日已超过投标有效期。请招标人取得投标人同意延长的书面材料并存档。"),
    "shield.missing.register.closed": _l("缺少：干预登记的签署。请招标人和每名成员签署登记簿，没有干预的签署“无”。"),
    "shield.missing.report.signed": _l("缺少：定标报告的签署。请招标人和每名成员阅读后签署。"),
    "shield.not_found": _l("没有找到定标档案，或您不能查看。请检查标段编号。"),
    "shield.none": _l("现在没有需要存档的定标：本标段不实行评定分离，或评标报告尚未提交。"),
    "shield.unsettled": _l("刚有一份材料正在存证。请几秒后重试。"),
    "shield.signed_already": _l("已经签署或已有记录，无需再次办理。"),
    "shield.unsigned": _l("还有 %(count)s 人没有签署定标报告。请等待。"),
    "shield.decline_early": _l("定标报告生成满 24 小时后才能记录拒签，请先给成员留出签署时间。"),
    "shield.file_compared.not_allowed": _l("只有本项目的招标人可以存档材料。"),
    "shield.file_compared.wrong_state": _l("对比表已在定标会议开始时固定，不能再补充用于对比的材料。"),
    "shield.file.not_allowed": _l("只有本项目的招标人可以存档材料。"),
    "shield.file.wrong_state": _l("定标报告已经生成，不能再存档材料。"),
    "shield.enter.not_allowed": _l("只有招标人、定标成员和监督人员可以登记干预。"),
    "shield.enter.wrong_state": _l("定标报告已经生成，登记簿已经封存。请直接向监督部门反映。"),
    "shield.close_register.not_allowed": _l("登记簿由招标人和定标成员签署。"),
    "shield.close_register.wrong_state": _l("定标结果产生后才签署登记簿，定标报告生成后不再签署。"),
    "shield.sign.not_allowed": _l("定标报告由招标人和定标成员签署。"),
    "shield.sign.wrong_state": _l("定标报告尚未生成，或已经签署齐备。"),
    "shield.decline.not_allowed": _l("只有本项目的招标人可以记录拒签。"),
    "shield.decline.wrong_state": _l("定标报告尚未生成，或已经签署齐备。"),
    "shield.paper.category": _l("请选择材料的类别。"),
    "shield.paper.day": _l("日期应为年-月-日，例如 2026-03-05。请检查后重试。"),
    "shield.paper.file_missing": _l("这类材料必须附上 PDF 文件。请选择文件后重试。"),
    "shield.paper.reference_missing": _l("请填写录音录像的编号和存放处。"),
    "shield.paper.candidate_missing": _l("请选择候选人，并写明内容。"),
    "shield.paper.candidate_other": _l("这家单位不是本标段的候选人。请刷新页面后重选。"),
    "shield.paper.factor_other": _l("这个因素不在定标方案中。请刷新页面后重选。"),
    "shield.paper.digest": _l("文件“%(name)s”的摘要格式不正确。请重新选择文件。"),
    "shield.paper.no_pdf": _l("文件“%(name)s”不是 PDF。请转换为 PDF 后上传。"),
    "shield.register.other": _l("登记簿现有 %(count)s 条，与您签署的不一致。请刷新页面后重新签署。"),
    "shield.report.other": _l("签署的不是当前的定标报告。请刷新页面，阅读后重新签署。"),
    "shield.report.no_member": _l("这位人员不是在任的定标成员。请刷新页面后重选。"),
}

STATES: Mapping[str, object] = {
    "preparing": _l("定标准备"),
    "sitting": _l("定标进行中"),
    "closing": _l("签署干预登记"),
    "signing": _l("签署定标报告"),
    "handed_over": _l("已移交，可发中标通知书"),
}

BLOCKS: Mapping[str, object] = {
    "open": _l("开始定标会议前"),
    "round": _l("投票前"),
    "report": _l("生成定标报告前"),
    "hand_over": _l("发中标通知书前"),
}

CATEGORIES: Mapping[str, object] = {
    "cleaning": _l("清标报告"),
    "due_diligence": _l("考察报告"),
    "performance": _l("履约评价"),
    "comparison": _l("因素对比"),
    "selection": _l("成员产生记录"),
    "recording": _l("录音录像"),
    "validity": _l("延长投标有效期"),
}

KINDS: Mapping[str, object] = {
    "award_plan.fix": _l("定标方案"),
    "notice.publish": _l("招标公告"),
    "document.publish": _l("招标文件"),
    "report.submit": _l("评标报告提交"),
    "report.sign": _l("评标报告签署"),
    "candidates.publish": _l("候选人公示"),
    "publicity.end": _l("公示期满"),
    "award.paper": _l("存档材料"),
    "award.open": _l("成员名单"),
    "award_draw.result": _l("成员抽取"),
    "award.replace": _l("成员更换"),
    "award.sign_in": _l("签到"),
    "award.declare": _l("回避声明"),
    "award.matrix": _l("对比表"),
    "ballot": _l("选票"),
    "award.opinion": _l("书面意见"),
    "award.result": _l("定标结果"),
    "interference.close": _l("干预登记签署"),
    "award.report.sign": _l("定标报告签署"),
    "award.report.decline": _l("拒签记录"),
}

OWNERS: Mapping[str, object] = {
    "tenderer": _l("招标人"),
    "experts": _l("评标委员会"),
    "members": _l("定标成员"),
    "platform": _l("平台"),
    "signatories": _l("招标人和定标成员"),
}

COLUMNS: Mapping[str, object] = {
    "name": _l("候选人"),
    "code": _l("代号"),
    "bid_price": _l("投标报价（元）"),
    "contract_price": _l("拟签合同价（元）"),
    "price_score": _l("报价分"),
    "technical": _l("技术得分"),
    "total": _l("总分"),
    "comments": _l("评审意见"),
    "performance": _l("履约评价"),
}

SHEET = _l("候选人对比")
