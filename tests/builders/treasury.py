"""The treasury account, proposed and approved by two persons of finance."""

from __future__ import annotations

from typing import Any

from core.kernel.jcs import JSON
from core.kernel.roles import Role
from deposits.domain.account import BasicAccount
from deposits.domain.treasury import CHAIN
from deposits.services import treasuries
from tests.builders.people import People, Person

TREASURY = BasicAccount("国家金库临江市支库", "621000199901", "中国人民银行临江市中心支行")


def propose(who: Person, account: BasicAccount = TREASURY, **changes: Any) -> dict[str, JSON]:
    """A person of finance proposes."""
    said = {"name": account.name, "account": account.number, "bank": account.bank, "source": "临江市财政局通知"} | changes
    request = who.act("treasury.propose", CHAIN, body=said, step_up=True)
    return who.door.perform(who.actor, lambda work: treasuries.propose(work, request))


def approve(who: Person, proposed: dict[str, JSON]) -> dict[str, JSON]:
    """Another approves."""
    request = who.act("treasury.approve", CHAIN, body=proposed, step_up=True)
    return who.door.perform(who.actor, lambda work: treasuries.approve(work, request))


def kept_by(crowd: People, account: BasicAccount = TREASURY) -> None:
    """Two persons do."""
    one, other = (crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2))
    approve(other, propose(one, account))
