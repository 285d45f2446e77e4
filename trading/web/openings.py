"""The JSON API of the opening hall and of the offices that rescue a bid."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint
from sqlalchemy.orm import Session

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import me, read_act
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from trading.queries import coefficients as coefficient_queries
from trading.queries import lots, openings, parsed, release_requests
from trading.queries.hall_views import HallView
from trading.queries.release_requests import Pending
from trading.services import coefficients, halls, releases
from trading.web.bids import trust
from trading.web.forms_opening import DrawPath, FilePath, LotPath, PartQuery

api = APIBlueprint("trading_openings", __name__, url_prefix="/api/v1")

Verb = Callable[[Work, str, SignedRequest], dict[str, JSON]]


@api.get("/lots/<number>/opening", summary="The opening as the caller may see it")
@public
@quiet
def hall(path: LotPath, query: PartQuery) -> Response:
    """Before the host has started nobody sees a bidder but themselves."""
    return jsonify(view(path.number, query).to_json())


@api.post("/lots/<number>/opening/start", summary="Start: the bidders' list becomes public")
@requires(Role.CENTRE)
def start(path: LotPath, body: ActForm) -> Response:
    """`opening.start` {close_sha256}, step-up."""
    return _act(halls.start, path.number, body)


@api.post("/lots/<number>/opening/sign-in", summary="A bidder signs in")
@requires(Role.BIDDER)
@quiet
def sign_in(path: LotPath, body: ActForm) -> Response:
    """`opening.sign_in` {}."""
    return _act(halls.sign_in, path.number, body)


@api.post("/lots/<number>/opening/identity", summary="Confirm who is there; the release window begins")
@requires(Role.CENTRE)
def confirm_identity(path: LotPath, body: ActForm) -> Response:
    """`opening.identity` {present}."""
    return _act(halls.confirm_identity, path.number, body)


@api.post("/lots/<number>/opening/coefficients/commits", summary="A party seals its slip for the draw of coefficients")
@requires(Role.CENTRE, Role.TENDERER, Role.SUPERVISOR)
def commit_coefficient(path: LotPath, body: ActForm) -> Response:
    """`coefficient.commit` {draw, party, commit}."""
    return _act(coefficients.commit, path.number, body)


@api.post("/lots/<number>/opening/coefficients/reveals", summary="A party opens its slip; the last one draws")
@requires(Role.CENTRE, Role.TENDERER, Role.SUPERVISOR)
def reveal_coefficient(path: LotPath, body: ActForm) -> Response:
    """`coefficient.reveal` {draw, party, value}."""
    return _act(coefficients.reveal, path.number, body)


@api.post("/lots/<number>/opening/coefficients/redraws", summary="Give a draw up because a party is silent; the others draw anew")
@requires(Role.CENTRE)
def redraw_coefficients(path: LotPath, body: ActForm) -> Response:
    """`coefficient.redraw` {draw, reason}, step-up."""
    return _act(coefficients.redraw, path.number, body)


@api.get("/lots/<number>/opening/coefficients/<draw>/record", summary="The draw record, for `gongheng draw replay`")
@public
def coefficient_record(path: DrawPath) -> Response:
    """Request, commitments and slips of a draw that ended in a result."""
    return jsonify(read(lambda session: coefficient_queries.record(session, path.number, path.draw)))


@api.post("/lots/<number>/opening/release", summary="A bidder releases the key of the own envelope")
@requires(Role.BIDDER)
@quiet
def release(path: LotPath, body: ActForm) -> Response:
    """`release` {env, ver, bid_pub, method, secret}."""
    return _act(releases.release, path.number, body)


@api.post("/lots/<number>/opening/read-out", summary="Everything has been read out; objections may be raised")
@requires(Role.CENTRE)
def read_out(path: LotPath, body: ActForm) -> Response:
    """`opening.read_out` {opened}."""
    return _act(halls.finish_read_out, path.number, body)


@api.post("/lots/<number>/opening/objections", summary="Object to the opening, on the spot")
@requires(Role.BIDDER)
def object_to(path: LotPath, body: ActForm) -> Response:
    """`opening.objection` {text}."""
    return _act(halls.object_to, path.number, body)


@api.post("/lots/<number>/opening/answers", summary="Answer an objection, on the spot")
@requires(Role.CENTRE, Role.TENDERER, Role.AGENCY)
def answer(path: LotPath, body: ActForm) -> Response:
    """`opening.answer` {number, text}."""
    return _act(halls.answer, path.number, body)


@api.get("/lots/<number>/opening/record", summary="The opening record")
@public
def record(path: LotPath, query: PartQuery) -> Response:
    """The canonical bytes whose SHA-256 people sign."""
    found = read(lambda session: openings.record(session, path.number, query.part, query.round))
    return Response(found, mimetype="application/json")


@api.get("/lots/<number>/opening/record.pdf", summary="The opening record as a paper")
@public
def record_pdf(path: LotPath, query: PartQuery) -> Response:
    """The PDF whose digest the signed record names."""
    found = read(lambda session: openings.record_pdf(session, path.number, query.part, query.round))
    name = f"opening-record-{path.number}.pdf"
    return send_file(platform().files.path(found), mimetype="application/pdf", as_attachment=True, download_name=name)


@api.get("/lots/<number>/opening/files/<sha256>", summary="A file of the caller's own opened bid, as received")
@requires(Role.BIDDER)
@quiet
def own_file(path: FilePath) -> Response:
    """Always an attachment, never a page: whoever made it, it is a stranger's file."""
    who = actor()
    lot = read(lambda session: lots.noticed(session, path.number))
    read(lambda session: parsed.own_file(session, lot.id, who.org, path.sha256))
    return send_file(platform().files.path(path.sha256), mimetype="application/octet-stream", as_attachment=True, download_name="file")


@api.post("/lots/<number>/opening/record/sign", summary="Sign the opening record")
@requires(Role.CENTRE, Role.TENDERER, Role.SUPERVISOR, Role.BIDDER)
def sign_record(path: LotPath, body: ActForm) -> Response:
    """`opening.record.sign` {record_sha256}; step-up for the host."""
    return _act(halls.sign_record, path.number, body)


@api.post("/lots/<number>/opening/record/decline", summary="A bidder who was there does not sign, and says why")
@requires(Role.BIDDER)
def decline_record(path: LotPath, body: ActForm) -> Response:
    """`opening.record.decline` {record_sha256, reason}."""
    return _act(halls.decline_record, path.number, body)


@api.post("/lots/<number>/opening/close", summary="Close the opening")
@requires(Role.CENTRE)
def close(path: LotPath, body: ActForm) -> Response:
    """`opening.close` {record_sha256}, step-up."""
    return _act(halls.close, path.number, body)


@api.get("/officer/requests", summary="The shares that the caller's office is asked for")
@requires(Role.OFFICER)
def requests() -> Response:
    """Each is a release request that the office's own tool reads, checks against the log, and answers."""
    return jsonify({"requests": [found.request.to_json() for found in asked()]})


@api.post("/officer/shares", summary="An office releases its share of one envelope's key")
@requires(Role.OFFICER)
def share(body: ActForm) -> Response:
    """`share-release` {bid_pub, role, share}."""
    request = read_act(body)
    return jsonify(perform(lambda work: releases.release_share(work, request)))


def view(number: str, which: PartQuery) -> HallView:
    """The hall for this request's caller."""
    who, clock = actor(), platform().door.clock
    return read(lambda session: openings.hall(session, who, number, clock(session), which.part, round_=which.round))


def asked() -> tuple[Pending, ...]:
    """What this request's officer is asked."""
    who, person, authorities, clock = actor(), me(), trust().authorities, platform().door.clock

    def look(session: Session) -> tuple[Pending, ...]:
        now = clock(session)
        return release_requests.pending(session, who, release_requests.office_of(session, person, now), authorities, now)

    return read(look)


def _act(verb: Verb, number: str, form: ActForm) -> Response:
    request = read_act(form)
    return jsonify(perform(lambda work: verb(work, number, request)))
