"""Finance's pages of old ledgers: hand a sheet in, look through what became of it, sign, publish, and hand over what nobody claims."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.guard import quiet, requires
from core.web.i18n import LANGUAGES
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import as_workbook, cells_of, letter
from core.web.texts import sentence
from core.web.threads import natively
from deposits.domain.dormant import Payer, Reason, Way
from deposits.domain.dormant_said import MOST_ROWS
from deposits.domain.dormant_sheet import COLUMNS, Around, Sheet, read_sheet
from deposits.queries import dormant, dormant_lists, handing_over
from deposits.queries import dormant_ledgers as queries
from deposits.services import dormant_ledgers
from deposits.web import texts_dormant as words
from deposits.web.forms_dormant import LedgerPath, WayQuery
from deposits.web.pages_dormant import keep_paper, page, today

FAULTS_SHOWN = 200  # rows of the page; the workbook has them all
blueprint = Blueprint("dormant_ledger_pages", __name__)


@blueprint.get("/finance/dormant/template.xlsx")
@requires(Role.FINANCE)
@quiet
def template() -> Response:
    """An empty sheet with the columns that an import reads."""
    return as_workbook(words.SHEET_NAME, words.SHEET_COLUMNS.values(), [], "dormant-template.xlsx")


@blueprint.get("/finance/dormant/ledgers")
@requires(Role.FINANCE)
@quiet
def listed() -> str:
    """Hand a sheet in; those handed in before."""
    return _listed([])


def _listed(errors: list[tuple[str, str]]) -> str:
    return page("dormant_ledgers", ledgers=read(queries.listed), errors=errors, title=request.form.get("title", ""))


@blueprint.post("/finance/dormant/ledgers")
@requires(Role.FINANCE)
@quiet
def hand_in() -> ResponseReturnValue:
    """Reads the sheet row by row and keeps what became of it; nothing stands on the ledger yet."""
    given, title = request.files.get("sheet"), request.form.get("title", "").strip()
    try:
        if not 2 <= len(title) <= 120:
            raise RuleBroken("dormant.name_missing")
        if given is None or not given.filename:
            raise RuleBroken("sheet.none")
        content = given.stream.read()
        found = _read(content)
        number = perform(lambda work: dormant_ledgers.preview(work, found, title, sha256(content).hexdigest()))
        keep_paper(number)
    except Refusal as refusal:
        field = "title" if refusal.code == "dormant.name_missing" else "sheet"
        return _listed([(field, sentence(refusal, platform().sentences))]), status_of(refusal)
    return redirect(f"/finance/dormant/ledgers/{number}", 303)


def _read(content: bytes) -> Sheet:
    headings = list[list[str]]()
    kinds, reasons = {one.value: one for one in Payer}, {one.value: one for one in Reason}
    answers = {"yes": True, "no": False}
    for language in LANGUAGES:
        with force_locale(LANGUAGES[language]):
            headings.append([str(head) for head in words.SHEET_COLUMNS.values()])
            kinds |= {str(name): kind for kind, name in words.PAYERS.items()}
            reasons |= {str(name): reason for reason, name in words.REASONS.items()}
            answers |= {str(name): answer for answer, name in words.ANSWERS.items()}
    around = Around(today(), kinds, reasons, answers, read(dormant.known_keys))

    def work_through() -> Sheet:
        cells = cells_of(content)
        heads = next((one for one in headings if cells and cells[0][:1] == one[:1]), headings[0])
        return read_sheet(cells, heads, around)

    return natively(work_through)


@blueprint.get("/finance/dormant/ledgers/<ledger>")
@requires(Role.FINANCE)
@quiet
def one(ledger: str) -> str:
    """What became of a sheet, row by row; once it is booked, what may be done for all of its deposits."""
    number = LedgerPath(ledger=ledger).ledger
    view, rows = read(lambda session: queries.one(session, number)), read(lambda session: queries.shown(session, number))
    faults = [_fault(fault) for fault in view.faults[:FAULTS_SHOWN]]
    arrivals = read(queries.arrivals)
    unsought = read(lambda session: handing_over.unsought(session, number, MOST_ROWS))
    return page("dormant_ledger", view=view, rows=rows, faults=faults, arrivals=arrivals, unsought=unsought, today=today())


@blueprint.get("/finance/dormant/ledgers/<ledger>/faults.xlsx")
@requires(Role.FINANCE)
@quiet
def faults_sheet(ledger: str) -> Response:
    """Every row that is out, and what is to be mended, as a workbook."""
    number = LedgerPath(ledger=ledger).ledger
    view = read(lambda session: queries.one(session, number))
    rows = [[str(row), f"{place} {column}".strip(), said] for row, place, column, said in map(_fault, view.faults)]
    return as_workbook(words.SHEET_NAME, words.FAULT_COLUMNS, rows, f"{number}-faults.xlsx")


def _fault(fault: Mapping[str, Any]) -> tuple[int, str, object, str]:
    """The row, the column by its letter and its name, and the sentence."""
    columns = [column.value for column in COLUMNS]
    return fault["row"], letter(columns, str(fault["column"])), words.SHEET_COLUMNS.get(_column(fault["column"]), ""), _said(fault)


def _column(name: object) -> Any:
    return next((column for column in COLUMNS if column.value == name), None)


def _said(fault: Mapping[str, Any]) -> str:
    facts = fault["facts"] if isinstance(fault["facts"], dict) else {}
    return sentence(Refusal(str(fault["code"]), **facts), platform().sentences)


@blueprint.post("/finance/dormant/ledgers/<ledger>/discard")
@requires(Role.FINANCE)
@quiet
def discard(ledger: str) -> ResponseReturnValue:
    """Finance does not want it."""
    number = LedgerPath(ledger=ledger).ledger
    perform(lambda work: dormant_ledgers.discard(work, number))
    flash(str(words.DONE["discarded"]), "ok")
    return redirect("/finance/dormant/ledgers", 303)


@blueprint.get("/finance/dormant/ledgers/<ledger>/hand-over")
@requires(Role.FINANCE)
@quiet
def hand_over(ledger: str) -> str:
    """What of an old ledger may go to a notary or to the finance office now, and what keeps the rest."""
    number, way = LedgerPath(ledger=ledger).ledger, WayQuery.model_validate(request.args.to_dict()).way
    chosen, day = way if way is not Way.REFUND else Way.NOTARY, today()
    view = read(lambda session: queries.one(session, number))
    ready = read(lambda session: handing_over.ready(session, number, day, MOST_ROWS))
    kept = read(lambda session: dormant_lists.page(session, dormant_lists.Filter(ledger=number), day))
    return page("dormant_hand_over", view=view, way=chosen, ready=ready, count=kept.count, fresh=str(uuid4()), Way=Way)
