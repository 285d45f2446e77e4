"""Pages and API of requests that a refund go to another account: the firm's own, and finance's with a filter and as a workbook."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read, viewer
from core.web.filters import beijing
from core.web.forms import ActForm, Digest
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import as_workbook
from deposits.domain.deposit import chain_of
from deposits.queries import new_accounts as queries
from deposits.queries import requirements
from deposits.queries.new_accounts import RequestView
from deposits.services import new_accounts
from deposits.web import texts_new_accounts as words
from deposits.web.forms import LotPath

api = APIBlueprint("deposit_new_accounts", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_new_account_pages", __name__)
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


class ProofPath(LotPath):
    """A file of a request."""

    sha256: Digest


def _sought() -> tuple[str, bool]:
    return request.args.get("q", "")[:60], request.args.get("standing", "") == "1"


def _listed() -> tuple[RequestView, ...]:
    sought, standing, person = *_sought(), actor().person
    return read(lambda session: queries.listed(session, person, sought, standing))


@blueprint.get("/finance/accounts")
@requires(Role.FINANCE)
@quiet
def listed() -> ResponseReturnValue:
    """What firms have asked for, and what finance may sign about it."""
    sought, standing = _sought()
    facts = {"lines": _listed(), "sought": sought, "standing": standing, "chain_of": chain_of}
    return render_template("deposits/new_accounts.html", **facts, **words.WORDS)


@blueprint.get("/finance/accounts.xlsx")
@requires(Role.FINANCE)
@quiet
def listed_sheet() -> Response:
    """The same as a workbook."""
    rows = [
        [
            *(line.lot, line.org_name, str(line.amount), str(words.CAUSES.get(line.cause, line.cause)), line.old_account),
            *(line.name, line.number, line.bank, line.reason, str(words.ACCOUNT_STATES[line.state]), line.first, line.second),
            *(line.answer, beijing(line.asked_at), beijing(line.decided_at) if line.decided_at else ""),
        ]
        for line in _listed()
    ]
    return as_workbook(words.SHEET, words.COLUMNS, rows, "accounts.xlsx")


@blueprint.get("/lots/<number>/deposit/accounts/<uuid:refund>")
@requires(Role.BIDDER)
@quiet
def own(number: str, refund: UUID) -> ResponseReturnValue:
    """A firm's refund that came back: the form to ask for another account, and what became of it."""
    org = requirements.own_org(actor())
    view = read(lambda session: queries.own(session, number, refund, org))
    return render_template("deposits/new_account.html", view=view, firm=viewer().org, chain_of=chain_of, **words.WORDS)


@api.post("/lots/<number>/deposit/accounts", summary="Ask that a refund go to another account of the firm")
@requires(Role.BIDDER)
@quiet
def ask(path: LotPath, body: ActForm) -> Response:
    """`account.ask` {refund, firm, name, account, bank, reason, proof}, step-up; `proof` is a list of {name, sha256, size} of files
    that the signer has uploaded."""
    return _act(path, body, new_accounts.ask)


@api.post("/lots/<number>/deposits/accounts/approval", summary="Approve another account for a refund")
@requires(Role.FINANCE)
@quiet
def approve(path: LotPath, body: ActForm) -> Response:
    """`account.approve` {request_sha256, account}, step-up: two different persons, one after the other."""
    return _act(path, body, new_accounts.approve)


@api.post("/lots/<number>/deposits/accounts/refusal", summary="Refuse another account for a refund")
@requires(Role.FINANCE)
@quiet
def refuse(path: LotPath, body: ActForm) -> Response:
    """`account.refuse` {request_sha256, reason}, step-up."""
    return _act(path, body, new_accounts.refuse)


def _act(path: LotPath, body: ActForm, service: Service) -> Response:
    signed = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, signed)))


@api.get("/lots/<number>/deposits/accounts/proofs/<sha256>", summary="A proof of another account")
@requires(Role.BIDDER, Role.FINANCE)
@quiet
def proof(path: ProofPath) -> Response:
    """For finance, and for the firm that sent it."""
    who = actor()
    org = None if Role.FINANCE in who.roles else requirements.own_org(who)
    found = read(lambda session: queries.proof(session, path.number, path.sha256, org))
    answer = Response(platform().files.pieces(found.sha256, found.size), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer
