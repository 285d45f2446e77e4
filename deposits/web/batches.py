"""Finance's pages of refund batches and of interest rates, and the acts that are signed there."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import me, read_act
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.filters import beijing
from core.web.forms import ActForm, Query
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import as_workbook
from deposits.queries import batches as queries
from deposits.queries import rates
from deposits.services import batches
from deposits.services import rates as rate_services
from deposits.web import texts_batches as words
from deposits.web.texts import SHOWN_STATES, shown
from deposits.web.texts import WORDS as DEPOSIT_WORDS

api = APIBlueprint("deposit_batches", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_batch_pages", __name__)


class BatchPath(Query):
    """A batch by its sayable number."""

    batch: Annotated[str, Field(pattern=r"^TK[0-9]{8}-[0-9]{3,6}$")]


def _listed() -> tuple[queries.BatchLine, ...]:
    sought, unsettled = request.args.get("q", "")[:20], request.args.get("standing", "") == "1"
    return read(lambda session: queries.listed(session, sought, unsettled))


@blueprint.get("/finance/batches")
@requires(Role.FINANCE)
@quiet
def listed() -> ResponseReturnValue:
    """All batches with how far they are."""
    facts = {"lines": _listed(), "sought": request.args.get("q", "")[:20], "standing": request.args.get("standing", "") == "1"}
    return render_template("deposits/batches.html", **facts, **DEPOSIT_WORDS, **words.WORDS)


@blueprint.get("/finance/batches.xlsx")
@requires(Role.FINANCE)
@quiet
def listed_sheet() -> Response:
    """The same as a workbook."""
    rows = [
        [
            line.number,
            str(words.BATCH_STATES[line.state]),
            beijing(line.made_at),
            beijing(line.due_at),
            *(str(value) for value in (line.count, line.principal, line.interest, line.confirmed, line.sent, line.rejected)),
            " / ".join(name for name in (line.first, line.second) if name),
        ]
        for line in _listed()
    ]
    return as_workbook(words.SHEETS["batches"], words.BATCH_COLUMNS, rows, "batches.xlsx")


def _page(number: str) -> queries.BatchPage:
    path, person = BatchPath(batch=number), me()
    return read(lambda session: queries.page(session, path.batch, person))


@blueprint.get("/finance/batches/<batch>")
@requires(Role.FINANCE)
@quiet
def one(batch: str) -> ResponseReturnValue:
    """One batch: its refunds, and the release of one that waits for two persons."""
    return render_template("deposits/batch.html", view=_page(batch), **DEPOSIT_WORDS, **words.WORDS)


@blueprint.get("/finance/batches/<batch>.xlsx")
@requires(Role.FINANCE)
@quiet
def one_sheet(batch: str) -> Response:
    """The refunds of a batch as a workbook."""
    rows = [
        [
            *(paid.lot, paid.org_name, str(paid.principal), str(paid.interest), paid.account),
            *(str(SHOWN_STATES[shown(paid)]), paid.cause, beijing(paid.due_at), beijing(paid.confirmed_at) if paid.confirmed_at else ""),
        ]
        for paid in _page(batch).refunds
    ]
    return as_workbook(words.SHEETS["batch"], words.PAID_COLUMNS, rows, f"{batch}.xlsx")


@api.post("/finance/batches/<batch>/release", summary="Release a batch of refunds: the first or the second of two persons")
@requires(Role.FINANCE)
@quiet
def release(path: BatchPath, body: ActForm) -> Response:
    """`batch.release` {batch, count, principal_fen, refunds_sha256}, step-up."""
    signed = read_act(body)
    return jsonify(perform(lambda work: batches.release(work, path.batch, signed)))


def _rates() -> rates.RatePage:
    person, clock = me(), platform().door.clock
    return read(lambda session: rates.page(session, person, clock(session)))


@blueprint.get("/finance/rates")
@requires(Role.FINANCE)
@quiet
def rate_page() -> ResponseReturnValue:
    """The table of interest rates with its history."""
    return render_template("deposits/rates.html", view=_rates(), **words.WORDS)


@blueprint.get("/finance/rates.xlsx")
@requires(Role.FINANCE)
@quiet
def rate_sheet() -> Response:
    """The same as a workbook."""
    rows = [
        [
            *(line.since.isoformat(), str(line.yearly), line.source, str(words.RATE_STATES[line.state]), line.proposed_by),
            *(
                beijing(line.proposed_at) if line.proposed_at else "",
                line.approved_by,
                beijing(line.approved_at) if line.approved_at else "",
            ),
        ]
        for line in _rates().rates
    ]
    return as_workbook(words.SHEETS["rates"], words.RATE_COLUMNS, rows, "rates.xlsx")


@api.post("/finance/rates", summary="Propose an interest rate")
@requires(Role.FINANCE)
@quiet
def propose(body: ActForm) -> Response:
    """`rate.propose` {since, yearly, source}, step-up."""
    signed = read_act(body)
    return jsonify(perform(lambda work: rate_services.propose(work, signed)))


@api.post("/finance/rates/approval", summary="Approve an interest rate that another has proposed")
@requires(Role.FINANCE)
@quiet
def approve(body: ActForm) -> Response:
    """`rate.approve` {proposal_sha256}, step-up."""
    signed = read_act(body)
    return jsonify(perform(lambda work: rate_services.approve(work, signed)))
