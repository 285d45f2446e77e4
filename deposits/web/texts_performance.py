"""The words of performance security."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l

SENTENCES: Mapping[str, object] = {
    "performance.percent": _l("履约保证金不能超过合同价的 10%%。请修改比例。"),
    "performance.too_much": _l("履约保证金不能超过合同价的 10%%，即 %(most)s 元。请修改金额。"),
    "performance.missing": _l("招标文件要求提交履约保证金，中标人提交后才能签署合同。请先转账，或者申请履约保函。"),
    "performance.winner_only": _l("履约保证金由中标人提交。"),
    "performance.parties_only": _l("履约保证金只有本标段的招标人、代理机构、中标人和监督部门可以查看。"),
    "performance.not_asked": _l("本标段不要求履约保证金，无需办理。"),
    "performance.no_contract": _l("合同还没有签订，不能退还履约保证金。"),
    "performance.returned": _l("履约保证金已经确认退还。请刷新页面查看。"),
    "performance.not_yet": _l("履约完成日不能晚于今天。请检查日期。"),
    "performance.return.not_allowed": _l("只有本标段的招标人可以确认履约并退还履约保证金。"),
}
SECURITY_FORMS: Mapping[str, object] = {"money": _l("转账"), "guarantee": _l("履约保函")}
