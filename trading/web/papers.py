"""Notices as papers and sheets: one as a PDF, the list as it is filtered as CSV and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import force_locale

from core.kernel.calendar import legal_day
from core.kernel.errors import RuleBroken
from core.web.door import read
from core.web.filters import beijing
from core.web.guard import public, quiet
from core.web.i18n import LANGUAGES
from core.web.platform import platform
from core.web.threads import natively
from trading.gateway import render_notice
from trading.queries import notices as queries
from trading.queries.notices import NoticeLine, NoticeView
from trading.web.forms import NoticeSearch
from trading.web.notices import wanted
from trading.web.shown import fresh
from trading.web.texts import CATEGORIES, REGIMES
from trading.web.texts_notice_head import common
from trading.web.texts_notices import NOTICE_KINDS, NOTICES
from trading.web.texts_public import COLUMNS, PAPER_AUTHOR, PAPER_CHECK, PAPER_CHECK_PLATFORM, SHEET

blueprint = Blueprint("trading_papers", __name__)
ROWS = 5_000  # more than this is no table any more: the open data has it all
MADE = datetime(2000, 1, 1, tzinfo=UTC)  # inside the sheet's file, so that the same rows are the same bytes
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute (OWASP, CSV injection)


@blueprint.get("/notices/<number>.pdf")
@public
@quiet
def paper(number: str) -> Response:
    """One notice as PDF/A-2b in Chinese: the same notice gives the same bytes."""
    view = read(lambda session: queries.by_number(session, number))
    with force_locale(LANGUAGES["zh"]):
        data = _said(view)
    answer = Response(natively(lambda: render_notice(data, view.line.published_at)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{view.line.number}.pdf"'
    return fresh(answer, shared=True)


def _said(view: NoticeView) -> dict[str, Any]:
    """The notice as the template wants it, in plain text."""
    line, said = view.line, NOTICES[view.line.kind].tells(view)
    facts = [{"label": str(name), "value": value, "mono": False} for name, value in common(view)]
    facts += [{"label": str(fact.label), "value": fact.value, "mono": fact.is_digest} for fact in said.facts]
    table = said.table and {"caption": str(said.table.caption), "heads": [str(head) for head in said.table.heads], "rows": said.table.rows}
    return {
        "title": line.title,
        "kind": str(NOTICE_KINDS[line.kind]),
        "number": line.number,
        "author": str(PAPER_AUTHOR),
        "date": legal_day(line.published_at).isoformat(),
        "facts": facts,
        "table": table,
        "remarks": list(said.remarks),
        "signer": line.tenderer_name if view.signed_sha256 else str(PAPER_AUTHOR),
        "check": str(PAPER_CHECK if view.signed_sha256 else PAPER_CHECK_PLATFORM),
        "digest": view.signed_sha256,
        "address": f"{platform().settings.origin}/notices/{line.number}",
    }


@blueprint.get("/notices.csv")
@public
@quiet
def as_csv() -> Response:
    """The filtered list for a spreadsheet: UTF-8 with its mark, and no cell that would be computed."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_heads())
    writer.writerows([[defused(cell) for cell in row] for row in _rows()])
    return attachment(("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8", "notices.csv")


@blueprint.get("/notices.xlsx")
@public
@quiet
def as_xlsx() -> Response:
    """The filtered list as a workbook; every cell is text."""
    heads, rows = _heads(), _rows()
    return attachment(natively(lambda: workbook(str(SHEET), heads, rows)), XLSX, "notices.xlsx")


def workbook(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A sheet whose every cell is text: the same rows are the same bytes."""
    from xlsxwriter import Workbook

    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}) as book:
        book.set_properties({"created": MADE.replace(tzinfo=None)})
        sheet, bold = book.add_worksheet(name), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, row in enumerate([heads, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, bold if place == 0 else None)
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
        sheet.set_column(0, len(heads) - 1, 24)
    return out.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + cell if cell.startswith(FORMULA) else cell


def attachment(content: bytes, media: str, name: str) -> Response:
    """A file to be kept."""
    answer = Response(content, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return fresh(answer, shared=False)


def _heads() -> list[str]:
    return [str(head) for head in COLUMNS]


def _rows() -> list[list[str]]:
    query = NoticeSearch.model_validate(request.args.to_dict())
    found = read(lambda session: queries.lines(session, wanted(query), ROWS + 1))
    if len(found) > ROWS:
        raise RuleBroken("notice.export.too_many", most=ROWS)
    return [_row(line) for line in found]


def _row(line: NoticeLine) -> list[str]:
    named = (str(NOTICE_KINDS[line.kind]), line.title, line.lot_number, line.project_title, line.lot_title, line.tenderer_name, line.region)
    kinds = (str(REGIMES[line.regime]), str(CATEGORIES[line.category]))
    return [line.number, *named, *kinds, beijing(line.published_at), beijing(line.deadline)]
