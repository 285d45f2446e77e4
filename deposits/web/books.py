"""Finance's page of the books of each day: what did not agree, closed by signature; with a filter and as a workbook."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.sheets import as_workbook
from deposits.queries import books as queries
from deposits.services import books
from deposits.web import texts_books as words

api = APIBlueprint("deposit_books", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_book_pages", __name__)


def _page() -> queries.BooksPage:
    open_only, sought = request.args.get("standing", "") == "1", request.args.get("q", "")[:60]
    return read(lambda session: queries.page(session, open_only, sought))


@blueprint.get("/finance/books")
@requires(Role.FINANCE)
@quiet
def page() -> ResponseReturnValue:
    """The compared days and their differences."""
    facts = {"view": _page(), "sought": request.args.get("q", "")[:60], "standing": request.args.get("standing", "") == "1"}
    return render_template("deposits/books.html", **facts, **words.WORDS)


@blueprint.get("/finance/books.xlsx")
@requires(Role.FINANCE)
@quiet
def page_sheet() -> Response:
    """The differences as a workbook."""
    rows = [
        [
            *(line.day.isoformat(), str(words.DIFFERENCE_KINDS[line.kind]), line.ref, yuan_of(line.fen), line.lot, line.party),
            *(str(words.DIFFERENCE_STATES[line.state]), "" if line.cause is None else str(words.CAUSES[line.cause]), line.reason),
            *(line.closed_by, beijing(line.closed_at) if line.closed_at else ""),
        ]
        for line in _page().differences
    ]
    return as_workbook(words.SHEET, words.COLUMNS, rows, "books.xlsx")


@blueprint.get("/finance/books/days.xlsx")
@requires(Role.FINANCE)
@quiet
def days_sheet() -> Response:
    """The compared days as a workbook; while any lot is sealed without entries and balances, as on the page."""
    rows = [
        [
            *(day.day.isoformat(), beijing(day.compared_at), "" if day.entries is None else str(day.entries)),
            *("" if day.closing is None else str(day.closing), str(day.open), str(day.closed)),
        ]
        for day in _page().days
    ]
    return as_workbook(words.DAYS_SHEET, words.DAY_COLUMNS, rows, "days.xlsx")


def yuan_of(fen: int) -> str:
    """Signed fen as yuan with two decimals."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


@api.post("/finance/books/closings", summary="Close a difference between the books of a day")
@requires(Role.FINANCE)
@quiet
def close(body: ActForm) -> Response:
    """`difference.close` {difference, day, kind, cause, reason}, step-up."""
    signed = read_act(body)
    return jsonify(perform(lambda work: books.close(work, signed)))
