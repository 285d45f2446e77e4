"""PDF files: the text of their pages, their metadata, and whatever acts, hides or swells in them (ISO 32000-1)."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

import pikepdf
import pypdfium2

from core.kernel.parsing.kinds import HEAD
from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile
from core.kernel.parsing.plain import MOST_TEXT

MOST_PAGES = 5_000
MOST_STREAM, MOST_STREAMS = 128 << 20, 1 << 30  # bytes that one stream, and all of them, may inflate to
_DEEPEST = 20
_PIECE = 1 << 20
_TAIL = 1 << 16
_FLATE = ("/FlateDecode", "/Fl")
_BY_KEY = {
    "/JS": Oddity.SCRIPT,
    "/JavaScript": Oddity.SCRIPT,
    "/XFA": Oddity.XFA,
    "/EF": Oddity.EMBEDDED_FILE,
    "/EmbeddedFiles": Oddity.EMBEDDED_FILE,
    "/RichMediaContent": Oddity.RICH_MEDIA,
    "/AA": Oddity.AUTOMATIC_ACTION,
}
_BY_NAME = {
    "/JavaScript": Oddity.SCRIPT,
    "/Launch": Oddity.LAUNCH,
    "/EmbeddedFile": Oddity.EMBEDDED_FILE,
    "/RichMedia": Oddity.RICH_MEDIA,
}
_INFO = ("/Author", "/Creator", "/Producer", "/Title", "/Company", "/CreationDate", "/ModDate", "/SourceModified", "/Comments")
_XMP = re.compile(rb"<(?:\w+:)?(DocumentID|InstanceID|CreatorTool)>([^<]{1,200})<|(DocumentID|InstanceID|CreatorTool)=\"([^\"]{1,200})\"")


def read_pdf(source: BinaryIO, kind: Kind = Kind.PDF) -> ParsedFile:
    """All that is to be known of a PDF. A file that swells is not read any further."""
    odd = set(_ends(source))
    source.seek(0)
    try:
        with pikepdf.open(source, access_mode=pikepdf.AccessMode.stream, suppress_warnings=True) as document:
            odd |= _objects(document)
            metadata = _metadata(document)
            if any("reconstruct" in str(warning) for warning in document.get_warnings()):
                odd.add(Oddity.DAMAGED)
    except pikepdf.PasswordError:
        return ParsedFile(kind, tuple(odd | {Oddity.ENCRYPTED}))
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
        return ParsedFile(kind, tuple(odd | {Oddity.DAMAGED}))
    if Oddity.INFLATES in odd:
        return ParsedFile(kind, tuple(odd), metadata)
    try:
        pages, is_cut = _pages(source)
    except (pypdfium2.PdfiumError, ValueError):
        return ParsedFile(kind, tuple(odd | {Oddity.DAMAGED}), metadata)
    return ParsedFile(kind, tuple(odd), metadata, pages, is_cut)


def _ends(source: BinaryIO) -> Iterator[Oddity]:
    """A PDF begins with its first line and ends with its last; whatever stands before or after is for another reader."""
    source.seek(0)
    if not source.read(HEAD).startswith(b"%PDF-"):
        yield Oddity.LEADING_BYTES
    size = source.seek(0, 2)
    source.seek(max(0, size - _TAIL))
    tail = source.read()
    end = tail.rfind(b"%%EOF")
    if end < 0:
        yield Oddity.TRAILING_BYTES if size > _TAIL else Oddity.DAMAGED
    elif tail[end + 5 :].strip(b"\r\n\t \0"):
        yield Oddity.TRAILING_BYTES
    source.seek(0)
    if zipfile.is_zipfile(source):
        yield Oddity.ALSO_ARCHIVE


def _objects(document: pikepdf.Pdf) -> set[Oddity]:
    odd: set[Oddity] = set()
    left = MOST_STREAMS
    for one in document.objects:
        odd |= set(_acts(one, 0))
        if isinstance(one, pikepdf.Stream):
            inflated = _inflated(one)
            left -= inflated
            if inflated > MOST_STREAM or left < 0:
                return odd | {Oddity.INFLATES}
    return odd


def _acts(one: pikepdf.Object, depth: int) -> Iterator[Oddity]:
    """What acts in an object and in whatever stands inside it, not behind a reference: that is an object of its own."""
    if depth > _DEEPEST:
        return
    if isinstance(one, pikepdf.Array):
        for value in _members(one):
            yield from _acts(value, depth + 1)
    if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    for key, value in one.items():
        if key in _BY_KEY:
            yield _BY_KEY[key]
        if key in ("/S", "/Type", "/Subtype") and isinstance(value, pikepdf.Name) and str(value) in _BY_NAME:
            yield _BY_NAME[str(value)]
        if key == "/OpenAction" and isinstance(value, pikepdf.Dictionary) and value.get("/S") != pikepdf.Name.GoTo:
            yield Oddity.AUTOMATIC_ACTION  # one that only turns to a page is what word processors write
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _acts(value, depth + 1)


def _members(array: pikepdf.Array) -> Iterable[pikepdf.Object]:
    return (value for value in cast("Iterable[object]", array) if isinstance(value, pikepdf.Object) and not value.is_indirect)


def _inflated(stream: pikepdf.Stream) -> int:
    """How many bytes a stream's Flate filters make of it; counting ends a little above the limit."""
    filters = stream.get("/Filter")
    names = [str(filters)] if isinstance(filters, pikepdf.Name) else [str(one) for one in filters] if filters is not None else []
    stages = [zlib.decompressobj() for name in names if name in _FLATE]
    if not stages or names[: len(stages)] != [name for name in names if name in _FLATE]:
        return 0
    raw = stream.read_raw_bytes()
    try:
        return _count(raw, stages)
    except zlib.error:
        return len(raw)


def _count(raw: bytes, stages: list[zlib._Decompress]) -> int:
    """The largest that any stage makes of it."""
    if len(stages) == 1:
        return sum(len(piece) for piece in _inflate([raw], stages[0], MOST_STREAM))
    pieces: Iterable[bytes] = [raw]
    for stage in stages[:-1]:
        pieces = list(_inflate(pieces, stage, MOST_STREAM))
        if sum(map(len, pieces)) > MOST_STREAM:
            return MOST_STREAM + 1
    return sum(len(piece) for piece in _inflate(pieces, stages[-1], MOST_STREAM))


def _inflate(pieces: Iterable[bytes], stage: zlib._Decompress, most: int) -> Iterator[bytes]:
    made = 0
    for piece in pieces:
        waiting = piece
        while waiting and made <= most and not stage.eof:
            out = stage.decompress(waiting, _PIECE)
            made += len(out)
            yield out
            waiting = stage.unconsumed_tail
            if not out and not waiting:
                break


def _metadata(document: pikepdf.Pdf) -> dict[str, str]:
    """The information dictionary, the file identifiers and the XMP ids, as text of at most 300 characters each."""
    found = {}
    info = document.trailer.get("/Info")
    if isinstance(info, pikepdf.Dictionary):
        found = {name[1:]: str(info[name])[:300] for name in _INFO if isinstance(info.get(name), pikepdf.String)}
    ids = document.trailer.get("/ID")
    if isinstance(ids, pikepdf.Array) and len(ids) > 1:
        found |= {"ID0": bytes(ids[0]).hex()[:128], "ID1": bytes(ids[1]).hex()[:128]}
    xmp = document.Root.get("/Metadata")
    if isinstance(xmp, pikepdf.Stream) and _inflated(xmp) <= _PIECE:
        for match in _XMP.finditer(xmp.read_bytes()[:_PIECE]):
            name, value = (match[1], match[2]) if match[1] else (match[3], match[4])
            found[name.decode()] = value.decode("utf-8", "replace")
    return {name: value for name, value in found.items() if value}


def _pages(source: BinaryIO) -> tuple[tuple[str, ...], bool]:
    source.seek(0)
    document = pypdfium2.PdfDocument(source, autoclose=False)
    pages: list[str] = []
    left = MOST_TEXT
    try:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            text = page.get_textpage().get_text_bounded()
            page.close()
            pages.append(text[:left])
            left -= len(text)
            if left < 0:
                break
        return tuple(pages), left < 0 or len(document) > MOST_PAGES
    finally:
        document.close()
