"""JSON API of lots: public reading, drafts, and the acts that take a lot from the award plan to the contract."""

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
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.sheets import fresh
from trading.queries.lot_page import lot_page
from trading.services import awards, contracts, documents, drafts, lot_orders, notices, publicity
from trading.web.forms import DraftForm, DraftPath, LotPath
from trading.web.shown import lot_json

api = APIBlueprint("trading_lots", __name__, url_prefix="/api/v1")


@api.get("/lots/<number>")
@public
@quiet
def lot(path: LotPath) -> Response:
    """A lot, public from its notice on; its parties see it before."""
    who, clock = actor(), platform().door.clock
    page = read(lambda session: lot_page(session, path.number, who, clock(session)))
    return fresh(jsonify(lot_json(page)), shared=who.person is None)


@api.post("/lots/<number>/drafts/<kind>")
@requires(Role.AGENCY, Role.TENDERER)
def draft(path: DraftPath, body: DraftForm) -> Response:
    """Saves a draft; answers the body to sign."""
    return jsonify(perform(lambda work: drafts.save(work, path.number, path.kind, body.content)))


def _act(service: Callable[[Work, str, SignedRequest], dict[str, JSON]], path: LotPath, body: ActForm) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, request)))


@api.post("/lots/<number>/award-plan")
@requires(Role.TENDERER)
def fix_plan(path: LotPath, body: ActForm) -> Response:
    """`award_plan.fix`."""
    return _act(awards.fix_plan, path, body)


@api.post("/lots/<number>/document")
@requires(Role.AGENCY)
def publish_document(path: LotPath, body: ActForm) -> Response:
    """`document.publish`."""
    return _act(documents.publish, path, body)


@api.post("/lots/<number>/notice")
@requires(Role.TENDERER)
def publish_notice(path: LotPath, body: ActForm) -> Response:
    """`notice.publish`."""
    return _act(notices.publish, path, body)


@api.post("/lots/<number>/termination")
@requires(Role.TENDERER)
def terminate(path: LotPath, body: ActForm) -> Response:
    """`lot.terminate`."""
    return _act(lot_orders.terminate, path, body)


@api.post("/lots/<number>/suspension")
@requires(Role.SUPERVISOR)
def suspend(path: LotPath, body: ActForm) -> Response:
    """`lot.suspend`."""
    return _act(lot_orders.suspend, path, body)


@api.post("/lots/<number>/resumption")
@requires(Role.SUPERVISOR)
def resume(path: LotPath, body: ActForm) -> Response:
    """`lot.resume`."""
    return _act(lot_orders.resume, path, body)


@api.post("/lots/<number>/candidates")
@requires(Role.TENDERER)
def publish_candidates(path: LotPath, body: ActForm) -> Response:
    """`candidates.publish`."""
    return _act(publicity.publish_candidates, path, body)


@api.post("/lots/<number>/award-choice")
@requires(Role.TENDERER)
def choose_first(path: LotPath, body: ActForm) -> Response:
    """`award.choose`."""
    return _act(awards.choose_first, path, body)


@api.post("/lots/<number>/award-notice")
@requires(Role.TENDERER)
def send_award_notice(path: LotPath, body: ActForm) -> Response:
    """`award.notice`."""
    return _act(awards.send_notice, path, body)


@api.post("/lots/<number>/contract")
@requires(Role.TENDERER, Role.BIDDER)
def sign_contract(path: LotPath, body: ActForm) -> Response:
    """`contract.sign`: of the tenderer first, then of the winner."""
    return _act(contracts.sign, path, body)
