"""A statement of the bank as a sheet, the second way in: its rows read one by one, and the life of a sheet from preview to booking."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from uuid import UUID

from core.kernel import clock, sheet_rows
from core.kernel.body import Body
from core.kernel.calendar import BEIJING
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from core.kernel.sheet_rows import AllWrong, Wrong, read_rows
from deposits.domain.account import COLLECTING, plain_number
from deposits.domain.deposit import FINANCE, SYSTEM
from deposits.domain.messages import BankEntry


class Column(Enum):
    """The columns of a sheet, in their order."""

    REF = "ref"
    DIRECTION = "direction"
    AMOUNT = "amount"
    BOOKED_AT = "booked_at"
    SUB_ACCOUNT = "sub_account"
    PARTY_NAME = "party_name"
    PARTY_ACCOUNT = "party_account"
    KEY = "key"
    TEXT = "text"


COLUMNS = tuple(Column)
CREDIT, DEBIT = frozenset({"贷", "贷方", "收入", "credit", "CRDT"}), frozenset({"借", "借方", "支出", "debit", "DBIT"})
INTEREST = frozenset({"利息", "interest"})
_REF, _KEY, _ACCOUNT = re.compile(r"[0-9A-Za-z-]{1,35}"), re.compile(r"[0-9A-Za-z-]{0,35}"), re.compile(r"[0-9A-Z]{0,34}")
_MOMENT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
AHEAD = timedelta(minutes=5)
"""How far the bank's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be booked."""

    row: int
    entry: BankEntry

    def to_json(self) -> dict[str, JSON]:
        """As it is kept."""
        entry = self.entry
        return {
            "row": self.row,
            "ref": entry.ref,
            "credit": entry.credit,
            "interest": entry.interest,
            "amount_fen": entry.amount.fen,
            "booked_at": clock.text(entry.booked_at),
            "sub_account": entry.sub_account,
            "party_name": entry.party_name,
            "party_account": entry.party_account,
            "key": entry.end_to_end_id,
            "text": entry.text,
        }


def kept_entry(kept: Mapping[str, JSON], seq: int) -> BankEntry:
    """The entry of a kept row. `seq`: the number of the bank's notices that had been read when it was booked."""
    moment = clock.moment(str(kept["booked_at"]))
    return BankEntry(
        seq=seq,
        ref=str(kept["ref"]),
        credit=kept["credit"] is True,
        amount=Money(int(str(kept["amount_fen"]))),
        booked_at=moment,
        value_at=moment,
        sub_account=str(kept["sub_account"]),
        party_name=str(kept["party_name"]),
        party_account=str(kept["party_account"]),
        end_to_end_id=str(kept["key"]),
        interest=kept["interest"] is True,
        text=str(kept["text"]),
    )


Sheet = sheet_rows.Sheet[Row]
"""What became of a sheet: the rows that can be booked, and all the faults of the others."""


def read_sheet(cells: Sequence[Sequence[str]], heads: Sequence[str], now: datetime) -> Sheet:
    """Reads a sheet whose first row must be `heads`: a row that is not read tells all its faults, and its reference counts as met.

    Raises RuleBroken "sheet.heads" when the first row is not the template's, "sheet.too_many" for too many rows."""
    seen = set[str]()

    def read(number: int, cell: Mapping[Column, str]) -> Row:
        wrong = list(_wrong(cell, now, seen))
        seen.add(cell[Column.REF])
        if wrong:
            raise AllWrong(wrong)
        return Row(number, _entry(cell))

    sheet = read_rows(cells, heads, COLUMNS, read)
    for fault in sheet.faults:
        if fault.column is None:
            raise RuleBroken(fault.code, "", **fault.facts)
    return sheet


def _wrong(cell: Mapping[Column, str], now: datetime, seen: set[str]) -> Iterator[Wrong]:
    if _REF.fullmatch(cell[Column.REF]) is None:
        yield Wrong(Column.REF, "bank_statement.ref")
    elif cell[Column.REF] in seen:
        yield Wrong(Column.REF, "bank_statement.twice")
    if cell[Column.DIRECTION] not in CREDIT | DEBIT | INTEREST:
        yield Wrong(Column.DIRECTION, "bank_statement.direction")
    if _money(cell[Column.AMOUNT]) is None:
        yield Wrong(Column.AMOUNT, "bank_statement.amount")
    moment = _moment(cell[Column.BOOKED_AT])
    if moment is None:
        yield Wrong(Column.BOOKED_AT, "bank_statement.moment")
    elif moment > now + AHEAD:
        yield Wrong(Column.BOOKED_AT, "bank_statement.future")
    ours = plain_number(cell[Column.SUB_ACCOUNT])
    if not ours.startswith(COLLECTING.number) or _ACCOUNT.fullmatch(ours) is None:
        yield Wrong(Column.SUB_ACCOUNT, "bank_statement.sub_account")
    if len(cell[Column.PARTY_NAME]) > 140 or (not cell[Column.PARTY_NAME] and cell[Column.DIRECTION] in CREDIT):
        yield Wrong(Column.PARTY_NAME, "bank_statement.party_name")
    if _ACCOUNT.fullmatch(plain_number(cell[Column.PARTY_ACCOUNT])) is None:
        yield Wrong(Column.PARTY_ACCOUNT, "bank_statement.party_account")
    if _KEY.fullmatch(cell[Column.KEY]) is None:
        yield Wrong(Column.KEY, "bank_statement.key")
    if len(cell[Column.TEXT]) > 140:
        yield Wrong(Column.TEXT, "bank_statement.text")


def _money(written: str) -> Money | None:
    try:
        found = Money.yuan(written.replace(",", "").replace("，", "").removeprefix("¥"))
    except ValueError:
        return None
    return found if found.fen else None


def _moment(written: str) -> datetime | None:
    found = _MOMENT.fullmatch(written)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING).astimezone(UTC)
    except ValueError:
        return None


def _entry(cell: Mapping[Column, str]) -> BankEntry:
    moment, amount = _moment(cell[Column.BOOKED_AT]), _money(cell[Column.AMOUNT])
    assert moment is not None and amount is not None
    return BankEntry(
        seq=0,
        ref=cell[Column.REF],
        credit=cell[Column.DIRECTION] not in DEBIT,
        amount=amount,
        booked_at=moment,
        value_at=moment,
        sub_account=plain_number(cell[Column.SUB_ACCOUNT]),
        party_name=cell[Column.PARTY_NAME],
        party_account=plain_number(cell[Column.PARTY_ACCOUNT]),
        end_to_end_id=cell[Column.KEY],
        interest=cell[Column.DIRECTION] in INTEREST,
        text=cell[Column.TEXT],
    )


# Its life


class FileState(Enum):
    """The life of a sheet."""

    PREVIEWED = "previewed"  # nothing of it is booked
    CONFIRMED = "confirmed"  # its rows are being booked
    DONE = "done"
    DISCARDED = "discarded"


class FileAction(Enum):
    """What is done about it; FINISH follows by itself from the last row."""

    CONFIRM = "confirm"
    DISCARD = "discard"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What the rules look at: rows that can be booked, faults, and how many faults the signer said to leave out."""

    good: int = 0
    bad: int = 0
    left_out: int = 0


def _is_answered_for(facts: FileFacts) -> Refusal | None:
    if not facts.good:
        return RuleBroken("bank_statement.nothing")
    return RuleBroken("bank_statement.faults", count=facts.bad) if facts.left_out != facts.bad else None


_S, _A = FileState, FileAction
MOVES: Moves[FileAction, FileState, Role, FileFacts] = Moves(
    "bank_statement",
    (
        Move(_A.CONFIRM, at(_S.PREVIEWED), _S.CONFIRMED, FINANCE, _is_answered_for),
        Move(_A.DISCARD, at(_S.PREVIEWED), _S.DISCARDED, FINANCE),
        Move(_A.FINISH, at(_S.CONFIRMED), _S.DONE, SYSTEM),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileBody:
    """The signed body of `bank_statement.import`: which sheet, by id and digest, how many rows are booked and how many faults left out."""

    id: UUID
    file_sha256: str
    rows: int
    left_out: int

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> FileBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(id=body.uuid("id"), file_sha256=body.digest("file_sha256"), rows=body.count("rows"), left_out=body.count("left_out"))
        body.done()
        return read
