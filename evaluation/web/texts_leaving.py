"""The words of a member's replacement: what refusals say, and the causes that each side may give."""

from __future__ import annotations

from collections.abc import Mapping

from core.kernel.roles import Role
from core.web.i18n import lazy as _l
from evaluation.domain.leaving import NOTED, OWN
from evaluation.web.texts_calls import CAUSES

SENTENCES: Mapping[str, object] = {
    "room.leave.not_allowed": _l("只有评标委员会成员本人可以声明退出。"),
    "room.leave.wrong_state": _l("评标报告已经提交，成员不能再退出。"),
    "room.reform.not_allowed": _l("只有交易中心的主持人可以另组评标委员会。"),
    "room.reform.wrong_state": _l("评标报告已经提交，不能再另组评标委员会。"),
    "room.reform.not_sealed": _l("评标室没有停评封存，不能另组委员会。请先在“停评与封存”办理。"),
    "room.leave.not_here": _l("这个席位的成员尚未签到。不能参加的，请在专家抽取页面登记，由下一位专家递补。"),
    "room.replace.not_allowed": _l("只有交易中心的主持人可以登记更换成员。"),
    "room.replace.wrong_state": _l("评标报告已经提交，不能再更换成员。"),
    "room.recuse.not_allowed": _l("只有监督部门可以以应当回避为由更换成员。"),
    "room.recuse.wrong_state": _l("评标报告已经提交，不能再更换成员。"),
}

_CAUSES_OF: Mapping[str, tuple[str, ...]] = {
    "own": tuple(one.value for one in OWN),
    "centre": tuple(one.value for one in NOTED[Role.CENTRE]),
    "supervisor": tuple(one.value for one in NOTED[Role.SUPERVISOR]),
}


def causes(side: str) -> list[tuple[str, object]]:
    """The causes that a side may give, as options: `own` of the member, `centre`, `supervisor`."""
    return [(code, CAUSES[code]) for code in _CAUSES_OF[side]]
