"""Lists of guarantees: those of opened lots for finance and supervisors, with a filter, sums, and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, request

from core.kernel.roles import Role
from core.web.door import read
from core.web.filters import beijing
from core.web.guard import quiet, requires
from core.web.sheets import as_workbook
from deposits.queries import guarantee_lists as queries
from deposits.queries.guarantee_lists import Line
from deposits.web import texts_guarantees as words
from deposits.web.pages_guarantees import page
from deposits.web.texts_claims import CLAIM_STATES, GUARANTEE_COLUMNS, GUARANTEE_SHEET

blueprint = Blueprint("guarantee_lists", __name__)
WATCHING = (Role.FINANCE, Role.SUPERVISOR)


def _lines() -> tuple[Line, ...]:
    sought, standing = request.args.get("q", "")[:60], request.args.get("standing", "") == "1"
    return read(lambda session: queries.opened(session, sought, standing))


@blueprint.get("/finance/guarantees")
@requires(*WATCHING)
@quiet
def listed() -> str:
    """The guarantees of opened lots."""
    lines = _lines()
    facts = {"sought": request.args.get("q", "")[:60], "standing": request.args.get("standing", "") == "1"}
    return page("guarantees", lines=lines, totals=queries.totals(lines), **facts)


@blueprint.get("/finance/guarantees.xlsx")
@requires(*WATCHING)
@quiet
def listed_sheet() -> Response:
    """The same as a workbook."""
    return workbook_of("guarantees", _lines())


def workbook_of(name: str, lines: Sequence[Line]) -> Response:
    """A workbook of guarantees; who may have it is decided before."""
    return as_workbook(GUARANTEE_SHEET, GUARANTEE_COLUMNS, [_row(line) for line in lines], f"{name}.xlsx")


def _row(line: Line) -> list[str]:
    view = line.view
    said = [view.lot, view.org_name, str(words.PRODUCTS[view.product]), view.guarantor, view.guarantee_no, str(view.amount)]
    until = beijing(view.valid_to) if view.valid_to else ""
    faults = "；".join(str(words.FAULTS[fault]) for fault in view.faults)
    claim = line.claims[0] if line.claims else None
    claimed = ["", ""] if claim is None else [str(claim.amount), str(CLAIM_STATES[claim.state])]
    return [*said, until, str(words.GUARANTEE_STATES[view.state]), faults, str(words.ENDS[view.reason]), *claimed]
