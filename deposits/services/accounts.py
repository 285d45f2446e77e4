"""Firms' basic accounts."""

from __future__ import annotations

from core.identity.queries import people
from core.kernel.db import insert_new
from core.kernel.errors import NotAllowed
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain import account as rules
from deposits.domain.account import BasicAccount
from deposits.models.requirement import BasicAccountRow


def register(work: Work, name: str, number: str, bank: str) -> BasicAccount:
    """The actor's firm registers its basic account; a newer one replaces it for payments to come.

    Raises RuleBroken "account.other_name" (Regulation on Tendering and Bidding, art. 26), "account.number", "account.bank".
    """
    org = own_firm(work)
    made = rules.basic_account(people.organisation(work.session, org).name, name, number, bank)
    now = work.now()
    fresh = {"org_id": org, "name": made.name, "number": made.number, "bank": made.bank, "registered_at": now}
    if not insert_new(work.session.connection(), BasicAccountRow, [fresh]):
        row = work.session.get_one(BasicAccountRow, org, with_for_update=True)
        row.name, row.number, row.bank, row.registered_at = made.name, made.number, made.bank, now
    return made


def own_firm(work: Work) -> OrgId:
    """The organisation for which the actor bids. Raises NotAllowed."""
    if work.actor.org is None or Role.BIDDER not in work.actor.roles:
        raise NotAllowed("deposit.bidders_only")
    return work.actor.org
