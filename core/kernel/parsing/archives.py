"""ZIP files and the office documents that are ZIP files: nothing is unpacked, every byte is counted while it is read."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import BinaryIO

from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile

MOST_ENTRIES = 10_000
MOST_BYTES = 512 << 20  # that all members may inflate to …
MOST_RATIO = 100  # … and the ratio above which that is called a bomb rather than a large file
_PIECE = 1 << 20
_PROPERTIES = ("docProps/core.xml", "docProps/app.xml")
_PROPERTY = re.compile(r"<(?:\w+:)?(creator|lastModifiedBy|created|modified|Company|Application|AppVersion|Template)\b[^>]*>([^<]{1,300})<")


def read_archive(source: BinaryIO, kind: Kind) -> ParsedFile:
    """What is odd about an archive, and an office document's properties."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            odd = set(_names(entries))
            if len(entries) > MOST_ENTRIES:
                return ParsedFile(kind, (Oddity.TOO_MANY_ENTRIES,))
            odd |= _contents(archive, entries, source)
            metadata = {} if Oddity.INFLATES in odd or kind is not Kind.OFFICE else _properties(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError, zlib.error):
        return ParsedFile(kind, (Oddity.DAMAGED,))
    return ParsedFile(kind, tuple(odd), metadata)


def _names(entries: Iterable[zipfile.ZipInfo]) -> Iterable[Oddity]:
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name):
            yield Oddity.PATH_OUTSIDE
        if stat.S_ISLNK(entry.external_attr >> 16):
            yield Oddity.LINK
        if entry.flag_bits & 0x1:
            yield Oddity.ENCRYPTED
        if PurePosixPath(name).name.lower() == "vbaproject.bin":
            yield Oddity.MACRO


def _contents(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo], source: BinaryIO) -> set[Oddity]:
    """Reads every member that has no password; sizes that headers promise are not believed."""
    position = source.tell()
    packed = source.seek(0, 2)
    source.seek(position)
    most = max(MOST_BYTES, MOST_RATIO * packed) if packed > MOST_BYTES // MOST_RATIO else MOST_BYTES
    read = 0
    for entry in entries:
        if entry.flag_bits & 0x1 or entry.is_dir():
            continue
        with archive.open(entry) as member:
            while piece := member.read(_PIECE):
                read += len(piece)
                if read > min(most, MOST_RATIO * packed + _PIECE) and read > 16 * _PIECE:
                    return {Oddity.INFLATES}
    return set()


def _properties(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> dict[str, str]:
    names = {entry.filename for entry in entries}
    found: dict[str, str] = {}
    for name in _PROPERTIES:
        if name in names:
            with archive.open(name) as member:
                text = member.read(_PIECE).decode("utf-8", "replace")
            found |= dict(_PROPERTY.findall(text))
    return found
