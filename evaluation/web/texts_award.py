"""The words of the award committee: what refusals say, and the names of states, draws, sections of the report and ways to win."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "award_session.not_found": _l("没有找到定标会议，或您不能查看。请检查标段编号。"),
    "award_paper.not_found": _l("没有找到这份文件，或您不能查看。请从定标页面打开。"),
    "award.open.not_allowed": _l("只有本项目的招标人可以组织定标。"),
    "award.open.lot_state": _l("候选人公示结束后才能组织定标。"),
    "award.open.twice": _l("本标段的定标会议已经开始。"),
    "award.plan_other": _l("定标方案与公告前存证的不一致。请刷新页面。"),
    "award.members_differ": _l("定标方案要求 %(wanted)s 名成员，现有 %(given)s 名。请调整名单。"),
    "award.list_too_short": _l("成员从名单中抽取，名单应多于 %(wanted)s 人，现有 %(given)s 人。请增加人选。"),
    "award.not_a_member": _l("名单中有人没有本单位的定标委员会成员身份。请先授予身份。"),
    "award.evaluated_before": _l("评标委员会成员不能再担任定标委员会成员。请更换人选。"),
    "award.post_unfit": _l("定标方案没有列出“%(post)s”这个岗位。请从方案列出的岗位中选择。"),
    "award.one_chair": _l("主持人岗位“%(post)s”应当恰好有一人。请核对岗位。"),
    "award.no_ceiling": _l("定标方案以最高投标限价为基准，招标文件没有写明限价，公式无法计算。请联系交易中心。"),
    "award.not_in_office": _l("您不是现任定标委员会成员。"),
    "award.members_missing": _l("还有成员没有签到。请等待，或由招标人更换。"),
    "award.declarations_missing": _l("还有成员没有作回避声明。请等待。"),
    "award.opinions_missing": _l("还有成员没有书面发言。请等待。"),
    "award.no_deliberation": _l("本次定标方法没有书面发言这一步。"),
    "award.sign_in.not_allowed": _l("只有定标委员会成员可以签到。"),
    "award.sign_in.wrong_state": _l("现在不能签到：成员确定后开始，全部签到后结束。"),
    "award.sign_in.twice": _l("您已经签到，无需再次签到。"),
    "award.declare.not_allowed": _l("只有定标委员会成员可以作回避声明。"),
    "award.declare.wrong_state": _l("现在不能作回避声明：全部签到后开始，全部声明后结束。"),
    "award.declare.twice": _l("您已经作过声明。"),
    "award.step_back.not_allowed": _l("只有定标委员会成员可以声明回避。"),
    "award.step_back.wrong_state": _l("现在不能声明回避。请告知招标人，由招标人办理更换。"),
    "award.replace.not_allowed": _l("只有招标人可以更换定标委员会成员。"),
    "award.replace.wrong_state": _l("现在不能更换成员：抽签中或已定标。"),
    "award.replace.not_in_office": _l("要更换的人不是现任成员。请刷新页面。"),
    "award.replace.has_voted": _l("这名成员本轮已经投票或发言，选票有效，不能更换。请等待本轮计票。"),
    "award.replace.nobody_missing": _l("没有空缺的席位。请选择要更换的成员。"),
    "award.replace.successor_missing": _l("请选择接任的人。"),
    "award.replace.sat_before": _l("接任的人已经担任或担任过本次定标委员会成员。请另选。"),
    "award.replace.not_next": _l("成员由抽取产生，应由抽取顺序中的下一位按名单上的岗位接任。请刷新页面。"),
    "award.replace.goes_on": _l("按定标方案，到会人数仍够，应继续定标，不补选。请不要选择接任人。"),
    "award.replace.starts_again": _l("按定标方案或因到会人数不足，须补足成员并重新开始。请选择接任人。"),
    "award.start_again.not_allowed": _l("只有招标人可以更换定标委员会成员。"),
    "award.start_again.wrong_state": _l("现在不能更换成员。请刷新页面。"),
    "award.go_on.not_allowed": _l("只有招标人可以登记成员退出。"),
    "award.go_on.wrong_state": _l("现在不能登记成员退出。请刷新页面。"),
    "award.speak.not_allowed": _l("只有定标委员会成员可以发言。"),
    "award.speak.wrong_state": _l("现在不能书面发言：全部声明后开始，主持人以外的成员全部发言后结束。"),
    "award.speak.twice": _l("您已经发言，不能更改。"),
    "award.chair_speaks_last": _l("主持人最后发言。请等待其他成员全部发言。"),
    "award.chair_decides": _l("集体议事由主持人最后决定，其他成员不再投票。"),
    "award.vote.not_allowed": _l("只有定标委员会成员可以投票。"),
    "award.vote.wrong_state": _l("现在不能投票：全部成员签到并作回避声明后开始，定标后结束。"),
    "award_draw.not_found": _l("没有找到这次抽签，或抽签还没有结果。请刷新页面。"),
    "award_draw.commit.not_allowed": _l("只有招标人、交易中心和监督部门参加抽签。"),
    "award_draw.commit.wrong_state": _l("承诺已经收齐，不能再提交。请刷新页面。"),
    "award_draw.reveal.not_allowed": _l("只有招标人、交易中心和监督部门参加抽签。"),
    "award_draw.reveal.wrong_state": _l("现在不能公开随机值。请等各方承诺收齐。"),
    "award_draw.abandon.not_allowed": _l("只有交易中心可以重新抽签。"),
    "award_draw.abandon.wrong_state": _l("这次抽签已经结束，不能重新抽签。请刷新页面。"),
    "ballot.twice": _l("本轮您已经投票，不能更改。"),
    "ballot.round": _l("现在是另一轮投票。请刷新页面后重新投票。"),
    "ballot.choice": _l("只能投给本轮的候选人。"),
    "ballot.output_other": _l("公式的计算结果与您签名的不一致。请刷新页面，核对后重新签名。"),
    "ballot.scores_missing": _l("请给每名候选人的每个因素评分。"),
    "ballot.score_unfit": _l("“%(factor)s”的评分应在 0 到 %(most)s 之间，最多两位小数。请修改。"),
    "ballot.reason_missing": _l("请至少写明一条理由，并指明依据在哪里。"),
    "ballot.source_unknown": _l("理由指向的文件、章节或因素不在本次定标的材料中。请从列表中选择。"),
    "ballot.page_unknown": _l("理由指向的第 %(page)s 页不存在。文件请填实际页码；章节和因素请填 0。"),
}

AWARD_STATES: Mapping[str, object] = {
    "member_draw": _l("抽取成员"),
    "sign_in": _l("签到"),
    "recusal": _l("回避声明"),
    "deliberation": _l("书面发言"),
    "voting": _l("投票中"),
    "drawing": _l("抽签"),
    "decided": _l("已定标"),
}

AWARD_METHODS: Mapping[str, object] = {
    "DIRECT_VOTE": _l("直接票决"),
    "ELIMINATION_VOTE": _l("逐轮票决"),
    "VOTE_THEN_DRAW": _l("票决抽签"),
    "PRICE_COMPETITION": _l("价格竞争"),
    "COLLECTIVE_DELIBERATION": _l("集体议事"),
    "SCORING_AWARD": _l("评分定标"),
}

LOTS_PURPOSES: Mapping[str, object] = {
    "members": _l("从名单中抽取成员"),
    "tie": _l("票数或得分相同，抽签定先后"),
    "winner": _l("在票决留下的候选人中抽签定标"),
}

LOTS_STATES: Mapping[str, object] = {
    "requested": _l("等待承诺"),
    "committed": _l("等待公开"),
    "drawn": _l("已抽出"),
    "abandoned": _l("已放弃"),
}

SECTIONS: Mapping[str, object] = {
    "candidates": _l("评标报告：推荐的候选人"),
    "scores": _l("评标报告：得分与排序"),
    "rejections": _l("评标报告：否决投标"),
    "price": _l("评标报告：报价评审"),
    "sheets": _l("评标报告：专家评分表"),
}

HOW: Mapping[str, object] = {
    "majority": _l("得票超过全体成员半数"),
    "most_votes": _l("重新投票后得票领先"),
    "last_left": _l("逐轮淘汰后留下"),
    "preset": _l("票数或得分相同，按定标方案预定的顺序或抽签确定"),
    "draw": _l("票决后抽签确定"),
    "chair": _l("集体议事，由主持人决定"),
    "formula": _l("按价格公式确定"),
    "scores": _l("平均分最高"),
}

WORDS: Mapping[str, object] = {
    "AWARD_METHODS": AWARD_METHODS,
    "LOTS_PURPOSES": LOTS_PURPOSES,
    "LOTS_STATES": LOTS_STATES,
    "SECTIONS": SECTIONS,
    "HOW": HOW,
}
