"""Where a provincial pool draws: its letter goes out as a file, its signed reply comes in and is shown before the centre signs for it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.identity.domain.anchor import Said
from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.identity.web.anchors import asked
from core.kernel import jcs
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from core.web.door import perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from evaluation.domain.partner_word import PartnerWord
from evaluation.domain.provincial import Reply, ReplyBody
from evaluation.queries import provincial as queries
from evaluation.services import provincial as services
from evaluation.web.forms import ActForm, DrawPath, LotPath
from evaluation.web.pages import show_draw

api = APIBlueprint("evaluation_provincial", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_provincial_pages", __name__)
MOST_BYTES = 1024**2


@api.get("/lots/<number>/draws/<draw>/letter")
@requires(Role.CENTRE)
def letter(path: DrawPath) -> Response:
    """The letter to the partner's pool, in the bytes whose digest its reply names."""
    content = read(lambda session: queries.letter(session, path.number, path.draw))
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="pool-request.json"'
    return response


@api.post("/lots/<number>/draws/<draw>/replies")
@requires(Role.CENTRE)
def reply(path: DrawPath, body: ActForm) -> Response:
    """The centre hands in the pool's signed reply (`draw.reply`)."""
    act = read_act(body)
    told = _told(act)
    return jsonify(perform(lambda work: services.reply(work, path.number, act, told)))


def _told(act: SignedRequest) -> tuple[Said, ...]:
    """What the signer's authority says of the certificates just now; nothing where nobody vouches for them, which the service refuses."""
    try:
        return asked(ReplyBody.read(read_statement(act.envelope.payload).body).word.chain).said
    except Refusal:
        return ()


@blueprint.post("/lots/<number>/draw/reply")
@requires(Role.CENTRE)
def look(number: str) -> ResponseReturnValue:
    """Shows the file that the pool has sent, for the centre to sign; nothing of it is kept yet."""
    lot = LotPath(number=number).number
    try:
        file = _file()
    except Refusal as refusal:
        return show_draw(lot, sentence(refusal, platform().sentences)), status_of(refusal)
    return show_draw(lot, "", file)


def _file() -> dict[str, JSON]:
    given = request.files.get("reply")
    content = b"" if given is None else given.stream.read(MOST_BYTES + 1)
    if not content or len(content) > MOST_BYTES:
        raise RuleBroken("draw.reply.form")
    try:
        file = jcs.parse_object(content, strict=False)
    except Refusal:
        raise RuleBroken("draw.reply.form") from None
    Reply.read(PartnerWord.read(file, "reply").said)
    return dict(file)
