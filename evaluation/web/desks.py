"""The API of one member's workstation: notes and bookmarks, and the committee's discussion."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.note import Note, NoteKind
from evaluation.queries import desks as queries
from evaluation.queries import discussions as discussion_queries
from evaluation.queries.desks import NoteView
from evaluation.queries.discussions import DiscussionView, Message, Topic
from evaluation.queries.rooms import RoomView
from evaluation.services import discussions, notes
from evaluation.web.forms import ActForm, LotPath
from evaluation.web.forms_desks import NoteForm, NotePath

api = APIBlueprint("evaluation_desks", __name__, url_prefix="/api/v1")


@api.get("/lots/<number>/evaluation/notes")
@requires(Role.EXPERT)
def own_notes(path: LotPath) -> Response:
    """The caller's own notes and bookmarks."""
    who = actor()
    found = read(lambda session: queries.notes(session, who, path.number))
    return jsonify({"notes": [_note(one) for one in found]})


@api.put("/lots/<number>/evaluation/notes/<note>")
@requires(Role.EXPERT)
def keep_note(path: NotePath, body: NoteForm) -> Response:
    """Keeps a note or a bookmark of the caller's own under an id that the client made."""
    made = Note(body.code, body.sha256, body.page, NoteKind(body.kind), body.criterion, body.quote, body.text)
    return jsonify(perform(lambda work: notes.keep(work, path.number, UUID(path.note), made)))


@api.delete("/lots/<number>/evaluation/notes/<note>")
@requires(Role.EXPERT)
def drop_note(path: NotePath) -> Response:
    """Deletes a note or a bookmark of the caller's own."""
    return jsonify(perform(lambda work: notes.drop(work, path.number, UUID(path.note))))


@api.get("/lots/<number>/evaluation/discussion")
@requires(Role.EXPERT, Role.SUPERVISOR)
def discussion(path: LotPath) -> Response:
    """The discussion: for the committee, and from the summary on for supervisors."""
    who = actor()
    return jsonify(_discussion(read(lambda session: discussion_queries.view(session, who, path.number))))


@api.post("/lots/<number>/evaluation/discussion/topics")
@requires(Role.EXPERT)
def open_topic(path: LotPath, body: ActForm) -> Response:
    """The chair opens a topic (`discussion.topic`)."""
    return act_on(body, discussions.open_topic, path.number)


@api.post("/lots/<number>/evaluation/discussion/messages")
@requires(Role.EXPERT)
def speak(path: LotPath, body: ActForm) -> Response:
    """A member says something to the committee (`discussion.message`)."""
    return act_on(body, discussions.speak, path.number)


def buffer_key(seat: UUID) -> str:
    """The key (hex) under which a browser keeps this seat's unsent drafts: whoever logs in there as somebody else cannot read them."""
    return hmac.new(platform().settings.secret_key.encode(), b"draft-buffer\0" + seat.bytes, hashlib.sha256).hexdigest()


def key_of(view: RoomView) -> str:
    """The same key for the caller's own seat in a room, "" for whoever holds none."""
    who = actor()
    seat = read(lambda session: queries.seat_id(session, who, view))
    return "" if seat is None else buffer_key(seat)


def _note(one: NoteView) -> dict[str, JSON]:
    told: dict[str, JSON] = {"id": str(one.id), "code": one.code, "sha256": one.sha256, "page": one.page, "kind": one.kind}
    return told | {"criterion": one.criterion, "quote": one.quote, "text": one.text, "at": clock.text(one.at)}


def _discussion(found: DiscussionView) -> dict[str, JSON]:
    return {"last": found.last, "topics": [_topic(one) for one in found.topics]}


def _topic(one: Topic) -> JSON:
    said: list[JSON] = [_message(each) for each in one.messages]
    return {"no": one.no, "title": one.title, "bid": one.bid, "criterion": one.criterion, "messages": said}


def _message(one: Message) -> JSON:
    return {"no": one.no, "seat": one.seat, "text": one.text, "sha256": one.sha256, "at": clock.text(one.at)}
