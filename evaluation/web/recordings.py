"""Recordings over HTTP: tapes are begun, lines and tapes are listed, and who watches says why; live pictures are in `recordings_live`."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint

from core.kernel import clock
from core.kernel.errors import WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.tapestore import TapeStore
from core.web.door import actor, perform, read
from core.web.guard import idle, requires
from core.web.platform import platform
from core.web.threads import natively
from evaluation.domain.recording import Form, Watching
from evaluation.queries import recordings as queries
from evaluation.queries.recordings import Grant, LineView, TapeView
from evaluation.services import recording_views, recordings
from evaluation.web.forms import LotPath
from evaluation.web.forms_recordings import TapesForm, ViewPath, ViewTapePath, WatchForm

api = APIBlueprint("evaluation_recordings", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_recording_files", __name__)


@api.post("/lots/<number>/evaluation/video/tapes")
@requires(Role.EXPERT)
def begin(path: LotPath, body: TapesForm) -> Response:
    """A seat's browser begins to record in both forms (`video.begin`); each tape's slices go over a WebSocket of their own. While there is
    no room for recordings none begins, and that is said once (`video.full`): `recording.no_room`."""
    if not natively(TapeStore(platform().settings.tapes_dir).has_room):
        perform(lambda work: recordings.note_full(work, path.number))
        raise WrongState("recording.no_room")
    media = {Form.CLEAR: body.clear, Form.SHIELD: body.shield}
    return jsonify(perform(lambda work: recordings.begin(work, path.number, media)))


@api.get("/lots/<number>/evaluation/video")
@requires(Role.CENTRE, Role.SUPERVISOR)
@idle
def lines(path: LotPath) -> Response:
    """The line of every seat and how it stands: `none`, `live`, `gap`, `ended`. No picture, so no purpose is asked."""
    who = actor()
    found = read(lambda session: queries.lines(session, who, path.number))
    return jsonify({"form": found.form.value, "is_over": found.is_over, "lines": [line_json(one) for one in found.rows]})


@api.post("/lots/<number>/evaluation/video/views")
@requires(Role.CENTRE, Role.SUPERVISOR)
def watch(path: LotPath, body: WatchForm) -> Response:
    """Somebody watches (`video.view`): the host says why, a supervisor has when the visit began; with the view's id they are shown lines
    and tapes, for twelve hours or as long as the visit goes on."""
    said = Watching.read({"purpose": body.purpose, "note": body.note.strip()}) if body.purpose else None
    return jsonify(perform(lambda work: recording_views.watch(work, path.number, said, body.seats)))


@api.get("/lots/<number>/evaluation/video/views/<view>")
@requires(Role.CENTRE, Role.SUPERVISOR)
def tapes(path: ViewPath) -> Response:
    """The tapes that a view shows."""
    grant = granted(path)
    found = read(lambda session: queries.tapes(session, grant))
    return jsonify({"form": grant.form.value, "tapes": [_tape_json(one, path) for one in found]})


@blueprint.get("/video/<number>/views/<view>/tapes/<tape>")
@requires(Role.CENTRE, Role.SUPERVISOR)
def recording(number: str, view: str, tape: str) -> Response:
    """The recording itself, whole or in parts, for an ordinary player."""
    path = ViewTapePath(number=number, view=view, tape=tape)
    grant = granted(path)
    found = read(lambda session: queries.tape_of(session, grant, UUID(path.tape)))
    store = TapeStore(platform().settings.tapes_dir)
    name = f"{path.number}-{found.seat}-{found.form.value}-{path.tape}.webm"
    return send_file(store.recording(path.tape), mimetype="video/webm", conditional=True, download_name=name, etag=False, max_age=0)


def granted(path: ViewPath) -> Grant:
    """What the caller's view shows now."""
    who, door = actor(), platform().door
    return read(lambda session: queries.granted(session, who, path.number, UUID(path.view), door.clock(session)))


def line_json(line: LineView) -> dict[str, JSON]:
    """A line as the API says it."""
    since = clock.text(line.since) if line.since else None
    return {"seat": line.seat, "name": line.name, "state": line.state, "since": since, "gaps": line.gaps}


def _tape_json(tape: TapeView, path: ViewPath) -> dict[str, JSON]:
    return {
        "tape": str(tape.id),
        "seat": tape.seat,
        "name": tape.name,
        "state": tape.state.value,
        "media": tape.media,
        "begun_at": clock.text(tape.begun_at),
        "ended_at": clock.text(tape.ended_at) if tape.ended_at else None,
        "slices": tape.slices,
        "size": tape.size,
        "href": f"/video/{path.number}/views/{path.view}/tapes/{tape.id}",
    }
