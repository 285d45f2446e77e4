"""The log as anyone may read it: C2SP tlog-tiles, the newest checkpoint, and proofs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from core.kernel import proofs
from core.kernel.encoding import b64
from core.kernel.errors import NotFound
from core.web.door import read
from core.web.guard import public, quiet

blueprint = Blueprint("log", __name__, url_prefix="/log")
FOR_EVER = "public, max-age=31536000, immutable"
TEXT = "text/plain; charset=utf-8"


@blueprint.get("/checkpoint")
@public
@quiet
def checkpoint() -> Response:
    """The newest checkpoint with its cosignatures (C2SP tlog-checkpoint)."""
    head = _read(proofs.latest)
    if head is None:
        raise NotFound("log.no_such_checkpoint", size=0)
    return _answer(str(head.note).encode(), TEXT, "no-cache")


@blueprint.get("/checkpoint/<int:size>")
@public
@quiet
def checkpoint_at(size: int) -> Response:
    """The checkpoint over the first `size` records."""
    return _answer(str(_read(lambda session: proofs.at_size(session, size)).note).encode(), TEXT, "no-cache")


@blueprint.get("/checkpoint/<int:size>.tsr")
@public
@quiet
def time_stamp(size: int) -> Response:
    """The time stamp over a checkpoint that a ceremony forced (RFC 3161)."""
    token = _read(lambda session: proofs.at_size(session, size)).tsr
    if token is None:
        raise NotFound("log.no_time_stamp", size=size)
    return _answer(token, "application/timestamp-reply", FOR_EVER)


@blueprint.get("/tile/<path:path>")
@public
@quiet
def tile(path: str) -> Response:
    """A tile of hashes, or a bundle of records under `entries/` (C2SP tlog-tiles)."""
    return _answer(_read(lambda session: proofs.tile(session, path)), "application/octet-stream", FOR_EVER)


@blueprint.get("/proof/<int:index>")
@public
@quiet
def proof(index: int) -> Response:
    """That record `index` stands in the log of the newest checkpoint (C2SP tlog-proof)."""
    return _answer(str(_read(lambda session: proofs.tlog_proof(session, index))).encode(), TEXT, "no-cache")


@blueprint.get("/proof/<int:old>/<int:new>")
@public
@quiet
def consistency(old: int, new: int) -> Response:
    """That the log of `new` records extends that of `old` (RFC 6962 §2.1.2): one base64 hash to a line."""
    hashes = _read(lambda session: proofs.consistency(session, old, new))
    return _answer("".join(f"{b64(node)}\n" for node in hashes).encode(), TEXT, FOR_EVER)


def _read(query: Callable[[Session], Any]) -> Any:
    return read(query)


def _answer(body: bytes, media: str, cache: str) -> Response:
    response = Response(body, content_type=media)
    response.headers["Cache-Control"] = cache
    return response
