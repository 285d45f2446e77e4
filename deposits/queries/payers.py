"""From which accounts the deposits of a lot were paid, after the opening; and for which lots money came, for the clock."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.bulk import among
from core.kernel.errors import NotAllowed
from core.kernel.ids import LotId, OrgId
from deposits.domain.deposit import RequirementState
from deposits.models.bank import BankEntryRow
from deposits.models.requirement import Deposit, Requirement


def lots_of(session: Session, sub_accounts: Collection[str]) -> dict[str, LotId]:
    """Sub-account → the lot that it was opened for; nobody's are left out."""
    query = select(Deposit.sub_account, Deposit.lot_id).where(among(session.connection(), Deposit.sub_account, sub_accounts))
    return {sub_account: LotId(lot) for sub_account, lot in session.execute(query)}


def payers(session: Session, lot_id: LotId) -> dict[OrgId, tuple[str, ...]]:
    """Bidder → the accounts from which money came for its sub-account, taken as its deposit or not; empty where the lot asks for none.

    Raises NotAllowed "deposit.sealed" before the bidders are public.
    """
    state = session.scalar(select(Requirement.state).where(Requirement.lot_id == lot_id))
    if state is None:
        return {}
    if state is not RequirementState.OPENED:
        raise NotAllowed("deposit.sealed")
    came = select(Deposit.org_id, BankEntryRow.party_account).join(BankEntryRow, BankEntryRow.sub_account == Deposit.sub_account)
    query = came.where(Deposit.lot_id == lot_id, BankEntryRow.credit.is_(True), BankEntryRow.party_account != "").distinct()
    found: dict[OrgId, tuple[str, ...]] = {}
    for org, account in session.execute(query.order_by(Deposit.org_id, BankEntryRow.party_account)):
        found[OrgId(org)] = (*found.get(OrgId(org), ()), account)
    return found
