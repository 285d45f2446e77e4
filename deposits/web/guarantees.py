"""The JSON API of guarantees and guarantors. What bidders do here is neither counted nor logged."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import read_act
from core.kernel import clock
from core.kernel.ids import GuaranteeId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read, viewer
from core.web.forms import ActForm, Form, Query
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from deposits.queries import guarantees as queries
from deposits.queries import requirements
from deposits.queries.guarantees import GuaranteeView, OwnGuarantees
from deposits.services import guarantees, guarantors
from deposits.web.forms import LotPath, Uuid

api = APIBlueprint("guarantees", __name__, url_prefix="/api/v1")


class GuarantorPath(Query):
    """A guarantor."""

    guarantor: Uuid


class ApplyForm(Form):
    """An application to a guarantor of the bidder's own choice."""

    guarantor: Uuid


class PremiumForm(Form):
    """Which guarantee is paid for."""

    guarantee: Uuid


class KeyForm(Form):
    """The key that the guarantor sent with the guarantee."""

    identity: Annotated[str, Field(min_length=60, max_length=90)]


def own_guarantees(number: str) -> OwnGuarantees:
    """The caller's own guarantees for a lot."""
    org, name, now = requirements.own_org(actor()), viewer().org, platform().door.clock
    return read(lambda session: queries.own(session, number, org, name, now(session)))


@api.get("/guarantors", summary="Guarantors that the centre has registered")
@public
@quiet
def all_guarantors() -> Response:
    """Any bidder may choose any of them."""
    found = read(queries.guarantors)
    return jsonify(
        {
            "guarantors": [
                {"id": str(view.id), "name": view.name, "state": view.state, "root_sha256": view.root_sha256, "root": view.root}
                for view in found
            ]
        }
    )


@api.post("/guarantors", summary="Register a guarantor")
@requires(Role.CENTRE)
def register(body: ActForm) -> tuple[Response, int]:
    """`guarantor.register`, signed by the centre."""
    request = read_act(body)
    return jsonify(perform(lambda work: guarantors.register(work, request))), 201


@api.post("/guarantors/<guarantor>/suspension", summary="Suspend a guarantor")
@requires(Role.CENTRE)
def suspend(path: GuarantorPath, body: ActForm) -> Response:
    """`guarantor.suspend`: no new applications; what it has issued stands."""
    request = read_act(body)
    return jsonify(perform(lambda work: guarantors.suspend(work, UUID(path.guarantor), request)))


@api.post("/guarantors/<guarantor>/resumption", summary="Let a guarantor take applications again")
@requires(Role.CENTRE)
def resume(path: GuarantorPath, body: ActForm) -> Response:
    """`guarantor.resume`."""
    request = read_act(body)
    return jsonify(perform(lambda work: guarantors.resume(work, UUID(path.guarantor), request)))


@api.post("/lots/<number>/guarantee", summary="Apply for a guarantee in place of the deposit")
@requires(Role.BIDDER)
@quiet
def apply(path: LotPath, body: ApplyForm) -> Response:
    """To a guarantor of the bidder's own choice."""
    perform(lambda work: guarantees.apply(work, path.number, UUID(body.guarantor)))
    return jsonify(own_json(own_guarantees(path.number)))


@api.get("/lots/<number>/guarantee", summary="The caller's own guarantees for a lot")
@requires(Role.BIDDER)
@quiet
def own(path: LotPath) -> Response:
    """The newest first."""
    return jsonify(own_json(own_guarantees(path.number)))


@api.post("/lots/<number>/guarantee/premium", summary="Have a guarantee's premium paid")
@requires(Role.BIDDER)
@quiet
def pay(path: LotPath, body: PremiumForm) -> Response:
    """The caller's firm agrees to the premium; its guarantor then issues."""
    perform(lambda work: guarantees.pay(work, GuaranteeId(UUID(body.guarantee))))
    return jsonify(own_json(own_guarantees(path.number)))


def own_json(view: OwnGuarantees) -> dict[str, JSON]:
    """As the bidder sees it."""
    return {"lot": view.lot, "amount_fen": view.amount.fen, "guarantees": [guarantee_json(one) for one in view.guarantees]}


def guarantee_json(view: GuaranteeView) -> dict[str, JSON]:
    """A guarantee."""
    return {
        "id": str(view.id),
        "guarantor": view.guarantor,
        "product": view.product,
        "state": view.state,
        "amount_fen": view.amount.fen,
        "premium_fen": None if view.premium is None else view.premium.fen,
        "valid_to": None if view.valid_to is None else clock.text(view.valid_to),
        "ver": view.ver,
        "guarantee_no": view.guarantee_no,
        "file_sha256": view.file_sha256,
        "faults": list(view.faults),
        "cause": view.cause,
        "reason": view.reason,
    }
