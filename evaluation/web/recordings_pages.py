"""The pages of recordings: a member's camera in a window of its own, and the lines of a room for those who watch."""

from __future__ import annotations

from flask import Blueprint

from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.queries import recording_keeping
from evaluation.queries import recordings as queries
from evaluation.web.forms import LotPath
from evaluation.web.pages import page, room_of
from evaluation.web.texts_recordings import LINES
from evaluation.web.texts_supervision import PURPOSES

blueprint = Blueprint("evaluation_recording_pages", __name__)


@blueprint.get("/lots/<number>/evaluation/camera")
@requires(Role.EXPERT)
def camera(number: str) -> str:
    """The camera of the caller's seat, in a window that stays open while they work in another."""
    view = room_of(number)
    return page("camera_window", number=view.lot.number, voice=voice())


@blueprint.get("/lots/<number>/evaluation/video")
@requires(Role.CENTRE, Role.SUPERVISOR)
def video(number: str) -> str:
    """How the line of every seat stands; pictures and recordings once it was said why."""
    path, who = LotPath(number=number), actor()
    lines = read(lambda session: queries.lines(session, who, path.number))
    return page("video", lines=lines, is_supervisor=Role.SUPERVISOR in who.roles, VIDEO_PURPOSES=PURPOSES, VIDEO_LINES=LINES)


@blueprint.get("/lots/<number>/evaluation/video/keeping")
@requires(Role.CENTRE, Role.SUPERVISOR)
def keeping(number: str) -> str:
    """Until when the recordings of a room are kept, what holds them, and where a second copy lies."""
    path, who = LotPath(number=number), actor()
    kept = read(lambda session: recording_keeping.of_room(session, who, path.number))
    return page("video_keeping", kept=kept, has_copies=platform().settings.video_copy_dir is not None)


def voice() -> str:
    """What becomes of voices in the shielded form."""
    return platform().settings.video_voice
