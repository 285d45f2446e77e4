"""The words of draw, room and award: what refusals say to people, and the names of states, checks, parties and parts of the pool."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from evaluation.web import (
    texts_award,
    texts_calls,
    texts_collusion,
    texts_desks,
    texts_draw,
    texts_fees,
    texts_pool,
    texts_questions,
    texts_reviews,
    texts_scoring,
    texts_shield,
    texts_unlocks,
)

SENTENCES: Mapping[str, object] = {
    **texts_award.SENTENCES,
    **texts_calls.SENTENCES,
    **texts_collusion.SENTENCES,
    **texts_desks.SENTENCES,
    **texts_draw.SENTENCES,
    **texts_fees.SENTENCES,
    **texts_pool.SENTENCES,
    **texts_questions.SENTENCES,
    **texts_questions.MESSAGES,
    **texts_reviews.SENTENCES,
    **texts_scoring.SENTENCES,
    **texts_shield.SENTENCES,
    **texts_unlocks.SENTENCES,
    "evaluation.body": _l("签名内容中“%(field)s”一项缺失、多余或格式不正确。请刷新页面后重新填写。"),
    "evaluation.not_found": _l("没有找到这个评标项目，或它尚未开始。请检查标段编号。"),
    "evaluation.bid_not_found": _l("没有找到这份投标文件。请从左侧列表中选择。"),
    "evaluation.not_yet": _l("还没有到这一步。请等待评标委员会完成前面的步骤。"),
    "evaluation.scores_sealed": _l("技术评分锁定前，除专家本人外，任何人（含监督人员）都不能查看评分。请在锁定后再来。"),
    "evaluation.result_sealed": _l("评审结果现在还不能查看。请在评标报告提交后再来。"),
    "evaluation.report_sealed": _l("评标报告现在还不能查看。请在报告生成并签署后再来。"),
    # the draw
    "expert_draw.not_found": _l("没有找到这次抽取。请检查编号。"),
    "prepared_draw.not_found": _l("没有找到这次抽取的申请。请重新拟定。"),
    "draw.prepare.not_allowed": _l("只有交易中心工作人员可以拟定抽取申请。"),
    "draw.request.lot_state": _l("只有在投标截止之后、评标开始之前才能抽取专家。请核对标段当前所处阶段。"),
    "draw.request.quotas": _l("每个专业的人数至少为 1，且专业不能重复。请检查后重试。"),
    "draw.request.reason": _l("本标段已抽取过。再次抽取必须选择原因并写明情况，否则不予办理，并提示监督部门。"),
    "draw.request.site": _l("场地“%(site)s”不存在，或工位不够。请重新分配席位。"),
    "draw.request.host_site": _l("第一个场地必须是主场，且场地不能重复。请重新分配席位。"),
    "draw.request.too_few": _l("符合条件的专家少于需要的人数。请调整专业、人数或同单位上限。"),
    "draw.request.other": _l("签名的抽取申请与平台拟定的不一致。请刷新页面后重新签名。"),
    "draw.request.twice": _l("这次抽取申请已经签过名，无需再次签名。"),
    "draw.party.not_allowed": _l("只有招标人、交易中心和监督部门可以参与抽取。"),
    "draw.party.other": _l("提交的内容属于另一方。请用本方的账户操作。"),
    "draw.hex": _l("随机值必须是 64 位十六进制数字。请重新生成。"),
    "draw.commit.not_allowed": _l("只有招标人、交易中心和监督部门可以提交承诺。"),
    "draw.commit.wrong_state": _l("承诺已经截止，不能再提交。"),
    "draw.commit.twice": _l("本方已经提交过承诺，不能更换。"),
    "draw.commits_missing": _l("还有一方没有提交承诺。请等待。"),
    "draw.reveal.not_allowed": _l("只有招标人、交易中心和监督部门可以公开随机值。"),
    "draw.reveal.wrong_state": _l("三方全部提交承诺之后才能公开随机值；抽取完成后无需再公开。"),
    "draw.reveal.twice": _l("本方已经公开过随机值。"),
    "draw.reveal.differs": _l("公开的随机值与先前的承诺不符。请使用提交承诺时的同一台设备。"),
    "draw.reveals_missing": _l("还有一方没有公开随机值。请等待。"),
    "draw.record.not_drawn": _l("抽取尚未完成，还没有可核验的记录。"),
    "draw.recuse.not_allowed": _l("只有交易中心可以登记专家不能参加。"),
    "draw.recuse.wrong_state": _l("现在不能登记：抽取尚未完成，或已经结束。"),
    "draw.set_aside.not_allowed": _l("只有交易中心工作人员可以再次抽取。"),
    "draw.set_aside.wrong_state": _l("评标委员会已经组成，不能再次抽取。"),
    "draw.recuse.not_seated": _l("这个化名不在抽中名单内。请核对。"),
    "draw.recuse.nobody_left": _l("没有可递补的专家。请扩大专家库后重新抽取，并写明理由。"),
    "draw.form.not_allowed": _l("只有交易中心工作人员可以组成评标委员会。"),
    "draw.form.wrong_state": _l("专家全部确认之后才能组成评标委员会，且只能组成一次。"),
    "draw.form.size": _l("评标委员会应为五人以上单数，现为 %(count)s 人。请调整人数。"),
    "draw.form.opening": _l("开标记录尚未签署完成。请在开标结束后组成评标委员会。"),
    "committee.seats": _l("席位数 %(seats)s 与成员数 %(members)s 不一致。请重新分配席位。"),
    "blind.bids": _l("没有可评审的投标文件，不能组成评标委员会。"),
    # the room
    "room.not_a_member": _l("您不是本次评标的成员，或已回避。"),
    "room.sign_in.not_allowed": _l("只有评标委员会成员可以签到。"),
    "room.sign_in.wrong_state": _l("签到已经结束。"),
    "room.sign_in.twice": _l("您已经签到，无需再次签到。"),
    "room.sign_in.other_seat": _l("签到的席位或场地不是分配给您的。请刷新页面后重新签到。"),
    "room.vote_chair.not_allowed": _l("只有评标委员会成员可以推选组长。"),
    "room.vote_chair.wrong_state": _l("现在不能推选组长：成员全部签到后开始，选出后结束。"),
    "chair.vote.twice": _l("本轮您已经投票。"),
    "chair.vote.round": _l("现在是第 %(round)s 轮推选。请刷新页面后重新投票。"),
    "chair.vote.choice": _l("只能在本轮的候选成员中选择。"),
    "room.declare.not_allowed": _l("只有评标委员会成员可以作回避声明。"),
    "room.declare.wrong_state": _l("现在不能作回避声明：选出组长后开始，全部声明后结束。"),
    "room.step_back.not_allowed": _l("只有评标委员会成员可以声明回避。"),
    "room.step_back.wrong_state": _l("现在不能声明回避。请联系主持人。"),
    "recusal.declare.twice": _l("您已经作过声明。"),
    "recusal.declare.reason": _l("有应回避情形的请写明原因；没有的不要填写原因。"),
    "room.review.not_allowed": _l("只有评标委员会成员可以进行初步评审。"),
    "room.review.wrong_state": _l("现在不能提交初步评审。"),
    "preliminary.review.twice": _l("您已经提交初步评审。"),
    "preliminary.review.incomplete": _l("初步评审共 %(wanted)s 项，已填 %(given)s 项。请逐份逐项填写。"),
    "preliminary.review.reason": _l("%(bid)s 有不通过的项目没有写明理由。请补充理由。"),
    "room.save_draft.not_allowed": _l("只有评标委员会成员可以评分。"),
    "room.save_draft.wrong_state": _l("现在不能评分。"),
    "room.submit_sheet.not_allowed": _l("只有评标委员会成员可以提交评分。"),
    "room.submit_sheet.wrong_state": _l("现在不能提交评分：评分未开始或已锁定。"),
    "score.submit.twice": _l("您的评分已签名提交，不能修改。"),
    "score.part": _l("提交的不是现在应评的部分。请刷新页面。"),
    "score.bids_differ": _l("应为全部 %(wanted)s 份投标文件评分，现有 %(given)s 份。请补齐后提交。"),
    "score.bid_unknown": _l("代号 %(bid)s 不在评审之列。请刷新页面。"),
    "score.criterion_unknown": _l("评分项“%(criterion)s”不在招标文件的评分标准内。请刷新页面。"),
    "score.missing": _l("%(bid)s 的“%(criterion)s”还没有评分。请补齐后提交。"),
    "score.malformed": _l("%(bid)s 的“%(criterion)s”不是有效的分数。请填写数字。"),
    "score.above_maximum": _l("%(bid)s 的“%(criterion)s”超过满分 %(most)s。请修改。"),
    "score.off_step": _l("%(bid)s 的“%(criterion)s”应以 %(step)s 分为一档。请修改。"),
    "score.outside_grades": _l("%(bid)s 的“%(criterion)s”不在任何一个等级之内。请选择等级后再打分。"),
    "score.not_fixed": _l("%(bid)s 的“%(criterion)s”只能是 %(steps)s。请修改。"),
    "score.deduction_differs": _l("%(bid)s 的“%(criterion)s”按勾选的扣分应为 %(score)s。请核对勾选。"),
    "score.ticks": _l("“%(criterion)s”勾选的扣分事由不在招标文件之内，或重复。请刷新页面。"),
    "room.sign_report.not_allowed": _l("只有评标委员会成员可以签署评标报告。"),
    "room.sign_report.wrong_state": _l("评标报告尚未生成，或已经提交。"),
    "report.sign.twice": _l("您已经签署评标报告。"),
    "report.sign.other_report": _l("签署的不是当前的评标报告。请刷新页面，阅读后重新签署。"),
    "room.open_reference.not_allowed": _l("只有本项目的招标人可以公布标底。"),
    "room.open_reference.wrong_state": _l("标底在技术评分锁定之后、汇总之前公布。请等待。"),
    "reference_price.not_due": _l("本标段没有待公布的标底。"),
    "reference_price.missing": _l("招标人还没有公布标底。请等待。"),
    "reference_price.differs": _l("公布的标底与招标文件中的承诺不符。请核对金额和随机值。"),
    "reference_price.malformed": _l("标底应为两位小数的金额，并附 64 位十六进制随机值。请检查后重试。"),
}

ROOM_STATES: Mapping[str, object] = {
    "committee_formed": _l("签到"),
    "signed_in": _l("推选组长"),
    "chair_elected": _l("回避声明"),
    "preliminary": _l("初步评审"),
    "rejection": _l("否决表决"),
    "technical": _l("技术评分"),
    "locked": _l("技术锁定，开启代号"),
    "commercial": _l("报价和商务评分"),
    "summary": _l("汇总"),
    "signing": _l("签署报告"),
    "submitted": _l("已提交"),
}

DRAW_STATES: Mapping[str, object] = {
    "requested": _l("提交承诺"),
    "committed": _l("公开随机值"),
    "drawn": _l("已抽取，名单密封"),
    "calling": _l("通知专家"),
    "list_sealed": _l("全部确认，名单密封"),
    "formed": _l("委员会已组成"),
    "exhausted": _l("候补用尽，抽取结束"),
    "set_aside": _l("已由再次抽取取代"),
}

AWARD_STATES = texts_award.AWARD_STATES

PARTIES: Mapping[str, object] = {"centre": _l("交易中心"), "supervisor": _l("监督部门"), "tenderer": _l("招标人")}

CHECKS: Mapping[str, object] = {
    **texts_reviews.CHECKS,
    "formality.signature": _l("投标文件签章齐全"),
    "formality.single_bid": _l("只有一份投标、一个报价"),
    "qualification.conditions": _l("符合资格条件"),
    "qualification.consortium": _l("联合体协议齐全，或不是联合体"),
    "responsiveness.requirements": _l("响应实质性要求和条件"),
    "responsiveness.fair_dealing": _l("未见串通、弄虚作假、行贿"),
}

CHECK_GROUPS: Mapping[str, object] = {
    **texts_reviews.CHECK_GROUPS,
    "formality": _l("形式评审"),
    "qualification": _l("资格评审"),
    "responsiveness": _l("响应性评审"),
}

REJECTIONS: Mapping[str, object] = {
    "rejected": _l("报价信封未能开启"),
    "above_ceiling": _l("报价高于最高投标限价"),
    "below_minimum": _l("技术得分低于合格线"),
    "outlier": _l("报价偏离，按规则否决"),
}

# Said by a page that runs off the request's thread, so in both languages at hand.
TRY_UNREADABLE: Mapping[str, str] = {
    "zh": "内容不是合法的 JSON，或数字没有写成字符串。请检查引号、逗号和括号。",
    "en": "This is no valid JSON, or a number is not written as a string. Check quotes, commas and brackets.",
}
