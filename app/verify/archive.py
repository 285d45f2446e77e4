"""The archive of an evidence package: a ZIP whose every byte follows from its members, so that any change anywhere is a change.

Members are stored (method 0) in the order of their names' UTF-8 bytes, dated 1980-01-01, without comments, attributes or extra fields, but
for the ZIP64 field (PKWARE APPNOTE 4.5.3) where a size or an offset needs it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 20
BIG = 0xFFFFFFFF
MANY = 0xFFFF
DATE = 0x21  # 1980-01-01
UTF8 = 0x0800
MOST_MEMBERS = 200_000
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_END64, _LOCATOR = b"PK\x06\x06", b"PK\x06\x07"


class ArchiveFault(Exception):
    """The file is not the archive that its members would make; `member` is where that shows, "" for the whole, `what` a code."""

    def __init__(self, member: str, what: str) -> None:
        super().__init__(f"{member}: {what}" if member else what)
        self.member, self.what = member, what


@dataclass(frozen=True, slots=True)
class Member:
    """A member: its name, CRC-32, size in bytes, and where its data begins in the file."""

    name: str
    crc: int
    size: int
    start: int


def write(target: BinaryIO, members: Iterable[tuple[str, bytes | Path]]) -> None:
    """Writes the archive of `members`, each given as bytes or as a file; raises ValueError for a name that stands twice or is not plain."""
    entries: list[tuple[bytes, int, int, int]] = []
    for name, source in sorted(members, key=lambda member: member[0].encode()):
        encoded = _plain(name)
        if entries and entries[-1][0] >= encoded:
            raise ValueError(f"member {name!r} stands twice")
        crc, size = _measure(source)
        entries.append((encoded, crc, size, target.tell()))
        target.write(_local(encoded, crc, size))
        for piece in _pieces(source):
            target.write(piece)
    start = target.tell()
    target.write(_directory(entries, start))


def read(source: BinaryIO) -> dict[str, Member]:
    """The members of an archive by name, once every byte outside their data is what `write` would have put there; data is not read yet.

    Raises ArchiveFault.
    """
    size = source.seek(0, 2)
    count, start = _end(source, size)
    entries = list(_entries(source, start, count))
    at, members = 0, {}
    for encoded, crc, length, offset in entries:
        name = encoded.decode()
        header = _local(encoded, crc, length)
        if offset != at:
            raise ArchiveFault(name, "misplaced")
        if _bytes(source, at, len(header)) != header:
            raise ArchiveFault(name, "header_differs")
        members[name] = Member(name, crc, length, at + len(header))
        at += len(header) + length
    if at != start:
        raise ArchiveFault("", "gap")
    directory = _directory(entries, start)
    if start + len(directory) != size or _bytes(source, start, len(directory)) != directory:
        raise ArchiveFault("", "directory_differs")
    return members


def data(source: BinaryIO, member: Member) -> Iterator[bytes]:
    """A member's bytes, a piece at a time; raises ArchiveFault at the end when they are not those of its CRC-32."""
    left, crc = member.size, 0
    source.seek(member.start)
    while left:
        piece = source.read(min(PIECE, left))
        if not piece:
            raise ArchiveFault(member.name, "cut_off")
        crc = zlib.crc32(piece, crc)
        left -= len(piece)
        yield piece
    if crc != member.crc:
        raise ArchiveFault(member.name, "bytes_changed")


def _plain(name: str) -> bytes:
    encoded = name.encode()
    steps = name.split("/")
    if (
        not name
        or len(encoded) > 1000
        or any(step in ("", ".", "..") for step in steps)
        or any(ord(letter) < 32 or letter == "\\" for letter in name)
    ):
        raise ValueError(f"not a member's name: {name!r}")
    return encoded


def _measure(source: bytes | Path) -> tuple[int, int]:
    crc = size = 0
    for piece in _pieces(source):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    return crc, size


def _pieces(source: bytes | Path) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece


def _local(name: bytes, crc: int, size: int) -> bytes:
    extra = struct.pack("<HHQQ", 1, 16, size, size) if size >= BIG else b""
    short = min(size, BIG)
    return (
        struct.pack("<4sHHHHHIIIHH", _LOCAL, 45 if extra else 20, UTF8, 0, 0, DATE, crc, short, short, len(name), len(extra)) + name + extra
    )


def _central(name: bytes, crc: int, size: int, offset: int) -> bytes:
    fields = (struct.pack("<QQ", size, size) if size >= BIG else b"") + (struct.pack("<Q", offset) if offset >= BIG else b"")
    extra = struct.pack("<HH", 1, len(fields)) + fields if fields else b""
    needed, short = 45 if extra else 20, min(size, BIG)
    head = struct.pack("<4sHHHHHHIIIHH", _CENTRAL, needed, needed, UTF8, 0, 0, DATE, crc, short, short, len(name), len(extra))
    return head + struct.pack("<HHHII", 0, 0, 0, 0, min(offset, BIG)) + name + extra


def _directory(entries: list[tuple[bytes, int, int, int]], start: int) -> bytes:
    """The central directory with its end."""
    listed = b"".join(_central(*entry) for entry in entries)
    count, big = len(entries), b""
    if count >= MANY or start >= BIG or len(listed) >= BIG:
        big = struct.pack("<4sQHHIIQQQQ", _END64, 44, 45, 45, 0, 0, count, count, len(listed), start)
        big += struct.pack("<4sIQI", _LOCATOR, 0, start + len(listed), 1)
    few = min(count, MANY)
    return listed + big + struct.pack("<4sHHHHIIH", _END, 0, 0, few, few, min(len(listed), BIG), min(start, BIG), 0)


def _bytes(source: BinaryIO, at: int, length: int) -> bytes:
    source.seek(at)
    return source.read(length)


def _end(source: BinaryIO, size: int) -> tuple[int, int]:
    """How many members the end of the archive names, and where the directory begins."""
    end = _bytes(source, max(0, size - 22), 22)
    if len(end) != 22 or end[:4] != _END:
        raise ArchiveFault("", "no_archive")
    count, start = struct.unpack("<H", end[10:12])[0], struct.unpack("<I", end[16:20])[0]
    locator = _bytes(source, max(0, size - 42), 20)
    if locator[:4] == _LOCATOR:
        big = _bytes(source, struct.unpack("<Q", locator[8:16])[0], 56)
        if len(big) == 56 and big[:4] == _END64:
            count, start = struct.unpack("<Q", big[32:40])[0], struct.unpack("<Q", big[48:56])[0]
    if count > MOST_MEMBERS or start > size:
        raise ArchiveFault("", "directory_huge")
    return count, start


def _entries(source: BinaryIO, start: int, count: int) -> Iterator[tuple[bytes, int, int, int]]:
    """What the directory says of each member; whether it says it in the one right way is checked by building it again."""
    at, last = start, b""
    for _ in range(count):
        head = _bytes(source, at, 46)
        if len(head) != 46 or head[:4] != _CENTRAL:
            raise ArchiveFault("", "directory_damaged")
        crc, _packed, size, named, extra_length = struct.unpack("<IIIHH", head[16:32])
        offset = struct.unpack("<I", head[42:46])[0]
        name, extra = _bytes(source, at + 46, named), _bytes(source, at + 46 + named, extra_length)
        size, offset = _widened(extra, size, offset)
        try:
            _plain(name.decode())
        except ValueError:
            raise ArchiveFault("", "name_unfit") from None
        if name <= last:
            raise ArchiveFault(name.decode(), "out_of_order")
        last = name
        yield name, crc, size, offset
        at += 46 + named + extra_length


def _widened(extra: bytes, size: int, offset: int) -> tuple[int, int]:
    """The sizes that the ZIP64 field holds where the short ones are full."""
    fields = iter(struct.unpack(f"<{(len(extra) - 4) // 8}Q", extra[4:])) if len(extra) >= 12 and (len(extra) - 4) % 8 == 0 else iter(())
    if size == BIG:
        size = next(fields, BIG)
        next(fields, None)
    if offset == BIG:
        offset = next(fields, BIG)
    return size, offset
