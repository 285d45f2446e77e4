"""The evidence package over HTTP: for the centre and the supervisor, once the case is closed."""

from __future__ import annotations

from flask import Blueprint, Response

from app.evidence.package import build, own_policy
from core.identity.authority import ROOT
from core.identity.queries.anchors import roots
from core.kernel.files import Stored
from core.kernel.roles import Role
from core.kernel.trust import write_policy
from core.web.door import read
from core.web.guard import public, requires
from core.web.platform import platform
from core.web.threads import natively

blueprint = Blueprint("evidence", __name__, url_prefix="/api/v1")


@blueprint.get("/cases/<case>/package")
@requires(Role.CENTRE, Role.SUPERVISOR)
def package(case: str) -> Response:
    """The full edition of a closed case."""
    here = platform()
    stored: Stored = natively(lambda: build(here, case))
    headers = {
        "Content-Disposition": f'attachment; filename="case-{case}.zip"',
        "Content-Length": str(stored.size),
        "ETag": f'"{stored.sha256}"',
    }
    return Response(here.files.pieces(stored.sha256), mimetype="application/zip", headers=headers)


@blueprint.get("/policy")
@public
def policy() -> Response:
    """This platform as a trust policy, for comparison with the one that was published elsewhere."""
    here = platform()
    own = here.parts["authority"]
    names = read(roots) | {own.root_sha256: ROOT}
    return Response(write_policy(own_policy(own, here.parts["log"], here.settings, names), names), mimetype="text/plain")
