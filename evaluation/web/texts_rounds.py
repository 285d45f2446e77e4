"""The words of a further round of the original committee."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "evaluation.no_rounds": _l("本标段没有重新评审的记录，或现在还不能查看。"),
    "room.reopen.not_allowed": _l("复评由平台按重新评审的决定自动开启。"),
    "room.reopen.wrong_state": _l("评标报告提交之后才能开启复评。"),
    "reevaluation.item_not_ordered": _l("%(bid)s 的“%(criterion)s”不在重新评审的范围内，须与前一轮签署的评分和理由一致。请改回后提交。"),
    "reevaluation.reason_missing": _l("%(bid)s 的“%(criterion)s”与前一轮不同，请写明理由。"),
}
