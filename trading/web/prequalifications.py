"""JSON API of a round of prequalification: its acts, its document for everybody between its two moments, a receipt for it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.sheets import fresh
from trading.queries import prequalification_page as pages
from trading.queries.documents import FileView
from trading.services import prequalification_amendments as amendments
from trading.services import prequalification_reviews as reviews
from trading.services import prequalifications as services
from trading.web.documents import send
from trading.web.forms import FilePath, LotPath

api = APIBlueprint("trading_prequalifications", __name__, url_prefix="/api/v1")

_SHOWN = ("state", "title", "notice", "document_sha256", "release_at", "release_until", "deadline", "criteria", "reviewers")


@api.get("/lots/<number>/prequalification")
@public
@quiet
def shown(path: LotPath) -> Response:
    """A round, public from its notice on: its moments, criteria and files; never who applied."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: pages.page(session, path.number, who, clock(session)))
    said: dict[str, JSON] = {"lot": view.lot.number}
    if view.called is not None:
        said |= {name: as_json(getattr(view.called, name)) for name in _SHOWN}
        said["documents"] = as_json(view.called.files) if view.has_document else []
    return fresh(jsonify(said), shared=who.person is None)


@api.get("/lots/<number>/prequalification/documents/<sha256>")
@public
@quiet
def document(path: FilePath) -> Response:
    """A file of the prequalification document, free for anybody from its release to its end."""
    who, clock = actor(), platform().door.clock
    found = read(lambda session: pages.file(session, path.number, who, path.sha256, clock(session)))
    return send(FileView(found.name, found.sha256, found.size))


def _act(service: Callable[[Work, str, SignedRequest], dict[str, JSON]], path: LotPath, body: ActForm) -> Response:
    asked = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, asked)))


@api.post("/lots/<number>/prequalification/document")
@requires(Role.AGENCY)
def lay_down(path: LotPath, body: ActForm) -> Response:
    """`prequalification.document`."""
    return _act(services.lay_down, path, body)


@api.post("/lots/<number>/prequalification/notice")
@requires(Role.TENDERER)
def publish(path: LotPath, body: ActForm) -> Response:
    """`prequalification.publish`."""
    return _act(services.publish, path, body)


@api.post("/lots/<number>/prequalification/amendment")
@requires(Role.TENDERER)
def amend(path: LotPath, body: ActForm) -> Response:
    """`prequalification.amend`."""
    return _act(amendments.amend, path, body)


@api.post("/lots/<number>/prequalification/committee")
@requires(Role.TENDERER)
def name_committee(path: LotPath, body: ActForm) -> Response:
    """`prequalification.committee`."""
    return _act(services.name_committee, path, body)


@api.post("/lots/<number>/prequalification/sheets")
@requires(Role.EXPERT, Role.TENDERER)
def review(path: LotPath, body: ActForm) -> Response:
    """`prequalification.review`."""
    return _act(reviews.review, path, body)


@api.post("/lots/<number>/prequalification/result")
@requires(Role.TENDERER)
def conclude(path: LotPath, body: ActForm) -> Response:
    """`prequalification.conclude`."""
    return _act(reviews.conclude, path, body)
