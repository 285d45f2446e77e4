"""What the services of dormant deposits ask: whose a payout is, what of it earns interest, and what is due by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from core.kernel.money import Money
from deposits.domain.dormant import PayoutState, Way
from deposits.domain.dormant_books import moved_in, old_bank
from deposits.domain.dormant_ledger import TAKEN, LedgerState
from deposits.domain.interest import Part, interest
from deposits.domain.refund import RefundState
from deposits.models.bank import Refund
from deposits.models.dormant import DormantDeposit, DormantPayout, DormantPayoutRow, OldLedger
from deposits.models.ledger import LedgerAccount

AT_ONCE = 500


def ledger_of(session: Session, payout: UUID) -> str:
    """The number of the old ledger that a payout is of."""
    query = select(OldLedger.number).join(DormantPayout, DormantPayout.ledger_id == OldLedger.id)
    return session.scalars(query.where(DormantPayout.id == payout)).one()


def earned(session: Session, payout: UUID, today: date) -> tuple[Money, str]:
    """The interest of a payout, and until which day it is reckoned, that day not counted; "" for none.

    The deposits that bear it earn from the day they came in until they are paid back, or were handed to a notary or the finance office.
    Those get the deposits alone: what they had earned is paid with a later claim.
    """
    found = session.get_one(DormantPayout, payout)
    if found.way is not Way.REFUND:
        return Money(0), ""
    query = (
        select(DormantDeposit.amount, DormantDeposit.received_on, DormantDeposit.cleared_at)
        .join(DormantPayoutRow, DormantPayoutRow.dormant_id == DormantDeposit.id)
        .where(DormantPayoutRow.payout_id == payout, DormantDeposit.bears_interest.is_(True))
    )
    rows = session.execute(query).all()
    until = min((legal_day(cleared) for _, _, cleared in rows if cleared is not None), default=today)
    return interest([Part(amount, since) for amount, since, _ in rows], until), until.isoformat() if rows else ""


def rows_of(session: Session, payout: UUID) -> Sequence[DormantDeposit]:
    """The deposits of a payout, in the order of their numbers."""
    query = select(DormantDeposit).join(DormantPayoutRow, DormantPayoutRow.dormant_id == DormantDeposit.id)
    return session.scalars(query.where(DormantPayoutRow.payout_id == payout).order_by(DormantDeposit.number)).all()


def available(session: Session, ledger: UUID) -> Money:
    """How much of an old ledger's money has come to the present account and is not promised yet."""
    return session.scalar(select(LedgerAccount.balance).where(LedgerAccount.key == moved_in(str(ledger)).key)) or Money(0)


def to_book(session: Session, _now: datetime) -> Sequence[UUID]:
    """Old ledgers that are signed for and not all booked."""
    return session.scalars(select(OldLedger.id).where(OldLedger.state == LedgerState.CONFIRMED).order_by(OldLedger.number)).all()


def to_settle(session: Session, _now: datetime) -> Sequence[UUID]:
    """Payouts of which the bank has told the end."""
    ended = Refund.state.in_((RefundState.CONFIRMED, RefundState.REJECTED))
    query = select(DormantPayout.id).join(Refund, Refund.payout_id == DormantPayout.id)
    return session.scalars(query.where(DormantPayout.state == PayoutState.ORDERED, ended).order_by(DormantPayout.id).limit(AT_ONCE)).all()


def known_keys(session: Session) -> frozenset[str]:
    """By what each deposit that was ever taken over is known again, those that are signed for and not booked included."""
    return frozenset(session.scalars(select(DormantDeposit.key)))


def is_known_file(session: Session, sha256: str) -> bool:
    """Whether this file was confirmed before."""
    query = select(OldLedger.id).where(OldLedger.file_sha256 == sha256, OldLedger.state.in_(TAKEN))
    return bool(sha256) and session.scalar(query.limit(1)) is not None


def still_elsewhere(session: Session, ledger: UUID) -> Money:
    """How much of an old ledger's money lies on its earlier account."""
    kept = session.scalar(select(LedgerAccount.balance).where(LedgerAccount.key == old_bank(str(ledger)).key)) or Money(0)
    return kept - available(session, ledger)
