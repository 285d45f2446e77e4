"""The JSON API of bids. Nothing here is counted or logged by route: even that a bidder was here is secret until the opening."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from sqlalchemy.orm import Session

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import me, read_act
from core.kernel import jcs, uploads
from core.kernel.clock import moment, now
from core.kernel.dsse import read_envelope
from core.kernel.encoding import b64, unb64
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.web import problems
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.threads import natively
from trading.queries import bids as queries
from trading.queries import late_seals, lot_files, lots, receipts
from trading.queries.lot_files import Trust
from trading.queries.lots import split
from trading.services import bids as services
from trading.services.sealings import SealPart
from trading.web.entries import entries_of
from trading.web.forms_opening import EnvelopePath, LateSealPath, LotPath, NothingForm, ReceiptPath, SealForm, SealPartForm

api = APIBlueprint("trading_bids", __name__, url_prefix="/api/v1")
HEAD = 512  # bytes of a ciphertext that hold its whole header


@api.get("/lots/<number>/lot-file", summary="What a sealer needs: envelopes, office keys and their proofs")
@public
@quiet
def lot_file(path: LotPath) -> Response:
    """The lot file; a bidder's own names the organisation, the version to be sealed and the device."""
    return the_lot_file(path.number, Purpose.BID)


@api.get("/lots/<number>/bid", summary="The caller's own bid")
@requires(Role.BIDDER)
@quiet
def own_bid(path: LotPath) -> Response:
    """State, versions and what may be done now."""
    return jsonify(the_own(path.number, Purpose.BID).to_json())


@api.put("/lots/<number>/bid/draft", summary="Say that an upload is under way")
@requires(Role.BIDDER)
@quiet
def announce(path: LotPath, body: NothingForm) -> Response:
    """What is unfinished at the deadline counts as withdrawn."""
    return jsonify(perform(lambda work: services.announce_upload(work, path.number)))


@api.post("/lots/<number>/bid/seal", summary="Seal one version: all its envelopes or none")
@requires(Role.BIDDER)
@quiet
def seal(path: LotPath, body: SealForm) -> Response:
    """The signed receipts; from the deadline on a refusal that carries the platform's signed trace of the attempt."""
    return take_seal(path.number, body, Purpose.BID)


@api.post("/lots/<number>/bid/withdraw", summary="Withdraw the version that stands")
@requires(Role.BIDDER)
@quiet
def withdraw(path: LotPath, body: ActForm) -> Response:
    """Step-up; another version may be sealed before the deadline."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.withdraw(work, path.number, request)))


@api.get("/lots/<number>/bid/envelopes/<env>/ciphertext", summary="The caller's own ciphertext, to be compared")
@requires(Role.BIDDER)
@quiet
def ciphertext(path: EnvelopePath) -> Response:
    """The bytes that are kept here."""
    return the_ciphertext(path, Purpose.BID)


@api.get("/lots/<number>/bid/envelopes/<env>/bidder-box", summary="The box of the caller's own key")
@requires(Role.BIDDER)
@quiet
def bidder_box(path: EnvelopePath) -> Response:
    """Opened by the device's key or the recovery key alone."""
    return the_box(path, Purpose.BID)


@api.get("/receipts/<receipt>", summary="A receipt with its proof")
@public
@quiet
def receipt_file(path: ReceiptPath) -> Response:
    """The file that anyone can check offline; until the opening has started only its bidder gets it."""
    who = actor()
    authorities = trust().authorities
    found = read(lambda session: receipts.receipt(session, who, path.receipt, authorities))
    response = Response(jcs.canonical(found.to_json()), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{path.receipt}.json"'
    return response


@api.get("/late-seals/<late_seal>", summary="The platform's signed word that a bid came too late")
@requires(Role.BIDDER)
@quiet
def late_seal_file(path: LateSealPath) -> Response:
    """The trace that anyone can check offline, for its own bidder."""
    who, authorities = actor(), trust().authorities
    found = read(lambda session: late_seals.late_seal(session, who, path.late_seal, authorities))
    response = Response(jcs.canonical(found), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{path.late_seal}.json"'
    return response


def trust() -> Trust:
    """What this process knows of itself."""
    here = platform()
    authority, log = here.parts["authority"], here.parts["log"]
    chain = (authority.issuing.certificate, authority.root.certificate)
    witnesses = tuple(witness.vkey for witness in here.settings.witnesses)
    return Trust(chain, here.door.platform.key.key_id, log.vkey, witnesses)


# What is the same for bids and applications


def the_lot_file(number: str, purpose: Purpose) -> Response:
    """The lot file as a download."""
    who, known, clock = actor(), trust(), platform().door.clock
    made = read(
        lambda session: lot_files.lot_file(session, who, number, known, _entries(session, number), now=clock(session), purpose=purpose)
    )
    response = Response(jcs.canonical(made.to_json()), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="LOT-{number}.json"'
    return response


def _entries(session: Session, number: str) -> lot_files.Entries:
    """Their words in the language of the request."""
    found = entries_of(lots.by_number(session, number, any_state=True))  # a round of prequalification has no notice yet
    return {env: [(name, str(words), required) for name, words, required in rows] for env, rows in found.items()}


def the_own(number: str, purpose: Purpose) -> queries.BidView:
    """What the caller's own firm has handed in."""
    who, clock = actor(), platform().door.clock
    return read(lambda session: queries.own_bid(session, who, number, clock(session), purpose))


def take_seal(number: str, body: SealForm, purpose: Purpose) -> Response:
    """The signed receipts of a version, or the refusal of a late one with the platform's trace of it."""
    arrived_at = now(platform().settings.clock_file)
    parts = read_parts(body)
    case, _ = split(number)
    try:
        answer = perform(lambda work: services.seal(work, number, parts, arrived_at, purpose))
    except RuleBroken as refusal:
        if refusal.code != "bid.seal.late":
            raise
        return _too_late(number, purpose, [part.request for part in parts], refusal, arrived_at)
    seals = [str(receipt["seal_sha256"]) for receipt in answer["receipts"]]  # type: ignore[union-attr,index,call-overload]  # our own answer
    signed = read(lambda session: receipts.given(session, case, seals))
    said = [receipt | {"receipt": signed[receipt["seal_sha256"]].to_json()} for receipt in answer["receipts"]]  # type: ignore[union-attr,operator,index,call-overload]
    return jsonify(answer | {"receipts": said})


def the_ciphertext(path: EnvelopePath, purpose: Purpose) -> Response:
    """The bytes that are kept of the caller's own envelope."""
    who = actor()
    box = read(lambda session: queries.own_box(session, who, path.number, path.env, purpose))
    response = Response(platform().files.pieces(box.ct_sha256), mimetype="application/octet-stream")
    response.headers["Content-Length"] = str(box.ct_size)
    response.headers["Content-Disposition"] = f'attachment; filename="{path.number}-{path.env}-{box.ver}.age"'
    return response


def the_box(path: EnvelopePath, purpose: Purpose) -> Response:
    """The box of the caller's own key."""
    who = actor()
    box = read(lambda session: queries.own_box(session, who, path.number, path.env, purpose))
    return jsonify({"env": box.env, "ver": box.ver, "bid_pub": box.bid_pub, "box": b64(box.box)})


def read_parts(form: SealForm) -> list[SealPart]:
    """The envelopes of a version as they came in, each with the first bytes of its upload."""
    return [_part(part) for part in form.seals]


def _part(form: SealPartForm) -> SealPart:
    request = SignedRequest(read_envelope(form.envelope.wire()))
    boxes = tuple((box.role, unb64(box.box)) for box in form.share_boxes)
    upload = UUID(form.upload)
    return SealPart(request, upload, _start(upload), unb64(form.bidder_box), boxes)


def _start(upload: UUID) -> bytes:
    """The first bytes of a finished upload; nothing of one that is not finished, which the service refuses."""
    owner, files = me(), platform().files
    found = read(lambda session: uploads.find(session, upload, owner))
    if found.sha256 is None:
        return b""
    return natively(partial(_first_bytes, files.staged(str(upload)) if found.practice else files.path(found.sha256)))


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as source:
        return source.read(HEAD)


def _too_late(number: str, purpose: Purpose, requests: list[SignedRequest], refusal: RuleBroken, asked_at: datetime) -> Response:
    """The refusal, with the platform's signed word for the attempt."""
    who, authorities, judged_at = actor(), trust().authorities, moment(str(refusal.facts["arrived_at"]))
    given = perform(lambda work: services.keep_late_trace(work, number, requests, judged_at, judged_at - asked_at, purpose))
    if not given:
        raise refusal
    trace = read(lambda session: late_seals.late_seal(session, who, given, authorities))
    response = problems.answer(refusal)
    said: dict[str, JSON] = json.loads(response.get_data())
    response.set_data(json.dumps(said | {"trace": trace}, ensure_ascii=False))
    return response
