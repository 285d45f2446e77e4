"""Grants of roles, and the separation of duty: every person has one duty for life, and holds roles of that duty alone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from core.kernel.errors import RuleBroken
from core.kernel.roles import Role


class Duty(Enum):
    """The classes that exclude each other: who runs the system never handles a case, who supervises never takes part, who holds a
    share key never hosts, who evaluates never awards (三员分立; GB/T 22239-2019, 8.1.4 and ZTBF 37, TL 46)."""

    SYSTEM = "system"
    HOSTING = "hosting"
    LENDING = "lending"
    OVERSIGHT = "oversight"
    KEEPING = "keeping"
    TREASURY = "treasury"
    PANEL = "panel"
    PARTY = "party"


DUTIES: Mapping[Duty, frozenset[Role]] = {
    Duty.SYSTEM: frozenset({Role.ADMIN}),
    Duty.HOSTING: frozenset({Role.CENTRE}),
    Duty.LENDING: frozenset({Role.SITE}),  # who lends a site learns no project, so never hosts one (双随机四不知)
    Duty.OVERSIGHT: frozenset({Role.SUPERVISOR}),
    Duty.KEEPING: frozenset({Role.OFFICER}),
    Duty.TREASURY: frozenset({Role.FINANCE}),
    Duty.PANEL: frozenset({Role.EXPERT}),
    Duty.PARTY: frozenset({Role.TENDERER, Role.AGENCY, Role.BIDDER, Role.AWARD_MEMBER}),
}

GRANTABLE = tuple(role for role in Role if any(role in roles for roles in DUTIES.values()))


class Office(Enum):
    """The body whose share key an officer holds; NONE for every other role."""

    NONE = ""
    TENDERER = "tenderer"
    CENTRE = "centre"
    SUPERVISOR = "supervisor"


def duty_of(role: Role) -> Duty:
    """The duty that `role` belongs to; raises RuleBroken for SYSTEM, which nobody is granted."""
    for duty, roles in DUTIES.items():
        if role in roles:
            return duty
    raise RuleBroken("grant.role", role=role.value)


def accept_grant(held: Duty, role: Role, office: Office) -> None:
    """Raises RuleBroken when a person of duty `held` may not have `role`, or when the office does not fit the role."""
    if duty_of(role) is not held:
        raise RuleBroken("grant.duty", duty=held.value, role=role.value)
    if (role is Role.OFFICER) != (office is not Office.NONE):
        raise RuleBroken("grant.office", role=role.value)
