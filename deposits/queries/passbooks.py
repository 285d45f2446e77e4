"""What was booked on the accounts of lots and firms, for statement pages.

Finance sees lots that are opened or ended, and of the bank's account only what was booked for those: no total, number, reference or
interest of the whole account is in it while any lot is sealed, for what is missing from a whole counts the sealed ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from deposits.domain import ledger as books
from deposits.domain.deposit import KNOWN_TO_FINANCE
from deposits.domain.ledger import AccountKind
from deposits.domain.passbook import NOTHING, Booked
from deposits.domain.refund import RefundState
from deposits.models.bank import BankEntryRow, Refund
from deposits.models.ledger import LedgerEntry, LedgerTransfer
from deposits.models.requirement import Deposit, Requirement

OF_A_LOT = (AccountKind.HELD, AccountKind.SUSPENSE, AccountKind.IN_TRANSIT)
AT_ONCE = 400  # keys in one question


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an account is."""

    lot: str
    name: str


def visible_lots(session: Session) -> tuple[str, ...]:
    """The numbers of the lots whose accounts finance may see, the youngest first."""
    query = select(Requirement.number).where(Requirement.state.in_(KNOWN_TO_FINANCE)).order_by(Requirement.number.desc())
    return tuple(session.scalars(query))


def any_sealed(session: Session) -> bool:
    """Whether any lot's deposits are secret still."""
    return session.scalar(select(Requirement.lot_id).where(Requirement.state.not_in(KNOWN_TO_FINANCE)).limit(1)) is not None


def of_lot(session: Session, number: str, kind: AccountKind) -> list[Booked]:
    """What was booked on the accounts of one kind of a lot. Raises NotFound "passbook.not_found" for a lot that is sealed or is not there:
    the two are answered alike."""
    asked = session.scalar(select(Requirement).where(Requirement.number == number, Requirement.state.in_(KNOWN_TO_FINANCE)))
    if asked is None or kind not in OF_A_LOT:
        raise NotFound("passbook.not_found")
    return list(_booked(session, _owners(session, asked, kind)))


def of_bank(session: Session) -> list[Booked]:
    """What the bank booked for the lots that finance may see: payments in, refunds out."""
    hides = any_sealed(session)
    seen = Requirement.state.in_(KNOWN_TO_FINANCE)
    came = (
        select(BankEntryRow, Requirement.number, Deposit.org_name)
        .join(Deposit, Deposit.id == BankEntryRow.deposit_id)
        .join(Requirement, Requirement.lot_id == Deposit.lot_id)
        .where(seen, BankEntryRow.credit.is_(True))
    )
    went = (
        select(Refund, Requirement.number)
        .join(Requirement, Requirement.lot_id == Refund.lot_id)
        .where(seen, Refund.state == RefundState.CONFIRMED)
    )
    lines = [
        Booked(row.booked_at, "receive", lot, name, row.amount, NOTHING, "" if hides else row.ref)
        for row, lot, name in session.execute(came)
    ]
    for row, lot in session.execute(went):
        assert row.confirmed_at is not None
        lines.append(Booked(row.confirmed_at, "settle", lot, row.payee_name, NOTHING, row.principal, interest=row.interest))
    return sorted(lines, key=lambda line: (line.at, line.went.fen > 0, line.lot, line.name))


def of_firm(session: Session, org: OrgId, number: str = "") -> list[Booked]:
    """What was booked on a firm's own deposits, of one lot or all: for that firm alone, sealed lots too."""
    query = select(Deposit, Requirement.number).join(Requirement, Requirement.lot_id == Deposit.lot_id).where(Deposit.org_id == org)
    rows = session.execute(query if not number else query.where(Requirement.number == number))
    return list(_booked(session, {books.held(str(row.id)).key: Owner(lot, row.org_name) for row, lot in rows}))


def _owners(session: Session, asked: Requirement, kind: AccountKind) -> Mapping[str, Owner]:
    """The accounts of this kind of a lot, by key."""
    number = asked.number
    deposits = session.scalars(select(Deposit).where(Deposit.lot_id == asked.lot_id)).all()
    names = {row.id: row.org_name for row in deposits}
    if kind is AccountKind.HELD:
        return {books.held(str(row.id)).key: Owner(number, row.org_name) for row in deposits}
    if kind is AccountKind.SUSPENSE:
        entries = select(BankEntryRow.id, Deposit.id).join(Deposit, Deposit.id == BankEntryRow.deposit_id)
        found = session.execute(entries.where(Deposit.lot_id == asked.lot_id))
        return {books.suspense(str(entry)).key: Owner(number, names[deposit]) for entry, deposit in found}
    refunds = session.scalars(select(Refund).where(Refund.lot_id == asked.lot_id))
    return {books.in_transit(str(row.id)).key: Owner(number, row.payee_name) for row in refunds}


def _booked(session: Session, owners: Mapping[str, Owner]) -> Iterator[Booked]:
    """What was booked on these accounts, all of which a credit raises, in the order of the bookings."""
    found = []
    keys = sorted(owners)
    for first in range(0, len(keys), AT_ONCE):
        found += _moves(session, keys[first : first + AT_ONCE])
    for entry, _, moved in sorted(found, key=lambda one: (one[0].at, one[0].id, one[1])):
        for key, came in ((moved.credit, True), (moved.debit, False)):
            if (owner := owners.get(key)) is not None:
                amounts = (moved.amount, NOTHING) if came else (NOTHING, moved.amount)
                yield Booked(entry.at, entry.kind.value, owner.lot, owner.name, *amounts)


def _moves(session: Session, keys: Sequence[str]) -> list[tuple[LedgerEntry, int, LedgerTransfer]]:
    touches = or_(LedgerTransfer.credit.in_(keys), LedgerTransfer.debit.in_(keys))
    query = select(LedgerEntry, LedgerTransfer).join(LedgerTransfer, LedgerTransfer.entry_id == LedgerEntry.id).where(touches)
    return [(entry, moved.place, moved) for entry, moved in session.execute(query)]
