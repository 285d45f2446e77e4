"""The words of tender plans: states, statements, columns of an export, and what refusals say."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.plan import PlanState

SENTENCES: Mapping[str, object] = {
    "plan.not_found": _l("没有这个招标计划。请核对编号。"),
    "plan.month_past": _l("预计招标月份 %(month)s 已过。请改为本月或以后的月份。"),
    "plan.changed_meanwhile": _l("计划在此期间已变更。请刷新页面，核对现行内容后再签名。"),
    "notice.unplanned": _l("按当地规定，公告前 %(days)s 日须发布招标计划，本项目登记时没有选择计划。请先发布计划。"),
    "period.plan_ahead.too_late": _l("招标计划发布得太晚：须在公告前 %(days)s 日发布，即不迟于 %(latest)s。请推迟公告。"),
    "plan.unfit": _l("招标计划 %(number)s 未发布、已取消、已招标，或者属于另一招标人。请重新选择。"),
}
PLAN_STATES: Mapping[PlanState, object] = {
    PlanState.DRAFT: _l("草稿"),
    PlanState.PUBLISHED: _l("计划中"),
    PlanState.LINKED: _l("已发公告"),
    PlanState.CANCELLED: _l("已取消"),
}
PLAN_TONES: Mapping[PlanState, str] = {PlanState.PUBLISHED: "info", PlanState.LINKED: "ok", PlanState.CANCELLED: "line"}
PLAN_STATEMENTS: Mapping[str, object] = {"plan.publish": _l("发布"), "plan.change": _l("变更"), "plan.cancel": _l("取消")}
FEED_NAME = _l("公衡招标计划")
SHEET = _l("招标计划")
COLUMNS = (
    *(_l("计划编号"), _l("状态"), _l("项目名称"), _l("招标内容"), _l("招标人"), _l("地区"), _l("交易类别"), _l("采购类型")),
    *(_l("预计金额（元）"), _l("预计招标月份"), _l("备注"), _l("发布时间"), _l("标段编号")),
)
"""The columns of an export."""
