"""A sheet of an old ledger as it comes in: its columns, each row read into an old deposit, and what is wrong with a row, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from core.kernel import jcs, sheet_rows
from core.kernel.encoding import sha256
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.sheet_rows import Wrong, check_written, day_of, read_rows
from deposits.domain.dormant import Payer, Reason

W = TypeVar("W")


class Column(Enum):
    """The columns of a sheet, in their order."""

    OLD_REF = "old_ref"
    PAYER = "payer"
    USCC = "uscc"
    KIND = "kind"
    PROJECT_NUMBER = "project_number"
    PROJECT = "project"
    AMOUNT = "amount"
    RECEIVED_ON = "received_on"
    DUE_ON = "due_on"
    INTEREST = "interest"
    ACCOUNT = "account"
    REASON = "reason"
    NOTE = "note"


COLUMNS = tuple(Column)
NEEDED = frozenset({Column.OLD_REF, Column.PROJECT, Column.AMOUNT, Column.RECEIVED_ON, Column.DUE_ON})
LONGEST = {
    Column.OLD_REF: 40,
    Column.PAYER: 120,
    Column.USCC: 18,
    Column.PROJECT_NUMBER: 60,
    Column.PROJECT: 200,
    Column.ACCOUNT: 34,
    Column.NOTE: 500,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OldDeposit:
    """An old deposit as a ledger states it; `payer` is "" where nobody knows. `source`: the bank's reference of the payment, or the id of
    the deposit, where it lies on this platform's own ledger already."""

    old_ref: str
    payer: str
    uscc: str
    kind: Payer
    project_number: str
    project: str
    amount: Money
    received_on: date
    due_on: date
    bears_interest: bool
    account: str
    reason: Reason
    note: str
    source: str = ""

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the paper that the keeper signs for."""
        days = {"received_on": self.received_on.isoformat(), "due_on": self.due_on.isoformat()}
        named = {
            name: getattr(self, name) for name in ("old_ref", "payer", "uscc", "project_number", "project", "account", "note", "source")
        }
        kinds = {"kind": self.kind.value, "reason": self.reason.value, "bears_interest": self.bears_interest, "amount_fen": self.amount.fen}
        return named | days | kinds

    @classmethod
    def of_json(cls, said: Mapping[str, object]) -> OldDeposit:
        """The reverse; raises KeyError or ValueError for another object."""
        named = {name: str(said[name]) for name in ("old_ref", "payer", "uscc", "project_number", "project", "account", "note", "source")}
        return cls(
            **named,
            kind=Payer(said["kind"]),
            amount=Money(int(str(said["amount_fen"]))),
            received_on=date.fromisoformat(str(said["received_on"])),
            due_on=date.fromisoformat(str(said["due_on"])),
            bears_interest=said["bears_interest"] is True,
            reason=Reason(said["reason"]),
        )

    @property
    def key(self) -> str:
        """By which the same deposit is known again, whichever file it comes in."""
        named: dict[str, JSON] = {
            "ref": self.old_ref,
            "payer": self.payer,
            "project": self.project,
            "amount": self.amount.fen,
            "source": self.source,
        }
        return sha256(jcs.canonical(named | {"on": self.received_on.isoformat()})).hex()


Sheet = sheet_rows.Sheet[tuple[int, OldDeposit]]
"""What became of a sheet: its rows that hold with the sheet's own numbers, and the faults of the others."""


def paper(rows: Sequence[OldDeposit]) -> bytes:
    """The canonical bytes of the rows, whose digest the keeper signs."""
    return jcs.canonical({"format": "gongheng.old-ledger/1", "rows": [row.to_json() for row in rows]})


@dataclass(frozen=True, slots=True)
class Around:
    """What a row is held against: today, the words for kinds, reasons and yes and no, and the keys of those taken over before."""

    today: date
    kinds: Mapping[str, Payer]
    reasons: Mapping[str, Reason]
    answers: Mapping[str, bool]
    known: frozenset[str] = frozenset()


def read_sheet(cells: Sequence[Sequence[str]], heads: Sequence[str], around: Around) -> Sheet:
    """Reads a sheet whose first row must be `heads`. A row with any fault is out, and the others stay."""
    seen: dict[str, int] = {}

    def read(number: int, cell: Mapping[Column, str]) -> tuple[int, OldDeposit]:
        row = _row(cell, around)
        _check_new(row, number, seen, around)
        return number, row

    return read_rows(cells, heads, COLUMNS, read)


def _row(cell: Mapping[Column, str], around: Around) -> OldDeposit:
    check_written(cell, NEEDED)
    for column in COLUMNS:
        if len(cell[column]) > LONGEST.get(column, 40) or not cell[column].isprintable():
            raise Wrong(column, "sheet.malformed")
    reason = _word(cell, Column.REASON, around.reasons, Reason.NO_REFUND_REQUEST)
    if not cell[Column.PAYER] and reason is not Reason.UNKNOWN_PAYER:
        raise Wrong(Column.PAYER, "dormant.sheet_payer")
    if cell[Column.USCC] and re.fullmatch(r"[0-9A-Z]{18}", cell[Column.USCC].upper()) is None:
        raise Wrong(Column.USCC, "sheet.malformed")
    received, due = day_of(cell, Column.RECEIVED_ON), day_of(cell, Column.DUE_ON)
    if received > around.today:
        raise Wrong(Column.RECEIVED_ON, "dormant.sheet_future")
    if due < received:
        raise Wrong(Column.DUE_ON, "dormant.sheet_order")
    return OldDeposit(
        old_ref=cell[Column.OLD_REF],
        payer=cell[Column.PAYER],
        uscc=cell[Column.USCC].upper(),
        kind=_word(cell, Column.KIND, around.kinds, Payer.FIRM),
        project_number=cell[Column.PROJECT_NUMBER],
        project=cell[Column.PROJECT],
        amount=_amount(cell),
        received_on=received,
        due_on=due,
        bears_interest=_word(cell, Column.INTEREST, around.answers, True),
        account=cell[Column.ACCOUNT],
        reason=reason,
        note=cell[Column.NOTE],
    )


def _word(cell: Mapping[Column, str], column: Column, known: Mapping[str, W], otherwise: W) -> W:
    if not cell[column]:
        return otherwise
    if cell[column] not in known:
        raise Wrong(column, "dormant.sheet_word", words="、".join(known))
    return known[cell[column]]


def _amount(cell: Mapping[Column, str]) -> Money:
    written = cell[Column.AMOUNT].replace(",", "").replace("，", "").removeprefix("¥").removesuffix("元").strip()
    try:
        amount = Money.yuan(written)
    except ValueError:
        raise Wrong(Column.AMOUNT, "dormant.sheet_amount") from None
    if amount.fen == 0:
        raise Wrong(Column.AMOUNT, "dormant.sheet_amount")
    return amount


def _check_new(row: OldDeposit, number: int, seen: dict[str, int], around: Around) -> None:
    """Nothing is taken over twice: not by this sheet, and not by another."""
    if row.key in around.known:
        raise Wrong(Column.OLD_REF, "dormant.sheet_known")
    if row.key in seen:
        raise Wrong(Column.OLD_REF, "sheet.twice", row=seen[row.key])
    seen[row.key] = number
