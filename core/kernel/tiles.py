"""Where the parts of a log stand as static files: paths and bytes of C2SP tlog-tiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.kernel.errors import NotFound
from core.kernel.merkle import Coordinate, ReadNodes

WIDTH = 256
_PATH = re.compile(r"(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """Hashes at tile level `level` (None for a bundle of entries), of `width` 1 to 256 from place `index` × 256."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """What follows `…/tile/` in its address: `0/x001/067`, `1/000.p/17`, `entries/000`."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level is None else str(self.level)
        return f"{level}/{'/'.join(groups)}" + (f".p/{self.width}" if self.width < WIDTH else "")

    def available(self, size: int) -> bool:
        """Whether the log of `size` records has all that this tile holds."""
        return self.index * WIDTH + self.width <= size >> 8 * (self.level or 0)

    @property
    def coordinates(self) -> list[Coordinate]:
        """The tree nodes in this tile, in order."""
        start = self.index * WIDTH
        return [(8 * (self.level or 0), place) for place in range(start, start + self.width)]


def read_path(path: str) -> Tile:
    """The tile at what follows `…/tile/`; raises NotFound for any path that `Tile.path` would not write."""
    match = _PATH.fullmatch(path)
    if not match:
        raise NotFound("log.no_such_tile")
    level = None if match[1] == "entries" else int(match[1])
    tile = Tile(level, int(match[2].replace("x", "").replace("/", "")), int(match[3] or WIDTH))
    if (level or 0) > 63 or tile.path != path:
        raise NotFound("log.no_such_tile")
    return tile


def tile_bytes(tile: Tile, read: ReadNodes) -> bytes:
    """The hashes of a tile, 32 bytes each."""
    stored = read(tile.coordinates)
    return b"".join(stored[coordinate] for coordinate in tile.coordinates)


def bundle_bytes(records: Iterable[bytes]) -> bytes:
    """The records of an entry bundle, each behind its length in two bytes."""
    return b"".join(len(record).to_bytes(2, "big") + record for record in records)


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of the log of `size` records, the partial ones included."""
    level = 0
    while count := size >> 8 * level:
        yield from (Tile(level, index) for index in range(count // WIDTH))
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)
        level += 1
