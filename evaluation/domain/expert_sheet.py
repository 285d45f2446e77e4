"""A sheet of experts as it comes in: its columns, each row read into a profile, and what is wrong with a row, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from core.kernel.errors import Fact, Refusal
from core.kernel.jcs import JSON
from evaluation.domain.expert_said import Profile, TrainingNote

MOST_ROWS = 5_000


class Column(Enum):
    """The columns of a sheet, in their order."""

    NAME = "name"
    EMPLOYER = "employer"
    USCC = "uscc"
    REGION = "region"
    TITLE = "title"
    QUALIFIED_FROM = "qualified_from"
    QUALIFIED_TO = "qualified_to"
    STRATA = "strata"
    PAST = "past"
    TRAINED_ON = "trained_on"
    TRAINED_UNTIL = "trained_until"
    HOURS = "hours"
    COURSE = "course"
    ORIGIN_KEY = "origin_key"


COLUMNS = tuple(Column)
NEEDED = frozenset(COLUMNS[:8])


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell; `row` is the sheet's own number, `code` and `facts` lead to the sentence. `column` None: the row."""

    row: int
    column: Column | None
    code: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds: the profile, and the training if one is told."""

    row: int
    profile: Profile
    training: TrainingNote | None

    def to_json(self) -> dict[str, JSON]:
        """As it is kept until it is taken over."""
        told = self.training
        training: JSON = None
        if told is not None:
            training = {"on": told.on.isoformat(), "until": told.until.isoformat(), "hours": told.hours, "course": told.course}
        return {"row": self.row, "profile": self.profile.to_json(), "training": training}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What became of a sheet: the rows that hold, and the faults of the others."""

    rows: tuple[SheetRow, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """What a row is held against: today, codes by the names of specialties, the agreement that it comes under ("" for the pool's own),
    and who stands in the pool already, by name and credit code or by what the partner calls them."""

    today: date
    specialties: Mapping[str, str]
    origin: str = ""
    known: frozenset[tuple[str, str]] = frozenset()
    known_keys: frozenset[str] = frozenset()


class _Wrong(Exception):
    def __init__(self, column: Column | None, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.fault = (column, code, facts)


def read_sheet(cells: Sequence[Sequence[str]], heads: Sequence[str], around: Around) -> Sheet:
    """Reads a sheet whose first row must be `heads`; blank rows are passed over. A row with any fault is out, and the others stay."""
    found = [cell.strip() for cell in cells[0]] if cells else []
    if found[: len(heads)] != list(heads):
        return Sheet((), (Fault(1, None, "sheet.heads", {}),))
    if len(cells) - 1 > MOST_ROWS:
        return Sheet((), (Fault(len(cells), None, "sheet.too_many", {"most": MOST_ROWS}),))
    rows: list[SheetRow] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for number, written in enumerate(cells[1:], 2):
        cell = _cells(written)
        if not any(cell.values()):
            continue
        try:
            row = _row(number, cell, around)
            _check_new(row, seen, around)
        except _Wrong as wrong:
            faults.append(Fault(number, *wrong.fault))
        else:
            rows.append(row)
    return Sheet(tuple(rows), tuple(faults))


def _cells(written: Sequence[str]) -> dict[Column, str]:
    padded = [*written, *[""] * len(COLUMNS)]
    return {column: padded[place].strip() for place, column in enumerate(COLUMNS)}


def _row(number: int, cell: Mapping[Column, str], around: Around) -> SheetRow:
    for column in COLUMNS:
        if column in NEEDED and not cell[column]:
            raise _Wrong(column, "sheet.empty")
        if cell[column].startswith(("=", "@", "+", "\t")):
            raise _Wrong(column, "sheet.formula")
    if bool(around.origin) != bool(cell[Column.ORIGIN_KEY]):
        raise _Wrong(Column.ORIGIN_KEY, "sheet.origin_key" if around.origin else "sheet.no_origin")
    return SheetRow(number, _profile(cell, around), _training(cell, around.today))


def _profile(cell: Mapping[Column, str], around: Around) -> Profile:
    said: dict[str, object] = {
        "name": cell[Column.NAME],
        "employer": {"uscc": cell[Column.USCC].upper(), "name": cell[Column.EMPLOYER]},
        "region": cell[Column.REGION],
        "title": cell[Column.TITLE],
        "qualified_from": _day(cell, Column.QUALIFIED_FROM),
        "qualified_to": _day(cell, Column.QUALIFIED_TO),
        "strata": _strata(cell[Column.STRATA], around.specialties),
        "past": _past(cell[Column.PAST]),
        "origin": around.origin,
        "origin_key": cell[Column.ORIGIN_KEY],
    }
    try:
        return Profile.read(said)
    except Refusal as refusal:
        raise _placed(refusal) from None


PLACES: Mapping[str, Column] = {
    "organisation.uscc": Column.USCC,
    "organisation.name": Column.EMPLOYER,
    "pool.strata": Column.STRATA,
    "expert.qualified_days": Column.QUALIFIED_TO,
    "expert.past_days": Column.PAST,
}


def _placed(refusal: Refusal) -> _Wrong:
    if refusal.code == "body.malformed":
        member = str(refusal.facts.get("member", "")).split(".", maxsplit=1)[0]
        named = {column.value: column for column in COLUMNS}
        return _Wrong(named.get(member), "sheet.malformed")
    return _Wrong(PLACES.get(refusal.code), refusal.code, **refusal.facts)


def _training(cell: Mapping[Column, str], today: date) -> TrainingNote | None:
    columns = (Column.TRAINED_ON, Column.TRAINED_UNTIL, Column.HOURS, Column.COURSE)
    if not any(cell[column] for column in columns):
        return None
    for column in columns:
        if not cell[column]:
            raise _Wrong(column, "sheet.empty")
    hours = cell[Column.HOURS].removesuffix(".0")
    if not hours.isascii() or not hours.isdigit():
        raise _Wrong(Column.HOURS, "sheet.malformed")
    said = {"on": _day(cell, Column.TRAINED_ON), "until": _day(cell, Column.TRAINED_UNTIL), "hours": int(hours)}
    try:
        return TrainingNote.read(said | {"course": cell[Column.COURSE]}, today)
    except Refusal as refusal:
        column = Column.TRAINED_ON if refusal.code == "expert.training_days" else Column.COURSE
        raise _Wrong(column, refusal.code if column is Column.TRAINED_ON else "sheet.malformed") from None


_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")


def _day(cell: Mapping[Column, str], column: Column) -> str:
    read = _written_day(cell[column])
    if read is None:
        raise _Wrong(column, "sheet.day")
    return read


def _written_day(written: str) -> str | None:
    """`2026-11-30`, `2026/11/30` or `2026年11月30日`, also the count of days since 1899-12-30 that spreadsheets keep."""
    if re.fullmatch(r"\d{5}(\.0)?", written):
        return (date(1899, 12, 30) + timedelta(days=int(float(written)))).isoformat()
    parts = _DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in parts.groups())).isoformat() if parts else None
    except ValueError:
        return None


def _strata(written: str, specialties: Mapping[str, str]) -> list[str]:
    codes = []
    for name in re.split(r"[、,，;；\s]+", written):
        if name:
            code = name if name in specialties.values() else specialties.get(name)
            if code is None:
                raise _Wrong(Column.STRATA, "pool.stratum_unknown", stratum=name[:40])
            codes.append(code)
    return codes


def _past(written: str) -> list[dict[str, str]]:
    """`单位|信用代码|入职|离职`, one employment after the other behind `；` or a line's end."""
    found = []
    for part in re.split(r"[;；\n]+", written):
        if not part.strip():
            continue
        bits = [bit.strip() for bit in re.split(r"[|｜]", part)]
        days = [_written_day(bit) for bit in bits[2:]]
        if len(bits) != 4 or None in days:
            raise _Wrong(Column.PAST, "sheet.past")
        found.append({"name": bits[0], "uscc": bits[1].upper(), "since": str(days[0]), "until": str(days[1])})
    return found


def _check_new(row: SheetRow, seen: dict[tuple[str, str], int], around: Around) -> None:
    """Nobody comes in twice: not by this sheet, and not beside an entry that stands."""
    profile = row.profile
    key = (profile.name, profile.employer.uscc)
    if key in around.known or (profile.origin_key and profile.origin_key in around.known_keys):
        raise _Wrong(Column.NAME, "sheet.known")
    if key in seen:
        raise _Wrong(Column.NAME, "sheet.twice", row=seen[key])
    seen[key] = row.row
