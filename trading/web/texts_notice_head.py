"""What every notice says first."""

from __future__ import annotations

from core.web.filters import beijing
from core.web.i18n import lazy as _l
from trading.queries.notices import NoticeView
from trading.web.texts import CATEGORIES, REGIMES


def common(view: NoticeView) -> tuple[tuple[object, str], ...]:
    """Names and values, in the order in which they are set."""
    line = view.line
    return (
        (_l("公告编号"), line.number),
        (_l("项目"), line.project_title),
        (_l("标段"), f"{line.lot_title} {line.lot_number}"),
        (_l("交易类别"), str(REGIMES[line.regime])),
        (_l("采购类型"), str(CATEGORIES[line.category])),
        (_l("地区"), line.region),
        (_l("招标人"), line.tenderer_name),
        (_l("代理机构"), view.lot.agency_name),
        (_l("发布时间"), beijing(line.published_at)),
    )
