"""The JSON API of deposits. What bidders do here is neither counted nor logged: who pays is secret until the opening."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.kernel.ids import RefundId
from core.kernel.roles import Role
from core.web.door import actor, perform, read, viewer
from core.web.guard import quiet, requires
from core.web.platform import platform
from deposits.queries import finance as finances
from deposits.queries import requirements as queries
from deposits.queries.requirements import DepositView
from deposits.services import accounts, refunds, requirements
from deposits.web.forms import BasicAccountForm, LotPath, NothingForm, RefundPath
from deposits.web.shown import account_json, deposit_json, finance_json

api = APIBlueprint("deposits", __name__, url_prefix="/api/v1")


def own_deposit(number: str) -> DepositView:
    """The caller's own deposit."""
    org, name = queries.own_org(actor()), viewer().org
    return read(lambda session: queries.own(session, number, org, name))


@api.put("/me/basic-account", summary="Register the firm's basic account")
@requires(Role.BIDDER)
@quiet
def register_account(body: BasicAccountForm) -> Response:
    """Deposits are taken from this account alone."""
    return jsonify(account_json(perform(lambda work: accounts.register(work, body.name, body.account, body.bank))))


@api.get("/me/basic-account", summary="The firm's basic account")
@requires(Role.BIDDER)
@quiet
def account() -> Response:
    """As it is registered."""
    org = queries.own_org(actor())
    return jsonify(account_json(read(lambda session: queries.basic_account(session, org))))


@api.post("/lots/<number>/deposit", summary="Ask for a sub-account to pay the deposit into")
@requires(Role.BIDDER)
@quiet
def request_deposit(path: LotPath, body: NothingForm) -> Response:
    """The same again gives the same sub-account."""
    perform(lambda work: requirements.request(work, path.number))
    return jsonify(deposit_json(own_deposit(path.number)))


@api.get("/lots/<number>/deposit", summary="The caller's own deposit")
@requires(Role.BIDDER)
@quiet
def deposit(path: LotPath) -> Response:
    """State, payments and refunds."""
    return jsonify(deposit_json(own_deposit(path.number)))


@api.get("/finance/reconciliation", summary="Deposits and refunds of opened lots, and whether ledger and bank agree")
@requires(Role.FINANCE)
@quiet
def reconciliation() -> Response:
    """Balances are null while any lot is sealed."""
    clock = platform().door.clock
    return jsonify(finance_json(read(lambda session: finances.page(session, clock(session)))))


@api.post("/finance/refunds/<refund>/retry", summary="Have a rejected refund tried again")
@requires(Role.FINANCE)
@quiet
def retry(path: RefundPath, body: NothingForm) -> Response:
    """A new refund under a new key takes its place."""
    return jsonify({"refund": str(perform(lambda work: refunds.retry(work, RefundId(UUID(path.refund)))))})
