"""The words of the public reading: open data, feeds, papers and exports."""

from __future__ import annotations

from collections.abc import Mapping

from core.web.i18n import lazy as _l
from trading.domain.lot import LotState

SENTENCES: Mapping[str, object] = {
    "ocds.not_found": _l("没有这个开放数据编号。请核对编号，或从发布列表中查找。"),
    "notice.export.too_many": _l(
        "符合条件的公告超过 %(most)s 条，无法一次导出。请缩小日期或其他筛选条件后重试；全部数据可从开放接口读取。"
    ),
}

FEED_NAME = _l("公衡交易公告")
CALENDAR_NAME = _l("公衡开标日历")
CALENDAR_NOTE = _l("标段 %(number)s，招标人：%(tenderer)s，地区：%(region)s。时间以平台公告为准。")
PLACE = _l("网上开标大厅")
CALENDAR_STATES: Mapping[LotState, tuple[str, object]] = {
    LotState.SUSPENDED: ("TENTATIVE", _l("已暂停")),
    LotState.TERMINATED: ("CANCELLED", _l("已终止")),
    LotState.FAILED: ("CANCELLED", _l("流标")),
}
"""The calendar's word for a lot that does not go on as planned (RFC 5545, STATUS), and what is set before the event's name."""

PAPER_AUTHOR = _l("公衡公共资源交易平台")
PAPER_CHECK = _l("签名内容的摘要（SHA-256）如下，可在案卷和公开日志中核对。")
PAPER_CHECK_PLATFORM = _l("本公告由平台按规则自动发布，平台的签名载于案卷，可在案卷和公开日志中核对。")
SHEET = _l("交易公告")
COLUMNS = (
    *(_l("公告编号"), _l("公告类型"), _l("公告"), _l("标段编号"), _l("项目"), _l("标段"), _l("招标人"), _l("地区")),
    *(_l("交易类别"), _l("采购类型"), _l("发布时间"), _l("投标截止")),
)
"""The columns of an export."""
