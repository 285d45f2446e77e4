"""Page and API of sub-accounts without money: which can be cancelled, lot by lot, and which were."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.sheets import ROWS, as_workbook
from deposits.domain.deposit import chain_of
from deposits.queries import sub_accounts as queries
from deposits.services import sub_accounts
from deposits.web.forms import LotPath
from deposits.web.pages_dormant import page
from deposits.web.texts_sub_accounts import COLUMNS, SHEET

api = APIBlueprint("sub_accounts", __name__, url_prefix="/api/v1")
blueprint = Blueprint("sub_account_pages", __name__)
LATEST = 100


@blueprint.get("/finance/dormant/sub-accounts")
@requires(Role.FINANCE)
@quiet
def listed() -> str:
    """Lots with sub-accounts that hold nothing, and those cancelled last."""
    facts = {"lots": read(queries.empty_lots), "cancelled": read(lambda session: queries.cancelled(session, LATEST))}
    return page("sub_accounts", lot_chain=lot_chain, **facts)


def lot_chain(number: str) -> str:
    """The chain on which a lot's sub-accounts are cancelled."""
    return chain_of(number)


@blueprint.get("/finance/dormant/sub-accounts.xlsx")
@requires(Role.FINANCE)
@quiet
def sheet() -> Response:
    """Both as a workbook: the bank's list to close, and what was closed."""
    lots, over = read(queries.empty_lots), read(lambda session: queries.cancelled(session, ROWS))
    rows = [[lot.number, name, account, "", "", ""] for lot in lots for account, name in lot.accounts]
    rows += [[one.lot, one.org_name, one.sub_account, beijing(one.at), one.by, one.reason] for one in over]
    return as_workbook(SHEET, COLUMNS, rows, "sub-accounts.xlsx")


@api.post("/lots/<number>/sub-accounts/cancel", summary="Cancel sub-accounts that hold nothing")
@requires(Role.FINANCE)
@quiet
def cancel(path: LotPath, body: ActForm) -> Response:
    """`sub_account.cancel` {accounts, reason}, step-up: of an opened or ended lot, checked against the ledger."""
    asked = read_act(body)
    return jsonify(perform(lambda work: sub_accounts.cancel(work, path.number, asked)))
