"""From which accounts the deposits of a lot were paid; after the opening."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotAllowed
from core.kernel.ids import LotId, OrgId
from deposits.domain.deposit import RequirementState
from deposits.models.bank import BankEntryRow
from deposits.models.requirement import Deposit, Requirement


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
