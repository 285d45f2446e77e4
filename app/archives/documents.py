"""The files of an archive package one by one: which format each is in, and whether it opens, alone and without anything active in it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import is_zipfile

from cryptography import x509

from app.evidence.collect import Member
from core.kernel.parsing.parse import parse
from core.kernel.parsing.parsed import Oddity

PDF, JSON, XML, TEXT = "application/pdf", "application/json", "application/xml", "text/plain"
AGE, PEM, CRL, STAMP, PYTHON = (
    "application/age",
    "application/x-pem-file",
    "application/pkix-crl",
    "application/timestamp-reply",
    "x-python",
)
OTHER, PACKED = "application/octet-stream", "application/zip"
_ENDINGS = (
    *((".json", JSON), (".dsse", JSON), (".pdf", PDF), (".xml", XML), (".age", AGE), (".pem", PEM), (".crl", CRL)),
    *((".tsr", STAMP), (".pyz", f"application/{PYTHON}"), (".tlog-proof", TEXT), (".txt", TEXT), (".sha256", TEXT)),
)
_MARKS = ((b"%PDF-", PDF), (b"{", JSON), (b"[", JSON), (b"<?xml", XML), (b"PK\x03\x04", PACKED))
_NAMES = {PDF: "file.pdf", PACKED: "file.zip", OTHER: "file"}

BROKEN = frozenset({Oddity.EMPTY, Oddity.DAMAGED, Oddity.OUT_OF_TIME, Oddity.OUT_OF_MEMORY, Oddity.READER_FAILED})
LOCKED = frozenset({Oddity.ENCRYPTED})
HARMLESS = frozenset({Oddity.NAME_DIFFERS})  # a package names papers by their digests
ACTIVE = frozenset(Oddity) - BROKEN - LOCKED - HARMLESS
"""What the platform quarantines a bidder's file for, see `core/kernel/parsing`."""


def format_of(name: str, source: bytes | Path) -> str:
    """The media type of a member, by its name, or its first bytes where the name is a digest."""
    for ending, kind in _ENDINGS:
        if name.endswith(ending):
            return kind
    head = _head(source).lstrip()
    return next((kind for mark, kind in _MARKS if head.startswith(mark)), OTHER)


def _head(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source[:64]
    with source.open("rb") as opened:
        return opened.read(64)


def _content(source: bytes | Path) -> bytes:
    return source if isinstance(source, bytes) else source.read_bytes()


@dataclass
class Read:
    """What became of reading the files: the names of those that did not open, by what was wrong, and how many were read of each format."""

    unreadable: list[str] = field(default_factory=list)  # of the platform's own making
    broken: list[str] = field(default_factory=list)  # papers that were handed in, with what the reader found
    active: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)


def read_all(members: Sequence[Member]) -> Read:
    """Opens every file in its format; papers in processes of their own, as bidders' files are. Blocking."""
    found = Read()
    with tempfile.TemporaryDirectory(prefix="archive-") as folder:
        for name, source in members:
            kind = format_of(name, source)
            found.counted[kind] = found.counted.get(kind, 0) + 1
            if kind in _NAMES:
                _read_paper(found, name, source, kind, Path(folder))
            elif not _opens(kind, source):
                found.unreadable.append(name)
    return found


def _read_paper(found: Read, name: str, source: bytes | Path, kind: str, folder: Path) -> None:
    path = source if isinstance(source, Path) else folder / "paper"
    if isinstance(source, bytes):
        path.write_bytes(source)
    oddities = frozenset(parse(path, _NAMES[kind]).oddities)
    for which, into in ((BROKEN, found.broken), (ACTIVE, found.active), (LOCKED, found.locked)):
        if odd := sorted(oddity.value for oddity in oddities & which):
            into.append(f"{name} ({', '.join(odd)})")


def _opens(kind: str, source: bytes | Path) -> bool:
    reader = _READERS.get(kind)
    if reader is None:
        return True
    try:
        return reader(_content(source)) is not False
    except (ValueError, UnicodeDecodeError):
        return False


def _python(content: bytes) -> bool:
    with tempfile.TemporaryFile() as held:
        held.write(content)
        return is_zipfile(held)


_READERS: Mapping[str, Callable[[bytes], object]] = {
    JSON: json.loads,
    TEXT: lambda content: content.decode(),
    PEM: x509.load_pem_x509_certificate,
    CRL: x509.load_pem_x509_crl,
    STAMP: lambda content: content[:1] == b"\x30",
    AGE: lambda content: content.startswith(b"age-encryption.org/v1\n"),
    f"application/{PYTHON}": _python,
}
