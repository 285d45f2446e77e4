"""Tables as files: workbooks and CSV that go out with every cell as text, and the cells of a workbook that comes in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from flask import Response, request

from core.kernel.errors import RuleBroken
from core.web.threads import natively

ROWS = 5_000  # more than this is no table any more: the open data has it all
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # inside the sheet's file, so that the same rows are the same bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute (OWASP, CSV injection)
LONGEST_TAB = 31
MOST_BYTES, MOST_INFLATED = 5 * 1024**2, 60 * 1024**2


def workbook(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A sheet whose every cell is text: the same rows are the same bytes."""
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"created": MADE.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet(tab(name)), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, bold if place == 0 else None)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        sheet.set_column(0, len(heads) - 1, 24)
    return out.getvalue()


def tab(title: str) -> str:
    """A title as the tab of a sheet can bear it: at most 31 characters, none of `[]:*?/\\`, no apostrophe at its ends."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:LONGEST_TAB].strip("' ")


def as_workbook(title: object, heads: Iterable[object], rows: Sequence[Sequence[str]], name: str) -> Response:
    """A workbook to be kept, called `name`. Title and heads are said here, in the reader's language: the native thread that writes it
    knows no reader."""
    said, columns = str(title), [str(head) for head in heads]
    return attachment(natively(lambda: workbook(said, columns, rows)), XLSX, name)


def comma_separated(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """The same as CSV: UTF-8 with its mark, and no cell that would be computed."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([[defused(cell) for cell in row] for row in rows])
    return ("\ufeff" + out.getvalue()).encode()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def attachment(content: bytes, media: str, name: str) -> Response:
    """A file to be kept."""
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return fresh(answer, shared=False)


def fresh(answer: Response, shared: bool) -> Response:
    """The answer with an ETag of its content, or 304 for who has it already; `shared`: the same for everybody, so caches may keep it."""
    answer.add_etag()
    answer.headers["Cache-Control"] = "public, no-cache" if shared else "private, no-cache"
    answer.make_conditional(request)
    return answer


def cells_of(content: bytes) -> list[list[str]]:
    """The cells of a workbook's first sheet as text; raises RuleBroken for what is no workbook, or too much of one. Blocking."""
    from python_calamine import CalamineError, CalamineWorkbook  # imported where it is used

    if len(content) > MOST_BYTES:
        raise RuleBroken("sheet.too_large", most=MOST_BYTES // 1024**2)
    try:
        with ZipFile(BytesIO(content)) as archive:
            inflated = sum(member.file_size for member in archive.infolist())
        if inflated > MOST_INFLATED:
            raise RuleBroken("sheet.too_large", most=MOST_BYTES // 1024**2)
        rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (BadZipFile, CalamineError, IndexError, ValueError):
        raise RuleBroken("sheet.unreadable") from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """A cell as people read it; a whole number without its `.0`."""
    written = str(cell)
    return written.removesuffix(".0") if isinstance(cell, float) else written


def letter(columns: Sequence[str], column: str) -> str:
    """The letter of a column, as the spreadsheet shows it; "" for none."""
    return chr(ord("A") + list(columns).index(column)) if column in columns else ""
