"""Pages and API of suspense: what matched nothing, and what finance signs about it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.money import Money
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.sheets import as_workbook
from deposits.domain.deposit import NO_LOT, chain_of
from deposits.queries import suspense as queries
from deposits.queries.suspense import Suspended
from deposits.services import suspense
from deposits.web.forms import LotPath
from deposits.web.texts_suspense import SHEETS, SUSPENSE_COLUMNS, SUSPENSE_STATES, WORDS

api = APIBlueprint("deposit_suspense", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_suspense_pages", __name__)


def _sought() -> tuple[str, bool]:
    return request.args.get("q", "")[:60].strip(), request.args.get("standing", "") == "1"


def _found() -> tuple[Suspended, ...]:
    sought, standing = _sought()
    return read(lambda session: queries.listed(session, sought, standing))


@blueprint.get("/finance/suspense")
@requires(Role.FINANCE)
@quiet
def listed() -> ResponseReturnValue:
    """Payments that matched nothing, with a filter and their sum."""
    rows, (sought, standing) = _found(), _sought()
    total = Money(sum(row.amount.fen for row in rows))
    return render_template("deposits/suspense.html", rows=rows, total=total, sought=sought, standing=standing, **WORDS)


@blueprint.get("/finance/suspense.xlsx")
@requires(Role.FINANCE)
@quiet
def sheet() -> Response:
    """The same as a workbook."""
    return as_workbook(SHEETS["suspense"], SUSPENSE_COLUMNS, [_cells(row) for row in _found()], "suspense.xlsx")


def _cells(row: Suspended) -> list[str]:
    decided = beijing(row.decided_at) if row.decided_at else ""
    told = [row.ref, row.payer, row.account, row.sub_account, str(row.amount), beijing(row.value_at)]
    return [*told, str(SUSPENSE_STATES[row.state]), row.reason, row.decided_by, decided]


@blueprint.get("/finance/suspense/<ref>")
@requires(Role.FINANCE)
@quiet
def one(ref: str) -> ResponseReturnValue:
    """One of them, and what may be decided about it."""
    row, candidates = read(lambda session: queries.one(session, ref))
    return render_template("deposits/suspended.html", row=row, candidates=candidates, no_lot=NO_LOT, chain_of=chain_of, **WORDS)


@api.post("/finance/suspense/return", summary="Send nobody's payment back")
@requires(Role.FINANCE)
@quiet
def send_back(body: ActForm) -> Response:
    """`suspense.return` {ref, reason}, step-up: to the account it came from."""
    asked = read_act(body)
    return jsonify(perform(lambda work: suspense.send_back(work, asked)))


@api.post("/lots/<number>/deposits/assign", summary="Say whose deposit nobody's payment is")
@requires(Role.FINANCE)
@quiet
def assign(path: LotPath, body: ActForm) -> Response:
    """`suspense.assign` {ref, deposit, reason}, step-up: under the rules that it would have met at the right sub-account."""
    asked = read_act(body)
    return jsonify(perform(lambda work: suspense.assign(work, path.number, asked)))
