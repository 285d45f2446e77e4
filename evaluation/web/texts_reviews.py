"""The words of review and votes: what refusals say, and the names of checks, grounds and outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "room.vote_rejection.not_allowed": _l("只有评标委员会成员可以表决。"),
    "room.vote_rejection.wrong_state": _l("现在没有需要表决的投标文件。"),
    "room.vote_competition.not_allowed": _l("只有评标委员会成员可以表决。"),
    "room.vote_competition.wrong_state": _l("现在不需要就竞争是否充分表决。"),
    "rejection.decided": _l("否决事项已经表决完毕，不能再投票。"),
    "rejection.vote.twice": _l("您已经投票，不能更改。"),
    "rejection.vote.incomplete": _l("应就全部 %(wanted)s 份投标文件投票，现有 %(given)s 份。请逐份选择。"),
    "rejection.vote.reason": _l("请写明对 %(bid)s 投票的理由。"),
    "rejection.vote.ground": _l("否决 %(bid)s 必须选择法定情形之一。请重新选择。"),
    "competition.not_due": _l("现在不需要就竞争是否充分表决。"),
    "competition.vote.twice": _l("您已经就竞争是否充分投票，不能更改。"),
    "competition.vote.stage": _l("表决事项已变化。请刷新页面后重新投票。"),
    "competition.vote.reason": _l("请写明理由。"),
}

CHECKS: Mapping[str, object] = {
    "conformity.signature": _l("按招标文件要求签署、盖章"),
    "conformity.deposit": _l("已按规定提交投标保证金，或不要求提交"),
    "conformity.conditions": _l("没有采购人不能接受的附加条件"),
    "conformity.requirements": _l("对招标文件的实质性要求作出响应"),
    "conformity.fair_dealing": _l("未见恶意串通、弄虚作假"),
}

CHECK_GROUPS: Mapping[str, object] = {"conformity": _l("符合性审查")}

GROUNDS: Mapping[str, object] = {
    "stays": _l("不否决"),
    "no_signature": _l("未经投标单位盖章和单位负责人签字"),
    "no_agreement": _l("联合体没有提交共同投标协议"),
    "not_qualified": _l("不符合国家或者招标文件规定的资格条件"),
    "two_bids": _l("提交两个以上不同的投标文件或者投标报价"),
    "price_out_of_bounds": _l("投标报价低于成本或者高于最高投标限价"),
    "not_responsive": _l("没有对招标文件的实质性要求和条件作出响应"),
    "unfair_dealing": _l("有串通投标、弄虚作假、行贿等违法行为"),
    "same_control": _l("与其他投标人负责人相同，或存在控股、管理关系"),
    "member_bids_twice": _l("联合体成员又单独投标，或参加其他联合体投标"),
    "no_deposit": _l("未按招标文件的规定提交投标保证金"),
    "not_signed": _l("未按招标文件要求签署、盖章"),
    "unqualified": _l("不具备招标文件中规定的资格要求"),
    "above_budget": _l("报价超过预算金额或者最高限价"),
    "unacceptable_condition": _l("含有采购人不能接受的附加条件"),
    "otherwise_void": _l("法律、法规和招标文件规定的其他无效情形"),
    "deemed_collusion": _l("视为投标人串通投标的情形"),
    "same_controller": _l("与其他供应商负责人相同，或存在直接控股、管理关系"),
}

COMPETITIONS: Mapping[str, object] = {
    "enough": _l("仍具有竞争性，继续评审"),
    "lacking": _l("明显缺乏竞争，否决全部投标"),
    "abandoned": _l("符合要求的供应商不足三家，予以废标"),
}
