"""Views, alarms and the time line on both databases: a purpose before anything is shown, one note a page, one loop an alarm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from app.verify.replay.story import Story
from app.verify.replay.supervision import check_supervision
from app.verify.verdict import Broken
from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.roles import Role
from core.kernel.streams import StreamRow
from evaluation import jobs
from evaluation.domain.alarm import Level
from evaluation.domain.alarm import State as Handling
from evaluation.domain.recording import chain_of
from evaluation.queries import timeline, viewing, wall
from evaluation.services import leaving
from evaluation.services import viewing as service
from tests.builders import supervising as does
from tests.builders.evaluation import Room
from tests.builders.stages import SCORING, SUBMITTED
from tests.builders.tapes import record_two
from tests.verify.retelling import entries_of

pytestmark = pytest.mark.begins(SCORING)


def kinds(room: Room) -> list[str]:
    events = room.tender.door.read(lambda session: chain.events(session, room.case))
    return [one.kind for one in events if one.kind.startswith("supervision.")]


def views(room: Room, who: Any) -> viewing.Views:
    found: viewing.Views = room.tender.door.read(lambda session: viewing.of_room(session, who.actor, room.number))
    return found


def tick(room: Room, name: str) -> None:
    next(one for one in jobs.TICKS if one.name == name).run(room.tender.door)


def test_nothing_is_looked_at_without_a_purpose_and_each_page_is_noted_once(room: Room) -> None:
    watcher = room.tender.supervisor
    with pytest.raises(NotAllowed, match="purpose_needed"):
        does.look(room, "supervision")
    does.begin_view(room, note="例行")
    for what in ("supervision", "evaluation/result", "supervision"):
        does.look(room, what)
    [line] = views(room, watcher).rows
    assert (line.no, line.purpose.value, line.note, [look.what for look in line.looked]) == (
        *(1, "routine", "例行"),
        ["supervision", "evaluation/result"],
    )
    assert line.is_open and line.is_mine and not views(room, room.tender.centre).rows[0].is_mine
    does.begin_view(room, purpose="alarm")  # the first is left
    assert [one.state.value for one in views(room, watcher).rows] == ["open", "left"]
    room.perform(watcher, lambda work: service.leave(work, room.number))
    with pytest.raises(NotFound):
        room.perform(watcher, lambda work: service.leave(work, room.number))
    assert kinds(room) == [f"supervision.{one}" for one in ("view", "look", "look", "view_end", "view", "view_end")]
    rows = room.tender.door.read(lambda session: list(session.scalars(select(StreamRow).where(StreamRow.kind.startswith("supervision.")))))
    assert {row.audience for row in rows} == {"supervisor"} and "例行" not in str([row.data for row in rows])


def test_a_view_is_over_by_itself_after_two_hours(room: Room) -> None:
    does.begin_view(room)
    room.tender.jump(room.tender.now + timedelta(hours=2))
    with pytest.raises(NotAllowed):
        does.look(room, "supervision")
    tick(room, "evaluation.views_lapsed")
    tick(room, "evaluation.views_lapsed")
    assert kinds(room) == ["supervision.view", "supervision.view_end"]
    assert views(room, room.tender.supervisor).rows[0].state.value == "lapsed"


def test_another_supervisor_s_view_is_ended_and_that_one_answers(room: Room) -> None:
    other = room.tender.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会")
    looked = does.begin_view(room, other)
    act = does.issue(room, "end_view", "viewer", about=looked)
    with pytest.raises(NotAllowed):
        does.look(room, "supervision", other)
    assert views(room, other).rows[0].state.value == "stopped"
    with pytest.raises(NotAllowed, match="not_yours"):
        does.answer(room, room.tender.supervisor, act)
    does.answer(room, other, act)
    does.close(room, act)
    with pytest.raises(WrongState):
        does.issue(room, "end_view", "viewer", about=looked)
    with pytest.raises(NotFound):
        does.issue(room, "end_view", "viewer", about="0" * 64)


def test_an_alarm_is_dispatched_once_handled_urged_and_closed(room: Room) -> None:
    body = {"seat": "3", "cause": "device", "reason": "工位电脑无法启动"}
    room.signed(room.tender.centre, "room.replace", body, leaving.replace, step_up=True)
    [alarm] = does.raised(room)
    assert (alarm.kind, alarm.level, alarm.state, alarm.body["seat"]) == ("room.replace", Level.ORANGE, Handling.RAISED, "3")
    with pytest.raises(NotFound, match="no_alarm"):
        does.issue(room, "handle", "centre", about="0" * 64)
    act = does.issue(room, "handle", "centre", about=alarm.about)
    with pytest.raises(WrongState, match="dispatched"):
        does.issue(room, "handle", "centre", about=alarm.about)
    assert does.raised(room)[0].state is Handling.DISPATCHED and does.raised(room)[0].no == 1
    room.tender.jump(room.tender.now + timedelta(minutes=31))
    tick(room, "evaluation.measures_overdue")
    first, second = does.raised(room)  # that it is overdue is an alarm of its own
    assert first.is_late or second.is_late
    assert {first.kind, second.kind} == {"room.replace", "supervision.overdue"}
    does.urge(room, act)
    does.answer(room, room.tender.centre, act, "已更换电脑，成员已递补。")
    assert next(one for one in does.raised(room) if one.no).state is Handling.HANDLED
    does.close(room, act)
    assert does.raised(room)[-1].is_settled


def test_recordings_stand_on_the_time_line_and_those_of_a_moment_are_played_from_there(room: Room, tmp_path: Path) -> None:
    began = room.tender.now
    record_two(room, tmp_path)
    door = room.tender.door
    whole = door.read(lambda session: timeline.of_room(session, room.number))
    lanes = {row.what.kind: row.lane for row in whole.rows}
    assert lanes["video.begin"] == lanes["video.gap"] == lanes["video.back"] == "video" and lanes["supervision.view"] == "view"
    at = began + timedelta(seconds=4)
    found = door.read(lambda session: timeline.of_room(session, room.number, at, "11:47:04"))
    first, second = found.tapes  # of the second, which began later, the beginning
    assert (first.seat, first.name, second.seat, second.offset) == ("1", "专家1", "2", 0) and first.offset in (3, 4)
    later = door.read(lambda session: timeline.of_room(session, room.number, at + timedelta(days=1), "11:47:04"))
    assert later.tapes == ()


def test_a_gap_in_a_recording_is_an_alarm_that_is_dispatched_and_settled(room: Room, tmp_path: Path) -> None:
    record_two(room, tmp_path)
    found = [one for one in does.raised(room) if one.kind == "video.gap"]
    assert found and {one.level for one in found} == {Level.RED} and {one.body["form"] for one in found} == {"clear"}
    act = does.issue(room, "handle", "centre", about=found[0].about)
    with pytest.raises(WrongState, match="dispatched"):
        does.issue(room, "handle", "centre", about=found[0].about)
    does.urge(room, act)
    does.answer(room, room.tender.centre, act, "已重启摄像头，录像已恢复。")
    does.close(room, act)
    assert next(one for one in does.raised(room) if one.about == found[0].about).is_settled
    assert check_supervision(story(room)).startswith("1; 1; ")
    with pytest.raises(Broken, match="measure_unknown"):  # nobody dispatches a gap that there was not
        check_supervision(replace(story(room), recorded=()))


def story(room: Room) -> Story:
    """The case and its recordings as the verifier reads them."""
    door, nothing = room.tender.door, cast(Any, None)
    events, recorded = (entries_of(door, case, lambda _: None) for case in (room.case, chain_of(room.case)))
    return Story(nothing, room.case, room.tender.no, events, nothing, nothing, recorded=recorded)


def test_the_wall_shows_every_room_in_session_and_no_score(room: Room) -> None:
    watcher, now = room.tender.supervisor, room.tender.now
    does.issue(room, "explain", "centre")
    found = room.tender.door.read(lambda session: wall.wall(session, watcher.actor, now))
    [one] = found.rooms
    assert one.view.lot.number == room.number and one.percent == 60 and one.sites == 3 and found.waiting == 1
    assert {site.seats for site in found.sites} == {3, 2} and found.over == ()
    assert found.lines[0].kind == "supervision.act" and found.open_alarms == ()
    assert wall.percent_of(()) == 0


def test_many_rooms_stand_on_pages_of_the_wall_and_all_of_them_in_its_list(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    watcher, now = room.tender.supervisor, room.tender.now
    monkeypatch.setattr(wall, "PAGE", 0.5)  # as if one room filled two pages
    found = room.tender.door.read(lambda session: wall.wall(session, watcher.actor, now, 7))
    assert (found.page, found.pages) == (2, 2)
    monkeypatch.undo()
    found = room.tender.door.read(lambda session: wall.wall(session, watcher.actor, now, 7))
    [line] = found.sessions
    assert (found.page, found.pages, line.page, line.number, line.is_paused) == (1, 1, 1, room.number, False)
    assert [one.view.lot.number for one in found.rooms] == [room.number]


@pytest.mark.begins(SUBMITTED)
def test_the_tenderer_reads_after_the_report_who_looked_and_for_what(room: Room) -> None:
    does.begin_view(room, purpose="review")
    assert [one.purpose.value for one in views(room, room.tender.tenderer).rows] == ["review"]
    with pytest.raises(NotAllowed):
        views(room, room.members[0])
    found = room.tender.door.read(lambda session: wall.wall(session, room.tender.supervisor.actor, room.tender.now))
    assert found.rooms == () and [one.lot.number for one in found.over] == [room.number]


def test_before_the_report_the_tenderer_does_not(room: Room) -> None:
    with pytest.raises(NotAllowed, match="list"):
        views(room, room.tender.tenderer)


def test_the_time_line_tells_what_happened_at_a_moment(room: Room) -> None:
    does.begin_view(room)
    at = room.tender.now
    does.issue(room, "pause", "centre")
    whole = room.tender.door.read(lambda session: timeline.of_room(session, room.number))
    assert {row.lane for row in whole.rows} == {"event", "act", "view"} and whole.rows[0].x == 0 and whole.rows[-1].x == 1_000
    found = room.tender.door.read(lambda session: timeline.of_room(session, room.number, at.replace(microsecond=0), "11:47:00"))
    assert "supervision.act" in {row.what.kind for row in found.rows} and any(row.is_asked for row in found.rows)
    assert found.tapes == ()
    long_ago = at - timedelta(days=400)
    nothing = room.tender.door.read(lambda session: timeline.of_room(session, room.number, long_ago, "11:47"))
    assert nothing.rows == () and nothing.days == whole.days
