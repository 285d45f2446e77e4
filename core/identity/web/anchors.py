"""JSON API of authorities that are not ours: proposed, recognised and ended under two signatures, and listed for anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from cryptography import x509
from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.domain.anchor import Anchor, Said, choose, pem_chain, read_chain, refuse_anchor, spki_of
from core.identity.gateway.statuses import Asker
from core.identity.queries import anchors as queries
from core.identity.queries.anchors import AnchorView
from core.identity.services import anchors as services
from core.identity.services.vouching import Foreign
from core.identity.web.acts import read_act
from core.identity.web.forms import AnchorPath, NoForm
from core.kernel import clock
from core.kernel.certpath import Path
from core.kernel.errors import WrongState
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.forms import ActForm
from core.web.guard import public, requires
from core.web.platform import platform
from core.web.threads import natively

api = APIBlueprint("identity_anchors", __name__, url_prefix="/api/v1")


def foreign(written: list[str]) -> Foreign:
    """The chain that somebody handed in, led to its authority and asked about. Raises what the chain lacks. Blocking inside."""
    now = clock.now(platform().settings.clock_file)
    known = _known(now)
    given = read_chain(written)
    spki_of(given[0])
    return _asked(given, known, now)


def asked(given: Sequence[x509.Certificate]) -> Foreign:
    """The same of certificates that came otherwise, whatever their keys. Blocking inside."""
    now = clock.now(platform().settings.clock_file)
    return _asked(given, _known(now), now)


def _known(now: datetime) -> list[Anchor]:
    known = [one for one in read(queries.vouching) if refuse_anchor(one.state, one.until, now) is None]
    if not known:
        raise WrongState("anchor.none")
    return known


def _asked(given: Sequence[x509.Certificate], known: Sequence[Anchor], now: datetime) -> Foreign:
    anchor, path = natively(lambda: choose(given, known, now))
    asker = cast(Asker | None, platform().parts.get("status_asker"))
    return Foreign(anchor.id, path, natively(lambda: _ask(asker, anchor, path, now)))


def _ask(asker: Asker | None, anchor: Anchor, path: Path, now: datetime) -> tuple[Said, ...]:
    asker, told = asker or Asker(), anchor.admission
    with asker.client:
        return asker.ask(path, told.ocsp_url, told.crl_urls, now)


@api.get("/anchors")
@public
def list_anchors() -> Response:
    """Authorities that are or were recognised here besides the platform's own."""
    return jsonify({"anchors": [_public(view) for view in read(queries.public_anchors)]})


@api.post("/anchors")
@requires(Role.ADMIN)
def propose(body: ActForm) -> tuple[Response, int]:
    """`anchor.admit`, first signature: an administrator proposes an authority."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.propose(work, request))), 201


@api.post("/anchors/<anchor>/recognition")
@requires(Role.SUPERVISOR)
def recognise(path: AnchorPath, body: ActForm) -> Response:
    """`anchor.admit`, second signature: a supervisor recognises it."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.recognise(work, _id(path), request)))


@api.post("/anchors/<anchor>/end")
@requires(Role.ADMIN)
def propose_end(path: AnchorPath, body: ActForm) -> Response:
    """`anchor.end`, first signature."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.propose_end(work, _id(path), request)))


@api.post("/anchors/<anchor>/end/countersignature")
@requires(Role.SUPERVISOR)
def end(path: AnchorPath, body: ActForm) -> Response:
    """`anchor.end`, second signature: its keys sign nothing more."""
    request = read_act(body)
    return jsonify(perform(lambda work: services.end(work, _id(path), request)))


@api.post("/anchors/<anchor>/set-aside")
@requires(Role.ADMIN, Role.SUPERVISOR)
def set_aside(path: AnchorPath, body: NoForm) -> Response:
    """What waits for a second signature waits no more."""
    return jsonify(perform(lambda work: services.set_aside(work, _id(path))))


def _id(path: AnchorPath) -> UUID:
    return UUID(path.anchor)


def _public(view: AnchorView) -> dict[str, Any]:
    said = view.admission
    return {
        "id": str(view.id),
        "name_zh": view.name_zh,
        "name_en": view.name_en,
        "region": said.region,
        "state": view.state.value,
        "root_sha256": view.root_sha256,
        "root": pem_chain([said.root])[0],
        "ocsp_url": said.ocsp_url,
        "crl_urls": list(said.crl_urls),
        "recognised_at": None if view.recognised_at is None else clock.text(view.recognised_at),
        "until": clock.text(view.until),
        "ended_at": None if view.ended_at is None else clock.text(view.ended_at),
        "end_reason": view.end_reason if view.ended_at is not None else "",
    }
