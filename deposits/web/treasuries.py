"""Finance's page and API of the treasury account."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.sheets import as_workbook
from deposits.domain.treasury import CHAIN
from deposits.queries import treasuries as queries
from deposits.queries.treasuries import TreasuryView
from deposits.services import treasuries
from deposits.web import texts_treasury as words

api = APIBlueprint("deposit_treasury", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_treasury_pages", __name__)


def _listed() -> tuple[TreasuryView, ...]:
    person = actor().person
    return read(lambda session: queries.listed(session, person))


@blueprint.get("/finance/treasury")
@requires(Role.FINANCE)
@quiet
def page() -> ResponseReturnValue:
    """The account that holds, those that held, and the form to propose another."""
    return render_template("deposits/treasury.html", lines=_listed(), chain=CHAIN, **words.WORDS)


@blueprint.get("/finance/treasury.xlsx")
@requires(Role.FINANCE)
@quiet
def page_sheet() -> Response:
    """The same as a workbook."""
    rows = [
        [
            *(line.account.name, line.account.number, line.account.bank, line.source, str(words.TREASURY_STATES[line.state])),
            *(line.proposed_by, beijing(line.proposed_at), line.approved_by, beijing(line.approved_at) if line.approved_at else ""),
        ]
        for line in _listed()
    ]
    return as_workbook(words.SHEET, words.COLUMNS, rows, "treasury.xlsx")


@api.post("/finance/treasury", summary="Propose the treasury account")
@requires(Role.FINANCE)
@quiet
def propose(body: ActForm) -> Response:
    """`treasury.propose` {name, account, bank, source}, step-up."""
    signed = read_act(body)
    return jsonify(perform(lambda work: treasuries.propose(work, signed)))


@api.post("/finance/treasury/approval", summary="Approve the treasury account that another has proposed")
@requires(Role.FINANCE)
@quiet
def approve(body: ActForm) -> Response:
    """`treasury.approve` {proposal_sha256}, step-up."""
    signed = read_act(body)
    return jsonify(perform(lambda work: treasuries.approve(work, signed)))
