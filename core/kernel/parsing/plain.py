"""Text files, and files whose content is not read."""

from __future__ import annotations

from typing import BinaryIO

from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile

MOST_TEXT = 8_000_000  # characters kept of one file
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_plain(source: BinaryIO, kind: Kind) -> ParsedFile:
    """The text of a text file in UTF-8, UTF-16 or GB 18030; of anything else only whether it is empty."""
    source.seek(0)
    if not (head := source.read(2)):
        return ParsedFile(kind, (Oddity.EMPTY,))
    if kind is not Kind.TEXT:
        return ParsedFile(kind)
    source.seek(0)
    content = source.read(4 * MOST_TEXT)
    text = _decoded(content, head)
    return ParsedFile(kind, (), {}, (text[:MOST_TEXT],), is_cut=len(text) > MOST_TEXT or bool(source.read(1)))


def _decoded(content: bytes, head: bytes) -> str:
    if head in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")
