"""The plaintext of an envelope: one stored ZIP of `bid.json` and the bidder's files, written deterministically and read with suspicion."""

from __future__ import annotations

import hashlib
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from core.kernel import jcs
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON

BID = "bid.json"
MAX_FILES = 1000
MAX_BID = 1 << 20
MAX_NAME = 200  # bytes of UTF-8
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """One of the bidder's files: name inside the envelope, size in bytes, hex SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an envelope held: the read-out items and the files, every byte of which has been read once."""

    bid: Mapping[str, JSON]
    files: tuple[File, ...]


def pack_envelope(bid: Mapping[str, JSON], files: Mapping[str, Path], target: BinaryIO) -> None:
    """Writes the ZIP: `bid.json` first, then `files` by name; the same input gives the same bytes. Raises BadSignature for unfit names."""
    names = sorted(files)
    _admit_names([BID, *names])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, strict_timestamps=True) as archive:
        archive.writestr(_entry(BID), jcs.canonical(bid))
        for name in names:
            with files[name].open("rb") as source:
                entry = _entry(name)
                entry.file_size = files[name].stat().st_size  # lets zipfile choose ZIP64 where it is needed
                with archive.open(entry, "w") as member:
                    while piece := source.read(_PIECE):
                        member.write(piece)


def read_envelope(source: BinaryIO | Path) -> Parcel:
    """The content of an opened envelope.

    Raises BadSignature for compression, encryption, links, folders, odd or doubled names, more than 1,000 files, overlapping or hidden
    bytes, damaged members, or a `bid.json` that is missing or no JSON object without floats.
    """
    with _archive(source) as (archive, entries):
        bid, files = b"", []
        for entry in entries:
            if entry.filename == BID:
                bid = b"".join(_pieces(archive, entry))
                continue
            digest = hashlib.sha256()
            for piece in _pieces(archive, entry):
                digest.update(piece)
            files.append(File(entry.filename, entry.file_size, digest.hexdigest()))
    return Parcel(jcs.parse_object(bid, strict=False), tuple(files))


def read_bid(source: BinaryIO | Path) -> Mapping[str, JSON]:
    """The read-out items of an opened envelope alone; raises BadSignature as `read_envelope` does, but for damage inside the files."""
    with _archive(source) as (archive, entries):
        bid = b"".join(piece for entry in entries if entry.filename == BID for piece in _pieces(archive, entry))
    return jcs.parse_object(bid, strict=False)


def extract(source: BinaryIO | Path, name: str, target: IO[bytes]) -> None:
    """Copies one file of an opened envelope to `target`; raises BadSignature when the envelope is unfit or has no such file."""
    with _archive(source) as (archive, entries):
        for entry in entries:
            if entry.filename == name:
                for piece in _pieces(archive, entry):
                    target.write(piece)
                return
    raise BadSignature("parcel.no_such_file", name=name)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry


@contextmanager
def _archive(source: BinaryIO | Path) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            _admit_names([entry.filename for entry in entries])
            _admit_layout(archive, entries)
            yield archive, entries
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, EOFError, OSError, RuntimeError):
        raise BadSignature("parcel.damaged") from None


def _admit_layout(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Members stand stored, one behind the other from the first byte to the directory, so that nothing hides between or overlaps."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size or entry.flag_bits & 0x1:
            raise BadSignature("parcel.not_stored", name=entry.filename)
        if kind not in (0, stat.S_IFREG):
            raise BadSignature("parcel.not_a_file", name=entry.filename)
        if entry.header_offset < end:
            raise BadSignature("parcel.overlap", name=entry.filename)
        end = entry.header_offset + 30 + len(entry.filename.encode()) + entry.file_size
    if archive.start_dir < end or archive.comment or min(entry.header_offset for entry in entries) != 0:
        raise BadSignature("parcel.overlap", name="")
    if next(entry.file_size for entry in entries if entry.filename == BID) > MAX_BID:
        raise BadSignature("parcel.bid_too_large")


def _admit_names(names: Sequence[str]) -> None:
    if len(names) > MAX_FILES + 1:
        raise BadSignature("parcel.too_many_files")
    if BID not in names:
        raise BadSignature("parcel.no_bid")
    if len({unicodedata.normalize("NFC", name).casefold() for name in names}) != len(names):
        raise BadSignature("parcel.name_twice")
    for name in names:
        _admit_name(name)


def _admit_name(name: str) -> None:
    parts = name.split("/")
    unfit = (
        not 0 < len(name.encode("utf-8", "replace")) <= MAX_NAME
        or any(part in ("", ".", "..") or part != part.strip(" ") for part in parts)
        or any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in '\\:*?"<>|' for character in name)
        or not unicodedata.is_normalized("NFC", name)
    )
    if unfit:
        raise BadSignature("parcel.name", name=name.encode("ascii", "backslashreplace").decode())


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    read = 0
    with archive.open(entry) as member:
        while piece := member.read(_PIECE):
            read += len(piece)
            yield piece
    if read != entry.file_size:
        raise BadSignature("parcel.damaged")
