"""Technical bids as PDF, each with one mark by which it could be recognised; made by typst and pikepdf."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import typst

FIRM, USCC = "华建工程集团有限公司", "91310000MA1K3YJ12X"
FONT = "Noto Serif CJK SC"
BODY = f'#set page(width: 21cm, height: 29.7cm, margin: 2.6cm)\n#set text(font: "{FONT}", size: 12pt)\n'
TEXT = "盾构施工组织设计，共二十环。\n#pagebreak()\n质量保证措施。\n#pagebreak()\n安全文明施工。"
SQUARE = "#image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>\"))"


def made(source: str, text: str = TEXT) -> bytes:
    """A paper set by typst, without the properties that typst writes."""
    return changed(typst.compile((BODY + source + "\n" + text).encode()), lambda _: None)


def changed(paper: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The same paper, without bookmarks and properties, and with what `change` does to it."""
    with pikepdf.open(io.BytesIO(paper)) as document:
        for name in ("/Outlines", "/Metadata", "/StructTreeRoot", "/MarkInfo"):
            if name in document.Root:
                del document.Root[name]
        del document.docinfo
        change(document)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
        return out.getvalue()


def clean() -> bytes:
    """Nothing but black text in the demanded face."""
    return made("")


def _property(document: pikepdf.Pdf) -> None:
    document.docinfo["/Author"] = "周敏"


def _producer(document: pikepdf.Pdf) -> None:
    document.docinfo["/Producer"] = "华建工程 PDF 打印机"


def _bookmark(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("第一章", 0))


def _attachment(document: pikepdf.Pdf) -> None:
    document.attachments["营业执照.txt"] = pikepdf.AttachedFileSpec(document, b"x", filename="营业执照.txt")


def _layer(document: pikepdf.Pdf) -> None:
    group = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="层"))
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([group]), D=pikepdf.Dictionary(Order=pikepdf.Array([group])))


def _annotation(document: pikepdf.Pdf) -> None:
    box = pikepdf.Array([100, 100, 120, 120])
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=box, Contents="批注")
    document.pages[1].Annots = pikepdf.Array([document.make_indirect(note)])


def _picture(document: pikepdf.Pdf) -> None:
    page = document.pages[2]
    picture = document.make_stream(b"\0" * 64, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=8, Height=8)
    picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    page.add_resource(picture, pikepdf.Name.XObject, pikepdf.Name.Logo)
    page.contents_add(b"q 40 0 0 40 100 400 cm /Logo Do Q")


MARKED: dict[str, tuple[str, tuple[int, ...], Callable[[], bytes]]] = {
    "an author": ("metadata", (), lambda: changed(clean(), _property)),
    "a producer that names the firm": ("metadata", (), lambda: changed(clean(), _producer)),
    "the firm's name in the text": ("name", (2,), lambda: made("", TEXT.replace("质量保证", "华建工程质量保证"))),
    "a telephone number": ("contact", (1,), lambda: made("", "联系电话 13812345678。\n" + TEXT)),
    "the firm's code": ("contact", (1,), lambda: made("", f"代码 91320000MA1K3YJ34X。\n{TEXT}")),
    "a bookmark": ("bookmark", (), lambda: changed(clean(), _bookmark)),
    "an attachment": ("attachment", (), lambda: changed(clean(), _attachment)),
    "layers": ("layer", (), lambda: changed(clean(), _layer)),
    "a header": ("header", (1, 2, 3), lambda: made("#set page(header: [精益求精])")),
    "page numbers": ("page_number", (1, 2, 3), lambda: made('#set page(numbering: "1 / 1")')),
    "a picture": ("image", (3,), lambda: changed(clean(), _picture)),
    "coloured text": ("colour", (1,), lambda: made("", '#text(fill: rgb("#c21d2b"))[重点]\n' + TEXT)),
    "a coloured line": ("colour", (1,), lambda: made("", '#line(stroke: rgb("#1859b7"))\n' + TEXT)),
    "another face": ("font", (1,), lambda: made("", '#text(font: "Noto Sans CJK SC")[重点]\n' + TEXT)),
    "white text": ("hidden", (1,), lambda: made("", "#text(fill: white)[白色文字]\n" + TEXT)),
    "a note": ("annotation", (2,), lambda: changed(clean(), _annotation)),
    "a link": ("link", (1,), lambda: made("", '#link("https://huajian.example.cn")[网址]\n' + TEXT)),
}
"""By what it carries: the kind of its only mark, the pages, and the paper."""
