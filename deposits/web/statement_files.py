"""The bank's statements handed in as sheets: the template, the preview row by row, the signature under it, and how far it has come."""

from __future__ import annotations

import csv
from hashlib import sha256
from io import StringIO
from uuid import UUID

from flask import Blueprint, Response, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import MOST_BYTES, as_workbook, cells_of, letter
from core.web.texts import sentence
from core.web.threads import natively
from deposits.domain.statement_file import Sheet, read_sheet
from deposits.queries import statement_files as queries
from deposits.services import statement_files
from deposits.web.texts_suspense import FAULT_COLUMNS, FILE_COLUMNS, FILE_STATES, HANDED_IN_COLUMNS, SHEETS, WORDS

api = APIBlueprint("deposit_statement_files", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_statement_file_pages", __name__)


@blueprint.get("/finance/statements/template.xlsx")
@requires(Role.FINANCE)
@quiet
def template() -> Response:
    """An empty sheet with the columns that are read."""
    return as_workbook(SHEETS["statement"], FILE_COLUMNS.values(), [], "bank-statement-template.xlsx")


@blueprint.get("/finance/statements")
@requires(Role.FINANCE)
@quiet
def listed() -> str:
    """Hand a sheet in; those handed in before."""
    return _listed([])


def _listed(errors: list[tuple[str, str]]) -> str:
    return render_template("deposits/statement_files.html", files=read(queries.latest), errors=errors, **WORDS)


@blueprint.get("/finance/statements.xlsx")
@requires(Role.FINANCE)
@quiet
def listed_sheet() -> Response:
    """The sheets handed in before, as a workbook."""
    rows = [
        [
            *(one.file_name, beijing(one.handed_in_at), str(one.rows), str(len(one.faults)), str(one.booked), str(one.known)),
            *(str(FILE_STATES[one.state]), one.file_sha256),
        ]
        for one in read(queries.latest)
    ]
    return as_workbook(SHEETS["statements"], HANDED_IN_COLUMNS, rows, "statements.xlsx")


@blueprint.post("/finance/statements")
@requires(Role.FINANCE)
@quiet
def hand_in() -> ResponseReturnValue:
    """Reads the sheet row by row and keeps what became of each; nothing is booked yet."""
    given = request.files.get("sheet")
    try:
        if given is None or not given.filename:
            raise RuleBroken("sheet.none")
        content, name = given.stream.read(), given.filename
        sheet, digest = _read(content, name), sha256(content).hexdigest()
        kept = perform(lambda work: statement_files.preview(work, sheet, name, digest))
    except Refusal as refusal:
        return _listed([("sheet", sentence(refusal, platform().sentences))]), status_of(refusal)
    return redirect(f"/finance/statements/{kept}", 303)


def _read(content: bytes, name: str) -> Sheet:
    headings = list[list[str]]()
    for language in ("zh", "en"):
        with force_locale(language):
            headings.append([str(head) for head in FILE_COLUMNS.values()])
    now = read(platform().door.clock)

    def work_through() -> Sheet:
        cells = _comma_separated(content) if name.lower().endswith((".csv", ".txt")) else cells_of(content)
        heads = next((one for one in headings if cells and cells[0][:1] == one[:1]), headings[0])
        return read_sheet(cells, heads, now)

    return natively(work_through)


def _comma_separated(content: bytes) -> list[list[str]]:
    """The cells of a CSV file as banks and spreadsheets write it: UTF-8 or GBK, with commas, semicolons or tabs."""
    if len(content) > MOST_BYTES:
        raise RuleBroken("sheet.too_large", most=MOST_BYTES // 1024**2)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise RuleBroken("bank_statement.encoding")
    first = text.partition("\n")[0]
    mark = max((",", ";", "\t"), key=first.count)
    try:
        return [[cell.removeprefix("'") for cell in row] for row in csv.reader(StringIO(text, newline=""), delimiter=mark)]
    except csv.Error:
        raise RuleBroken("sheet.unreadable") from None


@blueprint.get("/finance/statements/<uuid:file_id>")
@requires(Role.FINANCE)
@quiet
def one(file_id: UUID) -> str:
    """What became of a sheet, row by row, and what may be done about it."""
    view = read(lambda session: queries.one(session, file_id))
    return render_template("deposits/statement_file.html", view=view, faults=_faults(view), **WORDS)


@blueprint.get("/finance/statements/<uuid:file_id>/faults.xlsx")
@requires(Role.FINANCE)
@quiet
def faults_sheet(file_id: UUID) -> Response:
    """What is to be mended of a sheet, as a workbook."""
    view = read(lambda session: queries.one(session, file_id))
    rows = [[str(row), f"{place} {column}".strip(), said] for row, place, column, said in _faults(view)]
    return as_workbook(SHEETS["faults"], FAULT_COLUMNS, rows, "statement-faults.xlsx")


def _faults(view: queries.FileView) -> list[tuple[int, str, object, str]]:
    """Row, letter and name of the column, and the sentence."""
    return [
        (fault["row"], letter(tuple(FILE_COLUMNS), fault["column"]), FILE_COLUMNS.get(fault["column"], ""), _said(fault["code"]))
        for fault in view.faults
    ]


def _said(code: str) -> str:
    return sentence(RuleBroken(code), platform().sentences)


@blueprint.post("/finance/statements/<uuid:file_id>/discard")
@requires(Role.FINANCE)
@quiet
def discard(file_id: UUID) -> ResponseReturnValue:
    """Finance does not want it."""
    perform(lambda work: statement_files.discard(work, file_id))
    return redirect("/finance/statements", 303)


@api.post("/finance/statements", summary="Answer for the rows of a statement that was handed in")
@requires(Role.FINANCE)
@quiet
def confirm(body: ActForm) -> Response:
    """`bank_statement.import` {id, file_sha256, rows, left_out}, step-up: the clock books its rows."""
    asked = read_act(body)
    return jsonify(perform(lambda work: statement_files.confirm(work, asked)))
