"""The JSON API of applications: what the sealing page asks of a lot's bids, asked of its round of prequalification. Nothing is counted or
logged by route: who applies stays secret until the bids are opened (招标投标法 art. 22)."""

from __future__ import annotations

from flask import Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from trading.queries import applications_room
from trading.services import applications
from trading.services import bids as services
from trading.web.bids import take_seal, the_box, the_ciphertext, the_lot_file, the_own
from trading.web.forms_opening import EnvelopePath, FilePath, LotPath, NothingForm, SealForm

api = APIBlueprint("trading_applications", __name__, url_prefix="/api/v1")


@api.get("/lots/<number>/application/lot-file", summary="What a sealer needs for an application: envelope, office keys and their proofs")
@public
@quiet
def lot_file(path: LotPath) -> Response:
    """As for a bid, with `purpose`: keys of its own, so that opening an application never opens a bid."""
    return the_lot_file(path.number, Purpose.APPLICATION)


@api.get("/lots/<number>/application/bid", summary="The caller's own application")
@requires(Role.BIDDER)
@quiet
def own(path: LotPath) -> Response:
    """State, versions and what may be done now."""
    return jsonify(the_own(path.number, Purpose.APPLICATION).to_json())


@api.put("/lots/<number>/application/bid/draft", summary="Say that the upload of an application is under way")
@requires(Role.BIDDER)
@quiet
def announce(path: LotPath, body: NothingForm) -> Response:
    """What is unfinished at the deadline counts as withdrawn."""
    return jsonify(perform(lambda work: services.announce_upload(work, path.number, Purpose.APPLICATION)))


@api.post("/lots/<number>/application/bid/seal", summary="Seal one version of an application")
@requires(Role.BIDDER)
@quiet
def seal(path: LotPath, body: SealForm) -> Response:
    """The signed receipt; from the round's deadline on a refusal that carries the platform's signed trace of the attempt."""
    return take_seal(path.number, body, Purpose.APPLICATION)


@api.post("/lots/<number>/application/bid/withdraw", summary="Withdraw the version of an application that stands")
@requires(Role.BIDDER)
@quiet
def withdraw(path: LotPath, body: ActForm) -> Response:
    """Step-up; another version may be sealed before the deadline."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.withdraw(work, path.number, request, Purpose.APPLICATION)))


@api.get("/lots/<number>/application/bid/envelopes/<env>/ciphertext", summary="The caller's own ciphertext of an application")
@requires(Role.BIDDER)
@quiet
def ciphertext(path: EnvelopePath) -> Response:
    """The bytes that are kept here."""
    return the_ciphertext(path, Purpose.APPLICATION)


@api.get("/lots/<number>/application/bid/envelopes/<env>/bidder-box", summary="The box of the key of the caller's own application")
@requires(Role.BIDDER)
@quiet
def bidder_box(path: EnvelopePath) -> Response:
    """Opened by the device's key or the recovery key alone."""
    return the_box(path, Purpose.APPLICATION)


@api.get("/lots/<number>/application/files/<sha256>", summary="A file of an opened application")
@requires(Role.BIDDER, Role.CENTRE, Role.SUPERVISOR, Role.TENDERER, Role.AGENCY, Role.EXPERT)
@quiet
def opened_file(path: FilePath) -> Response:
    """For those in the room, those who review it, and its own firm. As it was received: never shown as a page of ours."""
    who = actor()
    found = read(lambda session: applications_room.opened_file(session, who, path.number, path.sha256))
    file = platform().files.path(found.sha256)
    return send_file(file, mimetype="application/octet-stream", as_attachment=True, download_name=found.name.rsplit("/", 1)[-1])


@api.post("/lots/<number>/application/open", summary="Have the offices open the applications")
@requires(Role.CENTRE)
def start(path: LotPath, body: ActForm) -> Response:
    """The host, by step-up, once the closing list stands in a checkpoint; two of three offices then release their shares."""
    request = read_act(body)
    return jsonify(perform(lambda work: applications.start(work, path.number, request)))
