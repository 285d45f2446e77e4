"""tus 1.0.0 at `/uploads/`: core, creation, expiration, termination and checksum. An offset is acknowledged once it is on disk."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from email.utils import format_datetime
from uuid import UUID

from flask import Blueprint, Response, request

from core.kernel import uploads
from core.kernel.errors import NotFound, RuleBroken, Stale
from core.kernel.files import FileStore, Staged
from core.kernel.ids import PersonId
from core.kernel.uploads import UploadView
from core.web import lines
from core.web.door import actor, perform, read
from core.web.guard import public, quiet, signed_in
from core.web.platform import platform
from core.web.threads import natively

blueprint = Blueprint("uploads", __name__, url_prefix="/uploads")
MOST = 2 * 1024**3 + 64 * 1024**2  # an envelope of 2 GB and what sealing adds
PART = 8 * 1024**2
PIECE = 1024**2
RESERVE = 1024**3  # kept free for the database and the log
ALGORITHMS = {
    "sha1": 20,
    "sha256": 32,
}  # and the lengths of their digests; tus demands sha1 of every server, a seal counts on SHA-256 alone
ABOUT = {
    "Tus-Resumable": "1.0.0",
    "Tus-Version": "1.0.0",
    "Tus-Extension": "creation,expiration,termination,checksum",
    "Tus-Max-Size": str(MOST),
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a part's bytes must come to."""

    algorithm: str
    digest: bytes


class ProtocolFault(RuleBroken):
    """A tus header that is missing or not understood; `status` is what the protocol asks for."""

    def __init__(self, header: str, status: int = 400) -> None:
        super().__init__("upload.form", header=header)
        self.status = status


@blueprint.after_request
def _say_version(response: Response) -> Response:
    response.headers.update(ABOUT)
    return response


@blueprint.errorhandler(Stale)
def _conflict(fault: Stale) -> Response:
    return Response("", 409, {"Upload-Offset": str(fault.facts["offset"])})


@blueprint.errorhandler(ProtocolFault)
def _misspoken(fault: ProtocolFault) -> Response:
    return Response(str(fault), fault.status, mimetype="text/plain")


@blueprint.route("/", methods=["OPTIONS"])
@public
@quiet
def about() -> Response:
    """What this server speaks."""
    return Response("", 204)


@blueprint.post("/")
@signed_in
@quiet
def create() -> Response:
    """Begins an upload (creation extension)."""
    _check_version()
    length = _number("Upload-Length")
    if length > MOST:
        raise ProtocolFault("Upload-Length", 413)
    if natively(platform().files.free) < length + RESERVE:
        raise RuleBroken("upload.no_space")
    owner = _owner()  # here: the use case runs in the writer's thread, which knows no request
    practising = _is_practice()
    begun = perform(lambda work: uploads.create(work, owner, length, practising=practising))
    return Response("", 201, _state(begun) | {"Location": f"{request.base_url}{begun.id}"})


@blueprint.route("/<uuid:upload>", methods=["HEAD"])
@signed_in
@quiet
def state(upload: UUID) -> Response:
    """How much of an upload is safe."""
    _check_version()
    owner = _owner()
    found = read(lambda session: uploads.find(session, upload, owner))
    return Response("", 200, _state(found) | {"Upload-Length": str(found.length)})


@blueprint.delete("/<uuid:upload>")
@signed_in
@quiet
def terminate(upload: UUID) -> Response:
    """Forgets an upload (termination extension)."""
    _check_version()
    owner, files = _owner(), platform().files
    perform(lambda work: uploads.give_up(work, upload, owner))
    natively(lambda: files.discard(str(upload)))
    return Response("", 204)


@blueprint.patch("/<uuid:upload>")
@signed_in
@quiet
def append(upload: UUID) -> Response:
    """Takes one part: written and hashed piece by piece off the event loop, synced, then acknowledged."""
    _check_version()
    if request.mimetype != "application/offset+octet-stream":
        raise ProtocolFault("Content-Type", 415)
    offset, promised = _number("Upload-Offset"), _checksum()
    request.max_content_length = PART + PIECE
    owner, files, name = _owner(), platform().files, str(upload)
    read(lambda session: uploads.find(session, upload, owner))  # a stranger learns nothing of the file's lock
    try:
        staged = files.stage(name)
    except BlockingIOError as fault:
        raise ProtocolFault("Upload-Offset", 423) from fault  # another request is writing this very upload
    try:
        with staged:
            found, now = _write(staged, upload, owner, offset, promised)
    except NotFound:
        lines.off_loop(lambda: files.discard(name))  # it was given up meanwhile: nothing is left behind
        raise
    if now.sha256 is not None and not found.practice:
        lines.off_loop(lambda: files.discard(name))
    return Response("", 204, _state(now))


def _write(staged: Staged, upload: UUID, owner: PersonId, offset: int, promised: Checksum | None) -> tuple[UploadView, UploadView]:
    """Takes the request's body behind `offset`; the upload as it was before and as it is now."""
    found = read(lambda session: uploads.find(session, upload, owner))
    if found.offset != offset:
        raise Stale("upload.offset", offset=found.offset)
    length = request.content_length
    if length is None or length > min(PART + PIECE, found.length - offset):
        raise ProtocolFault("Content-Length", 413)
    _take(staged, offset, length, promised)
    after, files = staged.offset, platform().files
    sha256 = lines.off_loop(lambda: _digest(files, found)) if after == found.length else None
    return found, perform(lambda work: uploads.acknowledge(work, upload, owner, before=offset, after=after, sha256=sha256))


def _digest(files: FileStore, upload: UploadView) -> str:
    """A finished upload's digest; what is real goes into the store as well, what is practice never does."""
    name = str(upload.id)
    return files.sum(name, upload.length) if upload.practice else files.finish(name, upload.length).sha256


def _take(staged: Staged, offset: int, length: int, promised: Checksum | None) -> None:
    """Writes the request's body behind the acknowledged offset; a part that fails its checksum is cut off again (460).

    When the line breaks in the middle, what came is kept, as the protocol asks.
    """
    staged.begin(offset)
    digest = None if promised is None else hashlib.new(promised.algorithm, usedforsecurity=False)

    def sink(piece: memoryview) -> None:
        staged.append(piece)
        if digest is not None:
            digest.update(piece)

    lines.pour(length, sink)
    if promised is not None and digest is not None and digest.digest() != promised.digest:
        staged.give_up()
        raise ProtocolFault("Upload-Checksum", 460)
    lines.off_loop(staged.settle)


def _owner() -> PersonId:
    person = actor().person
    if person is None:
        raise NotFound("upload.missing")
    return person


def _state(upload: UploadView) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": format_datetime(upload.expires_at, usegmt=True)}


def _check_version() -> None:
    if request.headers.get("Tus-Resumable") != "1.0.0":
        raise ProtocolFault("Tus-Resumable", 412)


def _is_practice() -> bool:
    """Whether the client says that this upload is for practice: a key of `Upload-Metadata`, whatever its value."""
    keys = (entry.split(" ")[0] for entry in request.headers.get("Upload-Metadata", "").split(","))
    return "practice" in keys


def _number(header: str) -> int:
    written = request.headers.get(header, "")
    if not written.isascii() or not written.isdigit() or len(written) > 15:
        raise ProtocolFault(header)
    return int(written)


def _checksum() -> Checksum | None:
    written = request.headers.get("Upload-Checksum")
    if written is None:
        return None
    algorithm, _, value = written.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error as fault:
        raise ProtocolFault("Upload-Checksum") from fault
    if len(digest) != ALGORITHMS.get(algorithm):
        raise ProtocolFault("Upload-Checksum")
    return Checksum(algorithm, digest)
