"""A statement of the bank as a sheet, the second way in: its rows read one by one, and the life of a sheet from preview to booking."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from uuid import UUID

from core.kernel import clock
from core.kernel.body import Body
from core.kernel.calendar import BEIJING
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.account import COLLECTING, plain_number
from deposits.domain.deposit import FINANCE, SYSTEM
from deposits.domain.messages import BankEntry

COLUMNS = ("ref", "direction", "amount", "booked_at", "sub_account", "party_name", "party_account", "key", "text")
CREDIT, DEBIT = frozenset({"贷", "贷方", "收入", "credit", "CRDT"}), frozenset({"借", "借方", "支出", "debit", "DBIT"})
INTEREST = frozenset({"利息", "interest"})
MOST_ROWS = 5_000
_REF, _KEY, _ACCOUNT = re.compile(r"[0-9A-Za-z-]{1,35}"), re.compile(r"[0-9A-Za-z-]{0,35}"), re.compile(r"[0-9A-Z]{0,34}")
_MOMENT = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")
AHEAD = timedelta(minutes=5)
"""How far the bank's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not taken: its number on the sheet, the column, a refusal's code and facts."""

    row: int
    column: str
    code: str
    facts: Mapping[str, JSON] = field(default_factory=dict)

    def to_json(self) -> dict[str, JSON]:
        """As it is kept."""
        return {"row": self.row, "column": self.column, "code": self.code, "facts": dict(self.facts)}


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet holds."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_sheet(cells: Sequence[Sequence[str]], headings: Sequence[str], now: datetime) -> Sheet:
    """Every row is either read or has its fault; empty rows are passed over. Row numbers are those that the spreadsheet shows.

    Raises RuleBroken "bank_statement.heading" when the first row is not the template's, "bank_statement.rows" for too many.
    """
    width = len(headings)
    if not cells or [cell.strip() for cell in cells[0][:width]] != list(headings):
        raise RuleBroken("bank_statement.heading")
    if len(cells) - 1 > MOST_ROWS:
        raise RuleBroken("bank_statement.rows", most=MOST_ROWS)
    rows, faults, seen = list[Row](), list[Fault](), set[str]()
    for number, line in enumerate(cells[1:], start=2):
        said = dict(zip(COLUMNS, [cell.strip() for cell in [*line, *[""] * width][:width]], strict=True))
        if not any(said.values()):
            continue
        found = list(_faults(said, now, seen))
        seen.add(said["ref"])
        faults += [Fault(number, column, code) for column, code in found]
        if not found:
            rows.append(Row(number, _entry(said)))
    return Sheet(tuple(rows), tuple(faults))


def _faults(said: Mapping[str, str], now: datetime, seen: set[str]) -> Iterator[tuple[str, str]]:
    if _REF.fullmatch(said["ref"]) is None:
        yield "ref", "bank_statement.ref"
    elif said["ref"] in seen:
        yield "ref", "bank_statement.twice"
    if said["direction"] not in CREDIT | DEBIT | INTEREST:
        yield "direction", "bank_statement.direction"
    if _money(said["amount"]) is None:
        yield "amount", "bank_statement.amount"
    moment = _moment(said["booked_at"])
    if moment is None:
        yield "booked_at", "bank_statement.moment"
    elif moment > now + AHEAD:
        yield "booked_at", "bank_statement.future"
    ours = plain_number(said["sub_account"])
    if not ours.startswith(COLLECTING.number) or _ACCOUNT.fullmatch(ours) is None:
        yield "sub_account", "bank_statement.sub_account"
    if len(said["party_name"]) > 140 or (not said["party_name"] and said["direction"] in CREDIT):
        yield "party_name", "bank_statement.party_name"
    if _ACCOUNT.fullmatch(plain_number(said["party_account"])) is None:
        yield "party_account", "bank_statement.party_account"
    if _KEY.fullmatch(said["key"]) is None:
        yield "key", "bank_statement.key"
    if len(said["text"]) > 140:
        yield "text", "bank_statement.text"


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


def _entry(said: Mapping[str, str]) -> BankEntry:
    moment, amount = _moment(said["booked_at"]), _money(said["amount"])
    assert moment is not None and amount is not None
    return BankEntry(
        seq=0,
        ref=said["ref"],
        credit=said["direction"] not in DEBIT,
        amount=amount,
        booked_at=moment,
        value_at=moment,
        sub_account=plain_number(said["sub_account"]),
        party_name=said["party_name"],
        party_account=plain_number(said["party_account"]),
        end_to_end_id=said["key"],
        interest=said["direction"] in INTEREST,
        text=said["text"],
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
