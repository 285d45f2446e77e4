"""The JSON API by which a bidder uses its waiver for a lot."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.web.door import perform
from core.web.forms import ActForm
from core.web.guard import quiet, requires
from deposits.services import waivers
from deposits.web.forms import LotPath

api = APIBlueprint("deposit_waivers", __name__, url_prefix="/api/v1")


@api.post("/lots/<number>/deposit/waiver", summary="Use the firm's waiver for this lot")
@requires(Role.BIDDER)
@quiet
def use(path: LotPath, body: ActForm) -> Response:
    """`waiver.use` {relief_sha256, bidder}: what is asked of the firm becomes less, or nothing."""
    signed = read_act(body)
    return jsonify(perform(lambda work: waivers.use(work, path.number, signed)))
