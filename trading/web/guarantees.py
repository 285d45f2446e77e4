"""The files of a lot's guarantees and the claims under them, for those who may see its list of deposits, after the opening."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.errors import NotFound
from core.kernel.ids import GuaranteeId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from core.web.platform import platform
from deposits.queries.claims import claims_of
from deposits.queries.guarantee_lists import Line
from deposits.queries.guarantees import GuaranteeView
from deposits.queries.treasuries import in_force
from deposits.web.guarantee_lists import workbook_of
from deposits.web.guarantees import guarantee_json
from deposits.web.pages_guarantees import page, pdf_answer
from trading.queries.deposits import READERS, claim_page, deposit_list
from trading.services import deposit_acts
from trading.web.forms_opening import LotPath

api = APIBlueprint("trading_guarantees", __name__, url_prefix="/api/v1")
blueprint = Blueprint("trading_guarantee_pages", __name__)
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


@blueprint.get("/lots/<number>/guarantees/<uuid:guarantee>")
@requires(*READERS)
@quiet
def guarantee_file(number: str, guarantee: UUID) -> Response:
    """The file of one of the lot's guarantees."""
    who = actor()
    found = read(lambda session: deposit_list(session, number, who))
    if guarantee not in {view.id for view in found.guarantees}:
        raise NotFound("guarantee.not_found")
    return pdf_answer(GuaranteeId(guarantee))


@blueprint.get("/lots/<number>/guarantees.xlsx")
@requires(*READERS)
@quiet
def guarantee_sheet(number: str) -> Response:
    """The lot's guarantees as a workbook."""
    who = actor()
    found = read(lambda session: deposit_list(session, number, who)).guarantees
    claimed = read(lambda session: claims_of(session, [view.id for view in found]))
    return workbook_of(f"{number}-guarantees", [Line(view, claimed[view.id]) for view in found])


@blueprint.get("/lots/<number>/guarantees/<uuid:guarantee>/claims")
@requires(*READERS)
@quiet
def claims(number: str, guarantee: UUID) -> str:
    """The claims under one guarantee, and the forms of those who may do something."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: claim_page(session, number, guarantee, who, clock(session)))
    return page("claims", view=view, treasury=read(in_force))


def _act(path: LotPath, body: ActForm, service: Service) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, request)))


@api.post("/lots/<number>/guarantees/claims")
@requires(Role.TENDERER)
@quiet
def claim(path: LotPath, body: ActForm) -> Response:
    """`claim.decide` {guarantee, amount_fen, ground, clause, document_sha256, reason, payee_name, payee_account, payee_bank}, step-up."""
    return _act(path, body, deposit_acts.claim)


@api.post("/lots/<number>/guarantees/claims/note")
@requires(Role.SUPERVISOR)
@quiet
def note_claim(path: LotPath, body: ActForm) -> Response:
    """`claim.note` {decision_sha256, agrees, text}, step-up: the supervisor speaks to a claim."""
    return _act(path, body, deposit_acts.note_claim)


@api.post("/lots/<number>/guarantees/claims/receipt")
@requires(Role.TENDERER)
@quiet
def confirm_claim(path: LotPath, body: ActForm) -> Response:
    """`claim.receipt` {claim_sha256, amount_fen, reference}, step-up: the tenderer has had the guarantor's money."""
    return _act(path, body, deposit_acts.confirm_claim)


def listed_json(view: GuaranteeView) -> dict[str, JSON]:
    """A guarantee in the list."""
    return guarantee_json(view) | {"org": str(view.org), "name": view.org_name}
