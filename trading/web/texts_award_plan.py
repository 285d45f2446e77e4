"""The words of award plans: what a plan must say for its method, and the names of its choices."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.award_plan import AwardMethod, FallOut, PriceGoal, PriceMark, PublicityOrder, Selection

SENTENCES: Mapping[str, object] = {
    "award_plan.keep_unfit": _l("票决抽签须写明保留几名进入抽签，且不少于 %(least)s 名。请填写。"),
    "award_plan.keep_unused": _l("只有票决抽签才填写保留名额。请清空这一栏。"),
    "award_plan.price_missing": _l("价格竞争须写明取最低价，还是取最接近基准价的报价。请选择。"),
    "award_plan.price_unused": _l("只有价格竞争才填写价格规则。请清空这一栏。"),
    "award_plan.chair_missing": _l("集体议事由主持人最后发言并决定。请写明由哪个岗位主持。"),
    "award_plan.chair_no_post": _l("主持人的岗位应列在可参加的岗位中。请核对。"),
    "award_plan.weights_missing": _l("评分定标的每个因素都须写明分值。请补充。"),
    "award_plan.weights_unused": _l("只有评分定标才填写因素的分值。请清空分值。"),
    "award_plan.weights_unfit": _l("各因素分值之和应为 100 分。请调整。"),
    "award_plan.abstention_unused": _l("这种定标方法不能弃权。请取消勾选。"),
    "award_plan.posts_twice": _l("可参加的岗位不要重复填写。请核对。"),
    "award_plan.factors_twice": _l("定标因素不要重复填写。请核对。"),
    "lot.publicity.after_award": _l("定标方案规定先定标、后公示定标结果。请先组织定标。"),
    "lot.publicity.before_award": _l("候选人已在定标前公示。定标结果移交后，请签发中标通知书。"),
    "lot.award_undecided": _l("定标结果尚未移交。定标报告签署完毕后即可公示。"),
    "publicity.result_other": _l("公示的定标结果应与定标报告一致。请刷新页面后重试。"),
    "award_plan.special_paper_missing": _l("请上传特别规定的原文，一个文件。"),
}
AWARD_METHODS: Mapping[AwardMethod, object] = {
    AwardMethod.RANK_ONE: _l("排名第一的候选人中标"),
    AwardMethod.DIRECT_VOTE: _l("直接票决"),
    AwardMethod.ELIMINATION_VOTE: _l("逐轮票决"),
    AwardMethod.VOTE_THEN_DRAW: _l("票决抽签"),
    AwardMethod.PRICE_COMPETITION: _l("价格竞争"),
    AwardMethod.COLLECTIVE_DELIBERATION: _l("集体议事"),
    AwardMethod.SCORING_AWARD: _l("评分定标"),
}
SELECTIONS: Mapping[Selection, object] = {
    Selection.NAMED: _l("由招标人指定"),
    Selection.DRAWN: _l("从名单中当众抽取"),
}
FALL_OUTS: Mapping[FallOut, object] = {
    FallOut.RESTART: _l("补足成员，重新开始定标"),
    FallOut.GO_ON: _l("到会人数仍够时继续定标"),
}
PUBLICITY_ORDERS: Mapping[PublicityOrder, object] = {
    PublicityOrder.BEFORE_AWARD: _l("先公示候选人，期满后定标"),
    PublicityOrder.AFTER_AWARD: _l("先定标，再公示定标结果"),
}
PRICE_GOALS: Mapping[PriceGoal, object] = {
    PriceGoal.LOWEST: _l("报价最低者中标"),
    PriceGoal.NEAREST: _l("报价最接近基准价者中标"),
}
PRICE_MARKS: Mapping[PriceMark, object] = {
    PriceMark.MEAN: _l("候选人报价的平均值"),
    PriceMark.SECOND_LOWEST: _l("候选人报价的次低价"),
    PriceMark.CEILING: _l("最高投标限价"),
}
METHOD_NEEDS: Mapping[AwardMethod, object] = {
    AwardMethod.RANK_ONE: _l("不设定标委员会，以下各栏不用填写。"),
    AwardMethod.DIRECT_VOTE: _l("一人一票，超过全体成员半数者中标；无人过半时由前两名再投。"),
    AwardMethod.ELIMINATION_VOTE: _l("每轮淘汰得票最少者；末位票数相同时只在相同者之间再投。"),
    AwardMethod.VOTE_THEN_DRAW: _l("另填保留名额：逐轮票决留下的几名当众抽签决定。"),
    AwardMethod.PRICE_COMPETITION: _l("另填价格规则：平台按公式计算，成员逐一核对并签名。"),
    AwardMethod.COLLECTIVE_DELIBERATION: _l("另填主持人岗位：成员先书面发言，主持人最后发言并决定。"),
    AwardMethod.SCORING_AWARD: _l("另填各因素的分值，合计 100 分：成员逐项评分，平均分最高者中标。"),
}
WORDS: Mapping[str, object] = {
    "SELECTIONS": SELECTIONS,
    "FALL_OUTS": FALL_OUTS,
    "PUBLICITY_ORDERS": PUBLICITY_ORDERS,
    "PRICE_GOALS": PRICE_GOALS,
    "PRICE_MARKS": PRICE_MARKS,
    "METHOD_NEEDS": METHOD_NEEDS,
}
