"""The API of dormant deposits: what is signed about them, and the files of a claim."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from deposits.queries import dormant_lists, requirements
from deposits.services import dormant_cases, dormant_ledgers, dormant_payouts
from deposits.web.forms_dormant import FilePath, LedgerPath, RowPath

api = APIBlueprint("deposits_dormant", __name__, url_prefix="/api/v1")
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


def _act(where: str, body: ActForm, service: Service) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, where, request)))


@api.post("/finance/dormant/ledgers/<ledger>/confirmation")
@requires(Role.FINANCE)
@quiet
def confirm(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.import` or `dormant.take_over` {ledger, file_sha256, rows_sha256, rows, total_fen, left_out}, step-up."""
    return _act(path.ledger, body, dormant_ledgers.confirm)


@api.post("/finance/dormant/ledgers/<ledger>/publication")
@requires(Role.FINANCE)
@quiet
def publish(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.publish` {rows, total_fen}, step-up: what was not in the public list stands in it from today."""
    return _act(path.ledger, body, dormant_cases.publish)


@api.post("/finance/dormant/ledgers/<ledger>/contacts")
@requires(Role.FINANCE)
@quiet
def contact(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.contact` {rows, on, channel, result, note}: an attempt to find payers."""
    return _act(path.ledger, body, dormant_cases.contact)


@api.post("/finance/dormant/ledgers/<ledger>/reasons")
@requires(Role.FINANCE)
@quiet
def reason(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.reason` {rows, reason, note}: why these lie here."""
    return _act(path.ledger, body, dormant_cases.reason)


@api.post("/finance/dormant/ledgers/<ledger>/payouts")
@requires(Role.FINANCE)
@quiet
def propose(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.propose` {payout, way, rows, total_fen, claim_sha256, payee_name, payee_account, payee_bank, reason}, step-up."""
    return _act(path.ledger, body, dormant_payouts.propose)


@api.post("/finance/dormant/ledgers/<ledger>/approvals")
@requires(Role.FINANCE)
@quiet
def approve(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.approve` {proposal_sha256, total_fen, reason}, step-up: another person than who proposed."""
    return _act(path.ledger, body, dormant_payouts.approve)


@api.post("/finance/dormant/ledgers/<ledger>/rejections")
@requires(Role.FINANCE)
@quiet
def reject(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.reject` {proposal_sha256, total_fen, reason}, step-up."""
    return _act(path.ledger, body, dormant_payouts.reject)


@api.post("/finance/dormant/ledgers/<ledger>/arrivals")
@requires(Role.FINANCE)
@quiet
def move_in(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.move_in` {ref, payout: "", amount_fen, interest_fen}, step-up: a payment in suspense is an earlier account's."""
    return _act(path.ledger, body, dormant_payouts.move_in)


@api.post("/finance/dormant/ledgers/<ledger>/restorations")
@requires(Role.FINANCE)
@quiet
def restore(path: LedgerPath, body: ActForm) -> Response:
    """`dormant.restore` {ref, payout, amount_fen, interest_fen}, step-up: a payment in suspense is a holder's, for a later claim."""
    return _act(path.ledger, body, dormant_payouts.restore)


@api.post("/dormant/<dormant>/claims")
@requires(Role.BIDDER, Role.FINANCE)
@quiet
def claim(path: RowPath, body: ActForm) -> Response:
    """`dormant.claim` {row, claimant, uscc, payee_name, payee_account, payee_bank, contact, text, licence, application, undertaking,
    bank_slip, change}, step-up; the last five are lists of {name, sha256, size} of files that the signer has uploaded."""
    return _act(path.dormant, body, dormant_cases.claim)


@api.post("/dormant/<dormant>/returns")
@requires(Role.FINANCE)
@quiet
def send_back(path: RowPath, body: ActForm) -> Response:
    """`dormant.return` {claim_sha256, reason}: something is missing of a claim."""
    return _act(path.dormant, body, dormant_cases.send_back)


@api.post("/dormant/<dormant>/refusals")
@requires(Role.FINANCE)
@quiet
def refuse(path: RowPath, body: ActForm) -> Response:
    """`dormant.refuse` {claim_sha256, reason}: a claim is not well founded."""
    return _act(path.dormant, body, dormant_cases.refuse)


@api.post("/dormant/<dormant>/withdrawals")
@requires(Role.BIDDER, Role.FINANCE)
@quiet
def withdraw(path: RowPath, body: ActForm) -> Response:
    """`dormant.withdraw` {claim_sha256, reason}: the claimant gives a claim up."""
    return _act(path.dormant, body, dormant_cases.withdraw)


@api.get("/dormant/<dormant>/files/<sha256>", summary="A file of a claim")
@requires(Role.BIDDER, Role.FINANCE)
@quiet
def file(path: FilePath) -> Response:
    """For finance, and for the firm that filed it."""
    who = actor()
    org = None if Role.FINANCE in who.roles else requirements.own_org(who)
    found = read(lambda session: dormant_lists.claim_file(session, path.dormant, path.sha256, org))
    here = platform()
    answer = Response(here.files.pieces(found.sha256, found.size), mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    answer.headers["Content-Length"] = str(found.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer
