"""The words of doubted scores: what refusals say, and the names of states and sides."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "room.doubt_score.not_allowed": _l("只有评标委员会成员可以提请复核评分。"),
    "room.doubt_score.wrong_state": _l("汇总之后、评标报告提交之前才能提请复核评分。"),
    "room.vote_doubt.not_allowed": _l("只有评标委员会成员可以就评分复核表决。"),
    "room.vote_doubt.wrong_state": _l("现在没有需要表决的评分复核。"),
    "room.answer_doubt.not_allowed": _l("只有被提请复核的成员本人可以说明。"),
    "room.answer_doubt.wrong_state": _l("现在没有需要您说明的评分。"),
    "room.note_silence.not_allowed": _l("只有交易中心可以记录没有收到书面说明。"),
    "room.note_silence.wrong_state": _l("现在没有等待说明的评分。"),
    "room.replace_score.not_allowed": _l("只有评标委员会成员可以签署平均分代替的备注。"),
    "room.replace_score.wrong_state": _l("现在没有需要备注的评分。"),
    "doubt.not_provided": _l("招标文件没有规定畸高畸低评分的处理，或者没有进入汇总的投标，不能提请复核。"),
    "doubt.raise.signed": _l("您已经签署评标报告，不能再提请复核。"),
    "doubt.raise.seat": _l("请选择另一位现任成员；不能提请复核自己的评分。"),
    "doubt.raise.criteria": _l("请至少选择一个评分项。"),
    "doubt.raise.objective": _l("“%(criterion)s”是客观分，由系统核对，不在此提请复核。请去掉该项。"),
    "doubt.raise.reason": _l("请写明认为评分畸高或者畸低的理由。"),
    "doubt.raise.twice": _l("该成员对这份投标的所选评分项已经提请过复核。"),
    "doubt.vote.not_due": _l("现在没有需要您表决的评分复核，或者您已经投票。"),
    "doubt.vote.other": _l("表决事项已变化。请刷新页面后重新投票。"),
    "doubt.vote.reason": _l("请写明投票的理由。"),
    "doubt.answer.not_due": _l("现在没有需要您说明的评分，或者您已经说明。"),
    "doubt.answer.no_rescoring": _l("评分已经锁定，不能重新评分。请书面说明理由。"),
    "doubt.answer.other": _l("只能就被提请复核的评分项重新评分。请刷新页面。"),
    "doubt.silence.too_early": _l("书面说明的时间还没有到。请在期满后记录。"),
    "doubt.replace.not_due": _l("备注由组长签署；涉及组长本人的，由席位号最小的其他成员签署。"),
    "doubt.replace.differs": _l("代替的分值与其他成员的平均分不一致。请刷新页面后重新签署。"),
    "doubt.replace.note": _l("请写明以平均分代替的理由。"),
    "doubt.other": _l("这项评分复核已经进入下一步。请刷新页面。"),
    "doubt.open": _l("还有 %(count)s 项评分复核没有结束，评标报告暂不生成。"),
}

DOUBT_STATES: Mapping[str, object] = {
    "voting": _l("表决是否畸高畸低"),
    "answering": _l("等待书面说明"),
    "weighing": _l("表决说明是否成立"),
    "noting": _l("等待组长备注"),
    "dismissed": _l("未认定，评分不变"),
    "upheld": _l("说明成立，评分不变"),
    "rescored": _l("已重新评分"),
    "replaced": _l("以其他成员平均分代替"),
    "kept": _l("已认定，评分未变，如实记录"),
}

DOUBT_TONES: Mapping[str, str] = {"dismissed": "ok", "upheld": "ok", "rescored": "seal", "replaced": "seal", "kept": "warn"}

SIDES: Mapping[str, object] = {"high": _l("畸高"), "low": _l("畸低")}

QUESTIONS: Mapping[str, object] = {"abnormal": _l("评分是否畸高、畸低"), "holds": _l("书面说明是否成立")}

WORDS: Mapping[str, object] = {
    "DOUBT_STATES": DOUBT_STATES,
    "DOUBT_TONES": DOUBT_TONES,
    "SIDES": SIDES,
    "QUESTIONS": QUESTIONS,
}
