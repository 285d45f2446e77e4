"""Files of tender documents: anybody may have them from the release on, and nobody is asked who they are."""

from __future__ import annotations

from flask import Response, send_file
from flask_openapi3.blueprint import APIBlueprint
from sqlalchemy.orm import Session

from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.threads import natively
from trading.queries import documents as queries
from trading.queries.documents import FileView
from trading.queries.lot_page import may_have_document
from trading.queries.workplace import contract_file
from trading.web.forms import FilePath, LotPath

api = APIBlueprint("trading_documents", __name__, url_prefix="/api/v1")


@api.get("/lots/<number>/documents/<sha256>")
@public
@quiet
def document(path: FilePath) -> Response:
    """A file of the tender document that stands. Its parties may have it before the release."""
    who = actor()

    def find(session: Session) -> FileView:
        lot = may_have_document(session, path.number, who)
        return queries.file(session, lot.id, path.sha256)

    return send(read(find))


@api.get("/lots/<number>/contract/text")
@requires(Role.TENDERER, Role.BIDDER, Role.CENTRE, Role.SUPERVISOR)
def contract_text(path: LotPath) -> Response:
    """The text of the contract: the one that the tenderer signed, before that its draft."""
    who, now = actor(), platform().door.clock
    return send(read(lambda session: contract_file(session, path.number, who, now(session))))


def send(found: FileView) -> Response:
    """A stored file under its own name."""
    files = platform().files  # here: a native thread knows no request
    stored = natively(lambda: files.path(found.sha256))
    answer = send_file(stored, "application/octet-stream", as_attachment=True, download_name=found.name, etag=found.sha256)
    answer.headers["Cache-Control"] = "no-cache"
    return answer
