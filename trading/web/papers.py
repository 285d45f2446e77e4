"""Notices as papers and sheets: one as a PDF, the list as it is filtered as CSV and XLSX."""

from __future__ import annotations

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
from core.web.sheets import CSV, ROWS, as_workbook, attachment, comma_separated, fresh
from core.web.threads import natively
from trading.gateway import render_notice
from trading.queries import notices as queries
from trading.queries.notices import NoticeLine, NoticeView
from trading.web.forms import NoticeSearch
from trading.web.notices import wanted
from trading.web.texts import CATEGORIES, REGIMES
from trading.web.texts_notice_head import common
from trading.web.texts_notices import NOTICE_KINDS, NOTICES
from trading.web.texts_public import COLUMNS, PAPER_AUTHOR, PAPER_CHECK, PAPER_CHECK_PLATFORM, SHEET

blueprint = Blueprint("trading_papers", __name__)


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
    return attachment(comma_separated(_heads(), _rows()), CSV, "notices.csv")


@blueprint.get("/notices.xlsx")
@public
@quiet
def as_xlsx() -> Response:
    """The filtered list as a workbook; every cell is text."""
    return as_workbook(SHEET, _heads(), _rows(), "notices.xlsx")


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
