"""JSON API of the archive: the archivist's signature, and the orders that hold a filed case."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import perform
from core.web.forms import ActForm
from core.web.guard import requires
from trading.services import archives
from trading.web.forms import CasePath

api = APIBlueprint("trading_archives", __name__, url_prefix="/api/v1")


def _act(service: Callable[[Work, str, SignedRequest], dict[str, JSON]], path: CasePath, body: ActForm) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, path.case, request)))


@api.post("/cases/<case>/archive")
@requires(Role.CENTRE)
def file(path: CasePath, body: ActForm) -> Response:
    """`case.archive`: the prepared package goes into the archive."""
    return _act(archives.file, path, body)


@api.post("/cases/<case>/archive/holds")
@requires(Role.CENTRE, Role.SUPERVISOR)
def hold(path: CasePath, body: ActForm) -> Response:
    """`archive.hold`."""
    return _act(archives.hold, path, body)


@api.post("/cases/<case>/archive/lifts")
@requires(Role.CENTRE, Role.SUPERVISOR)
def lift(path: CasePath, body: ActForm) -> Response:
    """`archive.lift`."""
    return _act(archives.lift, path, body)
