"""The JSON API of a practice: what the sealing page asks of a real lot, asked of one's own practice area. Nothing is counted or logged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import read_act
from core.kernel import jcs
from core.kernel.clock import now
from core.kernel.encoding import b64
from core.kernel.errors import NotFound
from core.kernel.files import pieces_of
from core.kernel.practice import WORD
from core.web.door import actor, perform, read
from core.web.forms import ActForm, Query
from core.web.guard import quiet, signed_in
from core.web.platform import platform
from trading.queries import practice as queries
from trading.queries.practice import PracticeBox
from trading.services import practice as services
from trading.web.bids import read_parts, trust
from trading.web.forms_opening import EnvelopeName, NothingForm, SealForm

api = APIBlueprint("trading_practice", __name__, url_prefix="/api/v1/practice")


class EnvelopePath(Query):
    """One envelope of the practice."""

    env: EnvelopeName


class ReceiptPath(Query):
    """A practice receipt by its number."""

    receipt: Annotated[str, Field(pattern=r"^PX-[0-9A-F]{16}$")]


@api.get("/lot-file", summary="The practice's lot file, with office keys made for it alone")
@signed_in
@quiet
def lot_file() -> Response:
    """In the form of a real one; `gongheng seal` takes it too, and says that it is a practice."""
    who, clock = actor(), platform().door.clock
    made = read(lambda session: queries.lot_file(session, who, clock(session)))
    return _file(jcs.canonical(made.to_json()), f"{WORD}-LOT-{made.case}.json")


@api.get("/bid", summary="The caller's own practice bid")
@signed_in
@quiet
def own_bid() -> Response:
    """State, next version and the server's time."""
    who, clock = actor(), platform().door.clock
    found = read(lambda session: queries.own(session, who, clock(session)))
    if found is None:
        raise NotFound("practice.not_found")
    return jsonify(found.to_json())


@api.put("/bid/draft", summary="Say that a practice upload is under way")
@signed_in
@quiet
def announce(body: NothingForm) -> Response:
    """As for a real lot."""
    return jsonify(perform(services.announce_upload))


@api.post("/bid/seal", summary="Seal one version of the practice: all its envelopes or none")
@signed_in
@quiet
def seal(body: SealForm) -> Response:
    """The signed practice receipts, which say in words that they are none of a bid."""
    arrived_at, signer = now(platform().settings.clock_file), platform().door.platform
    parts = read_parts(body)
    return jsonify(perform(lambda work: services.seal(work, parts, arrived_at, signer)))


@api.post("/bid/withdraw", summary="Withdraw the practice's version that stands")
@signed_in
@quiet
def withdraw(body: ActForm) -> Response:
    """Step-up, as for a real bid."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.withdraw(work, request)))


@api.post("/opening/release", summary="Play the release of an envelope's key, which is not sent")
@signed_in
@quiet
def release(body: ActForm) -> Response:
    """A body that brings a key is refused."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.release(work, request)))


@api.get("/bid/envelopes/<env>/ciphertext", summary="The caller's own practice ciphertext")
@signed_in
@quiet
def ciphertext(path: EnvelopePath) -> Response:
    """The bytes that are staged here."""
    box = _own_box(path)
    content = pieces_of(platform().files.staged(str(box.upload)))
    response = _file(content, f"{WORD}-{box.env}-{box.ver}.age", "application/octet-stream")
    response.headers["Content-Length"] = str(box.ct_size)
    return response


@api.get("/bid/envelopes/<env>/bidder-box", summary="The box of the caller's own key")
@signed_in
@quiet
def bidder_box(path: EnvelopePath) -> Response:
    """Opened by the device's key or the recovery key alone."""
    box = _own_box(path)
    return jsonify({"env": box.env, "ver": box.ver, "bid_pub": box.bid_pub, "box": b64(box.box)})


@api.get("/receipts/<receipt>", summary="A practice receipt")
@signed_in
@quiet
def receipt_file(path: ReceiptPath) -> Response:
    """The file that the verifier calls a practice and never accepts as a receipt."""
    who, clock, authorities = actor(), platform().door.clock, trust().authorities
    found = read(lambda session: queries.receipt(session, who, path.receipt, authorities, clock(session)))
    return _file(jcs.canonical(found), f"{WORD}-{path.receipt}.json")


def _own_box(path: EnvelopePath) -> PracticeBox:
    who, clock = actor(), platform().door.clock
    return read(lambda session: queries.own_box(session, who, path.env, clock(session)))


def _file(content: bytes | Iterator[bytes], name: str, kind: str = "application/json") -> Response:
    """A download whose name says that it is practice."""
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
