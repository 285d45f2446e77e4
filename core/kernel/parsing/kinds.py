"""What a file is by its first and last bytes, and whether its name says the same."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from core.kernel.parsing.parsed import Kind

HEAD = 1024  # where readers of PDF still look for its first line (ISO 32000-1, annex H, note 13)
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"RIFF")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS: dict[str, Kind] = {
    **dict.fromkeys((".pdf",), Kind.PDF),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".ofd", ".docm", ".xlsm"), Kind.OFFICE),
    **dict.fromkeys((".zip",), Kind.ARCHIVE),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".bmp", ".webp"), Kind.IMAGE),
    **dict.fromkeys((".txt", ".csv", ".json", ".xml", ".md"), Kind.TEXT),
}


def kind_of(source: BinaryIO) -> tuple[Kind, bool]:
    """The kind of an open file, and whether it is a program; the file stands at its start afterwards."""
    source.seek(0)
    head = source.read(HEAD)
    source.seek(0)
    return _kind(source, head), head.startswith(_PROGRAMS)


def _kind(source: BinaryIO, head: bytes) -> Kind:
    if b"%PDF-" in head:
        return Kind.PDF
    if head.startswith(b"PK\x03\x04") or zipfile.is_zipfile(source):
        return Kind.OFFICE if b"[Content_Types].xml" in head or b"OFD.xml" in head else Kind.ARCHIVE
    if head.startswith(_IMAGES):
        return Kind.IMAGE
    if head.startswith(_OLD_OFFICE):
        return Kind.OTHER
    return Kind.OTHER if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) else Kind.TEXT


def name_differs(kind: Kind, name: str) -> bool:
    """Whether the ending promises another kind; an ending that nobody knows promises nothing."""
    promised = _ENDINGS.get(PurePosixPath(name).suffix.lower())
    return promised is not None and promised is not kind and {promised, kind} != {Kind.OFFICE, Kind.ARCHIVE}
