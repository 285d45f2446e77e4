"""The top bar: which places each role is offered."""

from __future__ import annotations

from collections.abc import Sequence

from core.kernel.roles import Role
from core.web.i18n import lazy as _l
from core.web.platform import NavItem, Viewer

ROLES = frozenset(Role)
PLACES: tuple[tuple[str, object, frozenset[Role] | None], ...] = (
    # address, words, who is offered it (None: everybody)
    ("/", _l("首页"), None),
    ("/notices", _l("交易公告"), None),
    ("/plans", _l("招标计划"), None),
    ("/openings", _l("开标大厅"), None),
    ("/work", _l("我的工作"), ROLES),
    ("/projects", _l("项目"), frozenset({Role.AGENCY, Role.TENDERER, Role.CENTRE, Role.SUPERVISOR})),
    ("/bids", _l("我的投标"), frozenset({Role.BIDDER})),
    ("/remedies", _l("异议投诉"), frozenset({Role.BIDDER, Role.TENDERER, Role.AGENCY, Role.SUPERVISOR, Role.CENTRE})),
    ("/archives", _l("档案"), frozenset({Role.CENTRE, Role.SUPERVISOR})),
    ("/experts", _l("专家库"), frozenset({Role.CENTRE})),  # a supervisor reaches it from the page of supervision
    ("/sites", _l("场地"), frozenset({Role.CENTRE, Role.SITE})),  # a supervisor reaches it from the page of supervision
    ("/venues", _l("场地预约"), frozenset({Role.CENTRE, Role.SITE})),
    ("/me/expert", _l("我的声明"), frozenset({Role.EXPERT})),
    ("/evaluations", _l("我的评标"), frozenset({Role.EXPERT})),
    ("/me/fees", _l("我的酬金"), frozenset({Role.EXPERT})),
    ("/me/calls", _l("评标通知"), frozenset({Role.EXPERT})),
    ("/officer/slips", _l("抽取随机值启封"), frozenset({Role.OFFICER})),
    ("/awards", _l("我的定标"), frozenset({Role.AWARD_MEMBER})),
    ("/supervision", _l("监督"), frozenset({Role.SUPERVISOR})),
    ("/deposits/reliefs", _l("保证金减免"), frozenset({Role.CENTRE})),  # others reach it from the pages of deposits
    ("/finance/overdue", _l("保证金监督"), frozenset({Role.SUPERVISOR})),
    ("/officer", _l("救援请求"), frozenset({Role.OFFICER})),
    ("/finance", _l("保证金"), frozenset({Role.FINANCE})),
    ("/finance/dormant", _l("沉淀资金"), frozenset({Role.FINANCE})),
    ("/finance/fees", _l("专家酬金"), frozenset({Role.FINANCE})),
    ("/admin/people", _l("人员"), frozenset({Role.ADMIN})),
    ("/admin/anchors", _l("互认机构"), frozenset({Role.ADMIN})),  # a supervisor is told when one waits
    ("/admin/channels", _l("消息通道"), frozenset({Role.ADMIN})),
)


def navigation(viewer: Viewer, path: str) -> Sequence[NavItem]:
    """The places for this viewer; the longest address that begins the current one is marked."""
    offered = [(href, label) for href, label, roles in PLACES if roles is None or roles & viewer.actor.roles]
    here = max((href for href, _ in offered if path == href or (href != "/" and path.startswith(href))), key=len, default="")
    return tuple(NavItem(href, str(label), href == here) for href, label in offered)
