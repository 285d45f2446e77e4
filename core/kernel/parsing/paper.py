"""What a PDF shows and carries, for the marks of blind bids: text with its place and font, colours, pictures, notes, properties.

For one's own file alone: whoever wrote it is who has it looked at. A stranger's file is read by `core.kernel.parsing.parse`.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from core.kernel.blind import PageLook, PaperLook, Run

GREY = 24  # of 255: what differs less between red, green and blue is grey, also as printing inks turn out
WHITE = 250
TINY = 2.0  # points
_DEEPEST = 5
_INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_PAINTED = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH)
_CREATOR = re.compile(r"<dc:creator>(.*?)</dc:creator>", re.DOTALL)


class Unreadable(Exception):
    """The file is damaged, or locked by a password."""


def look_at(path: Path) -> PaperLook:
    """What the PDF at `path` shows; raises Unreadable."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            info, outline = _info(document), tuple(_titles(document))
            attachments = tuple(document.attachments)
            has_layers = bool(document.Root.get("/OCProperties", pikepdf.Dictionary()).get("/OCGs"))
            extras = [_notes(page) for page in document.pages]
        paper = pypdfium2.PdfDocument(path)
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, TypeError, RuntimeError) as fault:
        raise Unreadable from fault
    try:
        pages = tuple(_page(paper[place], *extras[place]) for place in range(len(paper)))
    finally:
        paper.close()
    return PaperLook(pages, info, outline, attachments, has_layers)


def _info(document: pikepdf.Pdf) -> dict[str, str]:
    found = {}
    trailer = document.trailer.get("/Info")
    if isinstance(trailer, pikepdf.Dictionary):
        found = {name[1:]: str(value) for name, value in trailer.items() if isinstance(value, pikepdf.String)}
    xmp = document.Root.get("/Metadata")
    if isinstance(xmp, pikepdf.Stream) and (creator := _CREATOR.search(xmp.read_bytes().decode("utf-8", "replace"))):
        found["dc:creator"] = " ".join(re.sub(r"<[^>]*>", " ", creator[1]).split())
    return found


def _titles(document: pikepdf.Pdf) -> Iterator[str]:
    with document.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            yield str(item.title)
            waiting += item.children


def _notes(page: pikepdf.Page) -> tuple[int, tuple[str, ...]]:
    """How many notes a page carries, and the addresses outside that it links to; a link within the paper is neither."""
    notes, links = 0, []
    for note in page.get("/Annots", pikepdf.Array()):
        if note.get("/Subtype") != pikepdf.Name.Link:
            notes += 1
        elif (address := note.get("/A", pikepdf.Dictionary()).get("/URI")) is not None:
            links.append(str(address))
    return notes, tuple(links)


def _page(page: pypdfium2.PdfPage, notes: int, links: tuple[str, ...]) -> PageLook:
    height, text = page.get_height(), page.get_textpage()
    runs, images, coloured = [], 0, False
    for one in page.get_objects(max_depth=_DEEPEST):
        if one.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            images += 1
        coloured = coloured or (one.type in _PAINTED and any(_is_coloured(said) for said in _colours(one)))
        if one.type == pdfium.FPDF_PAGEOBJ_TEXT and (run := _run(one, text, height)):
            runs.append(run)
    return PageLook(tuple(runs), images, coloured, notes, links)


def _run(one: pypdfium2.PdfObject, text: pypdfium2.PdfTextPage, height: float) -> Run | None:
    said = _text(lambda buffer, size: pdfium.FPDFTextObj_GetText(one.raw, text.raw, buffer, size), "utf-16-le", ctypes.c_ushort)
    if not said.strip():
        return None
    font = pdfium.FPDFTextObj_GetFont(one.raw)
    name = _text(lambda buffer, size: pdfium.FPDFFont_GetBaseFontName(font, buffer, size), "utf-8", ctypes.c_char)
    _, foot, _, top = one.get_bounds()
    mode, fill = pdfium.FPDFTextObj_GetTextRenderMode(one.raw), _colour(one, pdfium.FPDFPageObj_GetFillColor)
    hidden = mode in _INVISIBLE or top - foot < TINY / 2 or (fill is not None and (fill[3] == 0 or min(fill[:3]) >= WHITE))
    return Run(said, height - foot, foot, name, hidden)


def _text(ask: Callable[[object, int], int], encoding: str, unit: type[ctypes.c_ushort | ctypes.c_char]) -> str:
    """A text of the library's: asked for its length in bytes, then for itself."""
    size = ask(None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    ask(ctypes.cast(buffer, ctypes.POINTER(unit)), size)
    return buffer.raw[:size].decode(encoding, "replace").rstrip("\0")


Colour = tuple[int, int, int, int]


def _colour(one: pypdfium2.PdfObject, ask: Callable[..., int]) -> Colour | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    red, green, blue, alpha = parts
    return (red.value, green.value, blue.value, alpha.value) if ask(one.raw, *parts) else None


def _colours(one: pypdfium2.PdfObject) -> Iterator[Colour | None]:
    """What an object is painted with."""
    fills, strokes = True, False
    if one.type == pdfium.FPDF_PAGEOBJ_PATH:
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(one.raw, mode, stroke)
        fills, strokes = mode.value != 0, bool(stroke.value)
    if fills:
        yield _colour(one, pdfium.FPDFPageObj_GetFillColor)
    if strokes:
        yield _colour(one, pdfium.FPDFPageObj_GetStrokeColor)


def _is_coloured(said: Colour | None) -> bool:
    return said is not None and said[3] > 0 and max(said[:3]) - min(said[:3]) > GREY
