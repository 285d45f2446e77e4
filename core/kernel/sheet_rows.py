"""The rows of a sheet that comes in: the heads must be the template's, each row is read or has its fault, and the others stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Generic, TypeVar

from core.kernel.errors import Fact
from core.kernel.jcs import JSON

MOST_ROWS = 5_000
FORMULA = ("=", "@", "+", "\t")
"""How a cell begins that a spreadsheet would compute (OWASP, CSV injection)."""
COUNTED_FROM = date(1899, 12, 30)
"""The day from which spreadsheets count days."""
C = TypeVar("C", bound=Enum)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; `row` is the sheet's own number, `code` and `facts` lead to the sentence. `column` None: the row."""

    row: int
    column: Enum | None
    code: str
    facts: Mapping[str, Fact]

    def to_json(self) -> dict[str, JSON]:
        """As it is kept; the column is "" for the row."""
        return {"row": self.row, "column": self.column.value if self.column else "", "code": self.code, "facts": dict(self.facts)}


@dataclass(frozen=True)
class Sheet(Generic[R]):
    """What became of a sheet: the rows that hold, and the faults of the others."""

    rows: tuple[R, ...]
    faults: tuple[Fault, ...]


class Wrong(Exception):
    """What is wrong in a cell, or in the row where `column` is None."""

    def __init__(self, column: Enum | None, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.column, self.code, self.facts = column, code, facts

    def at(self, row: int) -> tuple[Fault, ...]:
        """As the fault of a row."""
        return (Fault(row, self.column, self.code, self.facts),)


class AllWrong(Exception):
    """Everything that is wrong in a row, for a sheet whose rows tell all of it at once."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        super().__init__(*(wrong.code for wrong in wrongs))
        self.wrongs = tuple(wrongs)

    def at(self, row: int) -> tuple[Fault, ...]:
        """As the faults of a row."""
        return tuple(fault for wrong in self.wrongs for fault in wrong.at(row))


def read_rows(
    cells: Sequence[Sequence[str]], heads: Sequence[str], columns: Sequence[C], read: Callable[[int, Mapping[C, str]], R]
) -> Sheet[R]:
    """Reads a sheet whose first row must be `heads`; blank rows are passed over. `read` makes a row of its number and its cells by column,
    or raises Wrong or AllWrong."""
    found = [cell.strip() for cell in cells[0]] if cells else []
    if found[: len(heads)] != list(heads):
        return Sheet((), (Fault(1, None, "sheet.heads", {}),))
    if len(cells) - 1 > MOST_ROWS:
        return Sheet((), (Fault(len(cells), None, "sheet.too_many", {"most": MOST_ROWS}),))
    rows: list[R] = []
    faults: list[Fault] = []
    for number, written in enumerate(cells[1:], 2):
        padded = [*written, *[""] * len(columns)]
        cell = {column: padded[place].strip() for place, column in enumerate(columns)}
        if not any(cell.values()):
            continue
        try:
            rows.append(read(number, cell))
        except (Wrong, AllWrong) as wrong:
            faults += wrong.at(number)
    return Sheet(tuple(rows), tuple(faults))


def check_written(cell: Mapping[C, str], needed: Collection[C]) -> None:
    """Raises Wrong where a needed cell is empty, and for what a spreadsheet would compute."""
    for column, written in cell.items():
        if column in needed and not written:
            raise Wrong(column, "sheet.empty")
        if written.startswith(FORMULA):
            raise Wrong(column, "sheet.formula")


def day_of(cell: Mapping[C, str], column: C) -> date:
    """The day in a cell. Raises Wrong "sheet.day"."""
    read = written_day(cell[column])
    if read is None:
        raise Wrong(column, "sheet.day")
    return read


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")


def written_day(written: str) -> date | None:
    """`2026-11-30`, `2026/11/30` or `2026年11月30日`, also the count of days that spreadsheets keep; None for anything else."""
    if re.fullmatch(r"[0-9]{5}(\.0)?", written):
        return COUNTED_FROM + timedelta(days=int(written[:5]))
    parts = _DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        return None
