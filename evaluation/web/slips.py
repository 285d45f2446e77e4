"""The offices' part in a draw: what is asked of an officer's tool when a party stays silent, and the shares that come back."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from sqlalchemy.orm import Session

from core.identity.web.acts import act_on, me
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.queries import slips as queries
from evaluation.queries.slips import PendingSlip
from evaluation.services import slips
from evaluation.web.forms import ActForm
from evaluation.web.pages import page
from trading.queries import release_requests
from trading.web.bids import trust

api = APIBlueprint("evaluation_slips", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_slip_pages", __name__)


@blueprint.get("/officer/slips")
@requires(Role.OFFICER)
def desk() -> str:
    """What this office is asked for in draws; the share leaves the office's own tool, never this page."""
    return page("officer_slips", pending=asked())


@api.get("/officer/slips", summary="The shares of silent parties' slips that the caller's office is asked for")
@requires(Role.OFFICER)
def requests() -> Response:
    """Each is a request that the office's own tool reads, checks against the log, and answers."""
    return jsonify({"requests": [one.request.to_json() for one in asked()]})


@api.post("/officer/slip-shares", summary="An office releases its share of a silent party's slip")
@requires(Role.OFFICER)
def share(body: ActForm) -> Response:
    """`draw.share` {draw, party, role, share}."""
    return act_on(body, slips.release)


def asked() -> tuple[PendingSlip, ...]:
    """What this request's officer is asked."""
    who, person, authorities, clock = actor(), me(), trust().authorities, platform().door.clock

    def look(session: Session) -> tuple[PendingSlip, ...]:
        now = clock(session)
        return queries.pending(session, who, release_requests.office_of(session, person, now), authorities, now)

    return read(look)
