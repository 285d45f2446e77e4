"""A sheet of a site's rooms and workstations as it comes in: one row a workstation, or an opening room; and the same rows going out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from core.kernel import sheet_rows
from core.kernel.sheet_rows import Wrong, check_written, read_rows
from evaluation.domain.site import STATION, RoomKind, RoomPlan, StationPlan


class Column(Enum):
    """The columns of a sheet, in their order."""

    ROOM = "room"
    KIND = "kind"
    STATION = "station"
    NETWORK = "network"
    CAMERAS = "cameras"
    SEATS = "seats"


COLUMNS = tuple(Column)
NEEDED = frozenset({Column.ROOM, Column.KIND})


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that holds; `station` None for an opening room."""

    room: str
    kind: RoomKind
    station: StationPlan | None
    seats: int


Sheet = sheet_rows.Sheet[SheetRow]
"""What became of a sheet: the rows that hold, and the faults of the others."""


def read_sheet(cells: Sequence[Sequence[str]], heads: Sequence[str], kinds: Mapping[str, str]) -> Sheet:
    """Reads a sheet whose first row must be `heads`; `kinds`: what people call a kind of room → its value."""
    seen: dict[str, int] = {}

    def read(number: int, cell: Mapping[Column, str]) -> SheetRow:
        row = _row(cell, kinds)
        label = row.station.station.upper() if row.station else f"/{row.room}"
        if (before := seen.setdefault(label, number)) != number:
            raise Wrong(Column.STATION if row.station else Column.ROOM, "sheet.twice", row=before)
        return row

    return read_rows(cells, heads, COLUMNS, read)


def _row(cell: Mapping[Column, str], kinds: Mapping[str, str]) -> SheetRow:
    check_written(cell, NEEDED)
    written = cell[Column.KIND]
    value = kinds.get(written, written)
    if value not in {kind.value for kind in RoomKind}:
        raise Wrong(Column.KIND, "sheet.room_kind")
    kind = RoomKind(value)
    if len(cell[Column.ROOM]) > 30:
        raise Wrong(Column.ROOM, "sheet.malformed")
    if kind is RoomKind.OPENING:
        if cell[Column.STATION]:
            raise Wrong(Column.STATION, "sheet.opening_room")
        return SheetRow(cell[Column.ROOM], kind, None, _number(cell, Column.SEATS, 1, 500))
    if not STATION.fullmatch(cell[Column.STATION]):
        raise Wrong(Column.STATION, "sheet.station")
    if len(cell[Column.NETWORK]) > 40:
        raise Wrong(Column.NETWORK, "sheet.malformed")
    cameras = _number(cell, Column.CAMERAS, 0, 9) if cell[Column.CAMERAS] else 0
    return SheetRow(cell[Column.ROOM], kind, StationPlan(cell[Column.STATION], cell[Column.NETWORK], cameras), 0)


def _number(cell: Mapping[Column, str], column: Column, least: int, most: int) -> int:
    written = cell[column]
    if not (written.isascii() and written.isdigit() and least <= int(written) <= most):
        raise Wrong(column, "sheet.number", least=least, most=most)
    return int(written)


def rooms_of(rows: Sequence[SheetRow]) -> tuple[RoomPlan, ...]:
    """The rooms in the order in which the rows name them first; the kind of a room is that of its first row."""
    found: dict[str, RoomPlan] = {}
    for row in rows:
        room = found.setdefault(row.room, RoomPlan(row.room, row.kind, row.seats, ()))
        if row.station is not None:
            found[row.room] = replace(room, stations=(*room.stations, row.station))
    return tuple(found.values())


def written(rooms: Sequence[RoomPlan], kinds: Mapping[str, str]) -> list[list[str]]:
    """The rows of a sheet that would be read back as these rooms; `kinds`: value → what people call it."""
    rows: list[list[str]] = []
    for room in rooms:
        name = kinds[room.kind.value]
        if not room.stations:
            rows.append([room.room, name, "", "", "", str(room.seats)])
        rows += [[room.room, name, one.station, one.network, str(one.cameras), ""] for one in room.stations]
    return rows
