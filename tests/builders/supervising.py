"""Verbs of supervision for a room, and for the draw before there is one: a supervisor acts, who was addressed answers, the supervisor
urges, lets the room go on and closes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from core.kernel import clock
from core.kernel.jcs import JSON
from evaluation import jobs
from evaluation.queries import alarms
from evaluation.queries import supervision as queries
from evaluation.queries.supervision import Measures
from evaluation.services import draws, supervision, viewing
from tests.builders.discussion import discuss
from tests.builders.host_calls import call_host
from tests.builders.people import Person

REASON = "请说明评审记录与现场情况不一致的原因"


def issue(room: Any, measure: str, to: str, by: Person | None = None, **changes: Any) -> str:
    """The supervisor acts; returns the digest by which other words name the act."""
    body = {"measure": measure, "to": to, "about": "", "reason": REASON, "due": _later(room)} | changes
    said = room.signed(by or room.tender.supervisor, "supervision.act", body, supervision.issue, step_up=True)
    return str(said["act_sha256"])


def answer(room: Any, who: Person, act: str, text: str = "已核实，现场无异常。", **changes: Any) -> dict[str, JSON]:
    """Who was addressed answers."""
    said: dict[str, JSON] = room.signed(who, "supervision.answer", {"act_sha256": act, "text": text} | changes, supervision.answer)
    return said


def urge(room: Any, act: str, **changes: Any) -> dict[str, JSON]:
    """The supervisor urges."""
    body = {"act_sha256": act, "text": "请尽快答复。", "due": _later(room)} | changes
    said: dict[str, JSON] = room.signed(room.tender.supervisor, "supervision.urge", body, supervision.urge)
    return said


def resume(room: Any, act: str, **changes: Any) -> dict[str, JSON]:
    """The room goes on."""
    body = {"act_sha256": act, "text": "情况已核实，恢复评审。"} | changes
    said: dict[str, JSON] = room.signed(room.tender.supervisor, "supervision.resume", body, supervision.resume, step_up=True)
    return said


def close(room: Any, act: str, **changes: Any) -> dict[str, JSON]:
    """The supervisor is satisfied."""
    body = {"act_sha256": act, "text": "答复属实，予以办结。"} | changes
    said: dict[str, JSON] = room.signed(room.tender.supervisor, "supervision.close", body, supervision.close, step_up=True)
    return said


def begin_view(room: Any, who: Person | None = None, purpose: str = "routine", note: str = "") -> str:
    """A supervisor says for what they look; returns the digest of the view."""
    body = {"purpose": purpose, "note": note}
    return str(room.signed(who or room.tender.supervisor, "supervision.view", body, viewing.begin)["view_sha256"])


def say_purpose(who: Person, path: str) -> None:
    """A supervisor who opened a page says for what, as the page that they were led to asks."""
    found = re.search(r"/lots/((T[0-9]+-[0-9]+)-([0-9]+))/", path + "/")
    assert found is not None
    number, case, lot = found.groups()
    request = who.act("supervision.view", case, lot, 0, {"purpose": "routine", "note": ""})
    who.door.perform(who.actor, lambda work: viewing.begin(work, number, request))


def look(room: Any, what: str, who: Person | None = None) -> None:
    """A supervisor opens something."""
    room.perform(who or room.tender.supervisor, lambda work: viewing.look(work, room.number, what))


def raised(room: Any) -> tuple[alarms.AlarmView, ...]:
    """The alarms of the room."""
    lot = room.tender.lot
    found: tuple[alarms.AlarmView, ...] = room.tender.door.read(lambda session: alarms.of_lot(session, lot))
    return found


def seen(room: Any, who: Person) -> Measures:
    """What this person sees of the acts."""
    now = room.tender.now
    found: Measures = room.tender.door.read(lambda session: queries.of_room(session, who.actor, room.number, now))
    return found


def unreasoned(room: Any) -> None:
    """The centre asks for another draw and gives no reason, which is an alarm."""
    room.perform(room.tender.centre, lambda work: draws.note_unreasoned(work, room.number))


def find_late(room: Any) -> None:
    """The clock looks for acts without an answer."""
    next(one for one in jobs.TICKS if one.name == "evaluation.measures_overdue").run(room.tender.door)


def before_the_room(room: Any) -> None:
    """What is done about an alarm of the draw while it runs."""
    unreasoned(room)
    act = issue(room, "handle", "centre", about=raised(room)[0].about)
    answer(room, room.tender.centre, act, "操作人员误触，未再次抽取。")
    urge(room, act)
    answer(room, room.tender.centre, act, "已对操作人员重新培训。")
    close(room, act)


def in_session(room: Any) -> None:
    """What goes on beside the scoring: members talk and call the host, one explains, the room stands still for a while."""
    _, chair, third, *_ = room.members
    begin_view(room)
    look(room, "supervision")
    discuss(room, chair, third)
    call_host(room, third)
    asked = issue(room, "explain", "seat:3")
    answer(room, third, asked)
    urge(room, asked)
    answer(room, third, asked, "补充说明：当时在与主持人核对签到表。")
    close(room, asked)
    paused = issue(room, "pause", "centre")
    answer(room, room.tender.centre, paused)
    resume(room, paused)
    close(room, paused)
    room.perform(room.tender.supervisor, lambda work: viewing.leave(work, room.number))


def _later(room: Any) -> str:
    return clock.text(room.tender.now + timedelta(minutes=30))
