"""The words of orders to evaluate again: grounds, and what refusals say."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.lot import LotAction
from trading.domain.reevaluation import Ground

SENTENCES: Mapping[str, object] = {
    "lot.reevaluate.not_allowed": _l("只有监督部门可以责令重新评审，招标人可以依法提请重新评审。"),
    "lot.reevaluate.wrong_state": _l("现在不能责令重新评审：须在评标报告提交之后、合同订立之前，且没有正在进行的重新评审。"),
    "lot.ask_reevaluation.not_allowed": _l("只有本项目的招标人可以提请重新评审。"),
    "lot.ask_reevaluation.wrong_state": _l("现在不能提请重新评审：须在评标报告提交之后、发出中标通知书之前，且没有正在进行的重新评审。"),
    "reevaluation.no_items": _l("请至少选择一项需要重新评审的内容。"),
    "reevaluation.ground_other": _l("所选的依据不属于贵方，或不适用于本项目。请重新选择。"),
    "reevaluation.other_report": _l("所指的不是现行的评标报告。请刷新页面后重新签名。"),
    "reevaluation.item_unknown": _l("评分项“%(criterion)s”不在招标文件的评分标准内。请刷新页面。"),
    "reevaluation.complaint_missing": _l("以投诉处理决定为依据的，须选择相应的投诉；其他依据不选投诉。"),
    "reevaluation.complaint_not_upheld": _l("所选投诉不属于本标段，或没有认定投诉成立。请核对投诉编号。"),
}

GROUNDS: Mapping[Ground, object] = {
    Ground.COMPLAINT: _l("投诉处理决定责令重新评审"),
    Ground.ORDERED: _l("监督检查中发现违法，责令改正"),
    Ground.CHANGED: _l("中标候选人的经营、财务状况发生较大变化"),
    Ground.ILLEGAL_ACT: _l("中标候选人存在违法行为"),
    Ground.ERROR: _l("评标有误，需要纠正"),
}
LOT_ACTIONS: Mapping[LotAction, object] = {
    LotAction.REEVALUATE: _l("责令重新评审"),
    LotAction.ASK_REEVALUATION: _l("提请重新评审"),
}
PLACES: Mapping[LotAction, str] = dict.fromkeys(LOT_ACTIONS, "reevaluation")
