"""The capacities in which a person may act on the platform."""

from __future__ import annotations

from enum import Enum


class Role(Enum):
    """A grant names a person, an organisation and one of these; what it allows is decided per lot, bid or room."""

    TENDERER = "tenderer"  # 招标人
    AGENCY = "agency"  # 招标代理机构
    CENTRE = "centre"  # 公共资源交易中心, host of the opening and of the room
    SUPERVISOR = "supervisor"  # 行政监督部门
    BIDDER = "bidder"  # 投标人
    EXPERT = "expert"  # 评标专家
    AWARD_MEMBER = "award_member"  # 定标委员会成员
    FINANCE = "finance"  # 保证金财务
    SITE = "site"  # 场地管理员 of a partner city's site, who learns no project
    OFFICER = "officer"  # holder of a role's share key, with a tool of their own
    ADMIN = "admin"  # 系统管理员, who never handles a case
    SYSTEM = "system"  # the clock and the outbox
