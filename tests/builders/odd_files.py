"""Files as strangers may send them: sound ones, and one of every kind that is odd."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_FONT = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def pdf(*texts: str, change: Callable[[pikepdf.Pdf], object] | None = None, **saving: object) -> bytes:
    """A PDF with a page per text (letters without accents), changed before it is written."""
    made = pikepdf.new()
    for text in texts or ("Tender",):
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=_FONT))
        page.obj.Contents = made.make_stream(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode())
    made.docinfo["/Author"] = "Li Ming"
    made.docinfo["/Producer"] = "Paper mill 3.1"
    if change is not None:
        change(made)
    target = io.BytesIO()
    made.save(target, **saving)  # type: ignore[arg-type]
    return target.getvalue()


def with_script(made: pikepdf.Pdf) -> None:
    """JavaScript that runs when the file is opened."""
    made.Root.OpenAction = made.make_indirect(Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def with_launch(made: pikepdf.Pdf) -> None:
    """A link that starts a program, inside an annotation of the page."""
    action = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    made.pages[0].obj.Annots = Array([annotation])


def with_attachment(made: pikepdf.Pdf) -> None:
    """A file inside the file."""
    made.attachments["offer.exe"] = b"MZ"


def with_rich_media(made: pikepdf.Pdf) -> None:
    """Something that plays."""
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9]))
    made.pages[0].obj.Annots = Array([made.make_indirect(annotation)])


def with_xfa(made: pikepdf.Pdf) -> None:
    """A form that another program draws."""
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp:xdp/>"))


def with_page_action(made: pikepdf.Pdf) -> None:
    """Something that happens when a page is turned to."""
    made.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.URI, URI=String("http://example.cn/seen")))


def with_first_page(made: pikepdf.Pdf) -> None:
    """What word processors write: opens at the first page."""
    made.Root.OpenAction = Array([made.pages[0].obj, Name.Fit])


def with_bomb(made: pikepdf.Pdf) -> None:
    """A few hundred kilobytes that become hundreds of megabytes."""
    press = zlib.compressobj(9)
    packed = b"".join(press.compress(bytes(1 << 20)) for _ in range(200)) + press.flush()
    made.Root.Bomb = made.make_indirect(pikepdf.Stream(made, packed, Filter=Name.FlateDecode))


def with_nested_bomb(made: pikepdf.Pdf) -> None:
    """The same, packed twice."""
    press = zlib.compressobj(9)
    packed = zlib.compress(b"".join(press.compress(bytes(1 << 20)) for _ in range(200)) + press.flush(), 9)
    made.Root.Bomb = made.make_indirect(pikepdf.Stream(made, packed, Filter=Array([Name.FlateDecode, Name.FlateDecode])))


def archive(members: dict[str, bytes], change: Callable[[zipfile.ZipInfo], object] | None = None) -> bytes:
    """A compressed ZIP file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(entry)
            made.writestr(entry, content)
    return target.getvalue()


def as_link(entry: zipfile.ZipInfo) -> None:
    """Turns a member into a symbolic link."""
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16


def polyglot() -> bytes:
    """A PDF to one reader, a ZIP file to another."""
    return pdf() + archive({"hidden.txt": b"another offer"})
