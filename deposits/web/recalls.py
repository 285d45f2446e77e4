"""Page and API of recalls: refunds that are with the bank, what finance signs to stop one, and what the bank resolved."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.filters import beijing
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.sheets import as_workbook
from deposits.domain.deposit import chain_of
from deposits.queries import recalls as queries
from deposits.queries.recalls import RecallView
from deposits.services import recalls
from deposits.web import texts_recalls as words
from deposits.web.forms import LotPath
from deposits.web.texts import WORDS as DEPOSIT_WORDS

api = APIBlueprint("deposit_recalls", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_recall_pages", __name__)
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


def _listed() -> tuple[RecallView, ...]:
    person = actor().person
    return read(lambda session: queries.listed(session, person))


@blueprint.get("/finance/recalls")
@requires(Role.FINANCE)
@quiet
def listed() -> ResponseReturnValue:
    """Refunds that can be recalled, and recalls with the bank's resolution."""
    facts = {"underway": read(queries.underway), "recalls": _listed(), "chain_of": chain_of}
    return render_template("deposits/recalls.html", **facts, **DEPOSIT_WORDS, **words.WORDS)


@blueprint.get("/finance/recalls.xlsx")
@requires(Role.FINANCE)
@quiet
def listed_sheet() -> Response:
    """The recalls as a workbook."""
    return as_workbook(words.SHEET, words.COLUMNS, [_cells(one) for one in _listed()], "recalls.xlsx")


def _cells(one: RecallView) -> list[str]:
    head = [one.lot, one.org_name, str(one.total), one.account, str(words.RECALL_STATES[one.state]), one.reason]
    decided, answered = (beijing(at) if at else "" for at in (one.decided_at, one.answered_at))
    return [*head, one.proposer, beijing(one.proposed_at), one.approver, decided, answered, one.cause]


def _act(path: LotPath, body: ActForm, service: Service) -> Response:
    asked = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, asked)))


@api.post("/lots/<number>/recalls/proposal", summary="Propose to recall a refund")
@requires(Role.FINANCE)
@quiet
def propose(path: LotPath, body: ActForm) -> Response:
    """`recall.propose` {refund, total_fen, reason}, step-up: a refund that is with the bank shall be stopped."""
    return _act(path, body, recalls.propose)


@api.post("/lots/<number>/recalls/approval", summary="Approve that a refund be recalled")
@requires(Role.FINANCE)
@quiet
def approve(path: LotPath, body: ActForm) -> Response:
    """`recall.approve` {proposal_sha256, reason}, step-up: another person than who proposed; the bank is asked."""
    return _act(path, body, recalls.approve)


@api.post("/lots/<number>/recalls/drop", summary="Do not recall a refund")
@requires(Role.FINANCE)
@quiet
def drop(path: LotPath, body: ActForm) -> Response:
    """`recall.drop` {proposal_sha256, reason}, step-up: the bank is not asked."""
    return _act(path, body, recalls.drop)
