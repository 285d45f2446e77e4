"""What of an old ledger nobody claims: what may go to a notary or the finance office, and whose payer was not looked for yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.money import Money
from deposits.domain.dormant import CLAIM_OPEN, CONTACTS, HELD_BACK, PAYOUT_OPEN, PUBLISHED_DAYS, DormantState
from deposits.models.dormant import DormantClaim, DormantDeposit, DormantPayout, DormantPayoutRow, OldLedger


@dataclass(frozen=True, slots=True)
class Ready:
    """Deposits that may be handed over by one payment: they lie on one sub-account."""

    rows: tuple[tuple[str, str, str, Money], ...]  # number, payer, project, amount

    @property
    def total(self) -> Money:
        """Of all."""
        return Money(sum(amount.fen for *_, amount in self.rows))


def ready(session: Session, ledger: str, today: date, most: int) -> Ready:
    """At most so many, of the sub-account of the first."""
    claimed = select(DormantClaim.dormant_id).where(DormantClaim.state.in_(CLAIM_OPEN))
    deciding = select(DormantPayoutRow.dormant_id).join(DormantPayout, DormantPayout.id == DormantPayoutRow.payout_id)
    query = (
        select(DormantDeposit)
        .join(OldLedger, OldLedger.id == DormantDeposit.ledger_id)
        .where(OldLedger.number == ledger, DormantDeposit.state == DormantState.LISTED)
        .where(DormantDeposit.published_on <= today - timedelta(days=PUBLISHED_DAYS), DormantDeposit.contacts >= CONTACTS)
        .where(DormantDeposit.reason.not_in(HELD_BACK), DormantDeposit.id.not_in(claimed))
        .where(DormantDeposit.id.not_in(deciding.where(DormantPayout.state.in_(PAYOUT_OPEN))))
        .order_by(DormantDeposit.number)
    )
    rows = session.scalars(query.limit(most)).all()
    together = [row for row in rows if row.lies_at == rows[0].lies_at]
    return Ready(tuple((row.number, row.payer, row.project, row.amount) for row in together))


def unsought(session: Session, ledger: str, most: int) -> tuple[str, ...]:
    """The numbers of deposits that wait and whose payer nobody has looked for."""
    query = (
        select(DormantDeposit.number)
        .join(OldLedger, OldLedger.id == DormantDeposit.ledger_id)
        .where(OldLedger.number == ledger, DormantDeposit.state == DormantState.LISTED, DormantDeposit.contacts == 0)
        .order_by(DormantDeposit.number)
    )
    return tuple(session.scalars(query.limit(most)))
