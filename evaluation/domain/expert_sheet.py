"""A sheet of experts as it comes in: its columns, each row read into a profile, and what is wrong with a row, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel import sheet_rows
from core.kernel.errors import Refusal
from core.kernel.jcs import JSON
from core.kernel.sheet_rows import Wrong, check_written, day_of, read_rows, written_day
from evaluation.domain.expert_said import Profile, TrainingNote


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


Sheet = sheet_rows.Sheet[SheetRow]
"""What became of a sheet: the rows that hold, and the faults of the others."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a row is held against: today, codes by the names of specialties, the agreement that it comes under ("" for the pool's own),
    and who stands in the pool already, by name and credit code or by what the partner calls them."""

    today: date
    specialties: Mapping[str, str]
    origin: str = ""
    known: frozenset[tuple[str, str]] = frozenset()
    known_keys: frozenset[str] = frozenset()


def read_sheet(cells: Sequence[Sequence[str]], heads: Sequence[str], around: Around) -> Sheet:
    """Reads a sheet whose first row must be `heads`. A row with any fault is out, and the others stay."""
    seen: dict[tuple[str, str], int] = {}

    def read(number: int, cell: Mapping[Column, str]) -> SheetRow:
        row = _row(number, cell, around)
        _check_new(row, seen, around)
        return row

    return read_rows(cells, heads, COLUMNS, read)


def _row(number: int, cell: Mapping[Column, str], around: Around) -> SheetRow:
    check_written(cell, NEEDED)
    if bool(around.origin) != bool(cell[Column.ORIGIN_KEY]):
        raise Wrong(Column.ORIGIN_KEY, "sheet.origin_key" if around.origin else "sheet.no_origin")
    return SheetRow(number, _profile(cell, around), _training(cell, around.today))


def _profile(cell: Mapping[Column, str], around: Around) -> Profile:
    said: dict[str, object] = {
        "name": cell[Column.NAME],
        "employer": {"uscc": cell[Column.USCC].upper(), "name": cell[Column.EMPLOYER]},
        "region": cell[Column.REGION],
        "title": cell[Column.TITLE],
        "qualified_from": day_of(cell, Column.QUALIFIED_FROM).isoformat(),
        "qualified_to": day_of(cell, Column.QUALIFIED_TO).isoformat(),
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


def _placed(refusal: Refusal) -> Wrong:
    if refusal.code == "body.malformed":
        member = str(refusal.facts.get("member", "")).split(".", maxsplit=1)[0]
        named = {column.value: column for column in COLUMNS}
        return Wrong(named.get(member), "sheet.malformed")
    return Wrong(PLACES.get(refusal.code), refusal.code, **refusal.facts)


def _training(cell: Mapping[Column, str], today: date) -> TrainingNote | None:
    columns = (Column.TRAINED_ON, Column.TRAINED_UNTIL, Column.HOURS, Column.COURSE)
    if not any(cell[column] for column in columns):
        return None
    for column in columns:
        if not cell[column]:
            raise Wrong(column, "sheet.empty")
    hours = cell[Column.HOURS].removesuffix(".0")
    if not hours.isascii() or not hours.isdigit():
        raise Wrong(Column.HOURS, "sheet.malformed")
    said = {"on": day_of(cell, Column.TRAINED_ON).isoformat(), "until": day_of(cell, Column.TRAINED_UNTIL).isoformat(), "hours": int(hours)}
    try:
        return TrainingNote.read(said | {"course": cell[Column.COURSE]}, today)
    except Refusal as refusal:
        column = Column.TRAINED_ON if refusal.code == "expert.training_days" else Column.COURSE
        raise Wrong(column, refusal.code if column is Column.TRAINED_ON else "sheet.malformed") from None


def _strata(written: str, specialties: Mapping[str, str]) -> list[str]:
    codes = []
    for name in re.split(r"[、,，;；\s]+", written):
        if name:
            code = name if name in specialties.values() else specialties.get(name)
            if code is None:
                raise Wrong(Column.STRATA, "pool.stratum_unknown", stratum=name[:40])
            codes.append(code)
    return codes


def _past(written: str) -> list[dict[str, str]]:
    """`单位|信用代码|入职|离职`, one employment after the other behind `；` or a line's end."""
    found = []
    for part in re.split(r"[;；\n]+", written):
        if not part.strip():
            continue
        bits = [bit.strip() for bit in re.split(r"[|｜]", part)]
        days = [written_day(bit) for bit in bits[2:]]
        if len(bits) != 4 or None in days:
            raise Wrong(Column.PAST, "sheet.past")
        found.append({"name": bits[0], "uscc": bits[1].upper(), "since": str(days[0]), "until": str(days[1])})
    return found


def _check_new(row: SheetRow, seen: dict[tuple[str, str], int], around: Around) -> None:
    """Nobody comes in twice: not by this sheet, and not beside an entry that stands."""
    profile = row.profile
    key = (profile.name, profile.employer.uscc)
    if key in around.known or (profile.origin_key and profile.origin_key in around.known_keys):
        raise Wrong(Column.NAME, "sheet.known")
    if key in seen:
        raise Wrong(Column.NAME, "sheet.twice", row=seen[key])
    seen[key] = row.row
