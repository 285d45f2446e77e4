"""Supervisors act in a session on both databases: each act demands an answer, a pause stops all that the room does, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import chain
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.streams import StreamRow
from evaluation import jobs
from evaluation.domain.room import Action, State
from evaluation.domain.room import See as Shown
from evaluation.domain.supervision import State as Come
from evaluation.queries import rooms as room_queries
from evaluation.queries import supervision as queries
from evaluation.services import leaving, progress, scores
from tests.builders import supervising as does
from tests.builders.evaluation import Room
from tests.builders.host_calls import call_host
from tests.builders.stages import LOCKED, SCORING, SUBMITTED, SUMMARISED

pytestmark = pytest.mark.begins(SCORING)


def kinds(room: Room) -> list[str]:
    events = room.tender.door.read(lambda session: chain.events(session, room.case))
    return [one.kind for one in events if one.kind.startswith("supervision.")]


def tick(room: Room) -> None:
    next(one for one in jobs.TICKS if one.name == "evaluation.measures_overdue").run(room.tender.door)


def save(room: Room, who: Any, code: str, score: str) -> Any:
    return room.perform(who, lambda work: scores.save_draft(work, room.number, code, {"method": score}, {}))


def test_an_act_demands_an_answer_of_who_was_addressed_and_is_closed_after_it(room: Room) -> None:
    one, two, *_ = room.members
    act = does.issue(room, "explain", "seat:1")
    assert [line.no for line in does.seen(room, one).due] == [1] and does.seen(room, two).rows == ()
    waiting = room.tender.door.read(lambda session: queries.waiting(session, one.actor))
    assert [(line.number, line.measure.value) for line in waiting] == [(room.number, "explain")]
    with pytest.raises(WrongState):
        does.close(room, act)
    with pytest.raises(NotAllowed, match="not_yours"):
        does.answer(room, two, act)
    with pytest.raises(RuleBroken, match="figures"):
        does.answer(room, one, act, "我打了十二分，即12分")
    does.answer(room, one, act, "刚才在核对签到表。")
    with pytest.raises(WrongState):
        does.answer(room, one, act)
    does.urge(room, act)
    does.answer(room, one, act, "补充：已请主持人在场。")
    does.close(room, act)
    [seen] = does.seen(room, room.tender.supervisor).rows
    assert seen.state is Come.CLOSED and [word.what for word in seen.words] == ["answer", "urge", "answer", "close"]
    assert kinds(room) == [f"supervision.{what}" for what in ("act", "answer", "urge", "answer", "close")]
    assert does.seen(room, room.tender.supervisor).unsettled == ()


def test_the_host_knows_that_a_member_was_asked_and_not_why(room: Room) -> None:
    act = does.issue(room, "warn", "seat:2")
    does.answer(room, room.members[1], act)
    [seen] = does.seen(room, room.tender.centre).rows
    assert (seen.measure.value, seen.name, seen.reason, seen.words) == ("warn", "专家2", "", ())
    agency = does.seen(room, room.tender.agency)
    assert agency.rows == () and not agency.may_issue
    with pytest.raises(NotFound):
        does.seen(room, room.tender.tenderer)
    assert room.tender.door.read(lambda s: queries.awaited(s, room.tender.tenderer.actor, room.tender.lot, room.tender.now)).rows == ()
    rows = room.tender.door.read(lambda session: list(session.scalars(select(StreamRow).where(StreamRow.kind.startswith("supervision.")))))
    assert does.REASON not in str([row.data for row in rows]) and {row.audience for row in rows} == {"committee", "host", "supervisor"}


def test_the_agency_answers_what_it_is_asked(room: Room) -> None:
    act = does.issue(room, "explain", "agency")
    with pytest.raises(NotAllowed, match="not_yours"):
        does.answer(room, room.tender.centre, act)
    assert len(does.seen(room, room.tender.agency).due) == 1
    does.answer(room, room.tender.agency, act)
    with pytest.raises(NotFound):
        does.answer(room, room.tender.agency, "0" * 64)


def test_only_a_seat_that_is_taken_is_addressed(room: Room) -> None:
    with pytest.raises(RuleBroken, match="nobody_there"):
        does.issue(room, "warn", "seat:99")


def test_that_no_answer_came_is_recorded_once_for_each_due_time(room: Room) -> None:
    act = does.issue(room, "explain", "centre")
    tick(room)
    assert "supervision.overdue" not in kinds(room)
    room.tender.jump(room.tender.now + timedelta(minutes=31))
    tick(room)
    tick(room)
    assert kinds(room).count("supervision.overdue") == 1 and does.seen(room, room.tender.supervisor).rows[0].is_late
    does.urge(room, act)
    assert not does.seen(room, room.tender.supervisor).rows[0].is_late
    does.answer(room, room.tender.centre, act)
    room.tender.jump(room.tender.now + timedelta(minutes=31))
    tick(room)
    assert kinds(room).count("supervision.overdue") == 1


def test_a_pause_stops_every_member_seals_the_bids_and_loses_no_draft(room: Room) -> None:
    one, two, *_ = room.members
    code = room.codes[0]
    save(room, one, code, "7")
    act = does.issue(room, "pause", "centre")
    for stopped in (lambda: save(room, one, code, "8"), lambda: room.submit(two), lambda: room.submit(one)):
        with pytest.raises(WrongState, match=r"room\.paused"):
            stopped()
    view = room.view(one)
    assert view.is_paused and view.available == (Action.LEAVE,) and not view.may(Shown.BIDS) and view.may(Shown.PROGRESS)
    with pytest.raises(WrongState, match=r"room\.paused"):
        room.tender.door.read(lambda session: room_queries.files(session, one.actor, room.number, code))
    with pytest.raises(WrongState, match=r"room\.paused"):
        does.issue(room, "pause", "centre")
    call_host(room, two)  # who sits in a locked room may call for help
    does.answer(room, room.tender.centre, act)
    with pytest.raises(WrongState, match="still_paused"):
        does.close(room, act)
    with pytest.raises(NotAllowed):
        room.signed(room.tender.centre, "supervision.resume", {"act_sha256": act, "text": "继续"}, does.supervision.resume, step_up=True)
    does.resume(room, act)
    with pytest.raises(WrongState, match="not_paused"):
        does.resume(room, act)
    does.close(room, act)
    sheet = room.tender.door.read(lambda session: room_queries.own_sheet(session, one.actor, room.number))
    assert next(row for row in sheet.rows if row.code == code).scores["method"] == "7"
    save(room, one, code, "8")


def test_a_recused_member_is_replaced_while_the_room_stands_still_and_the_host_answers_then(room: Room) -> None:
    asked = does.issue(room, "recusal", "seat:3")
    does.issue(room, "pause", "centre")
    third = room.members[2]
    body = {"seat": "3", "cause": "recusal", "reason": "与投标人有业务往来"}
    room.signed(room.tender.supervisor, "room.replace", body, leaving.replace, step_up=True)
    assert room.view(room.tender.supervisor).state is State.COMMITTEE_FORMED
    with pytest.raises(NotAllowed, match="not_yours"):
        does.answer(room, third, asked)
    does.answer(room, room.tender.centre, asked)


@pytest.mark.begins(LOCKED)
def test_what_fell_due_while_the_room_stood_still_is_done_when_it_goes_on(room: Room) -> None:
    act = does.issue(room, "pause", "centre")
    for bidder in room.tender.bidders:
        room.opened.price(bidder.org, "1000000.00")
    lot = room.tender.lot_id
    room.perform_as_clock(lambda work: progress.prices_arrived(work, lot))
    assert room.view(room.tender.supervisor).state is State.COMMERCIAL
    does.resume(room, act)
    assert room.view(room.tender.supervisor).state is not State.COMMERCIAL


@pytest.mark.begins(SUMMARISED)
def test_a_report_that_is_being_typeset_is_drafted_though_the_room_stands_still_and_signed_after(room: Room) -> None:
    act = does.issue(room, "pause", "centre")
    room.draft_report()
    with pytest.raises(WrongState, match=r"room\.paused"):
        room.sign_report(room.members[0])
    does.resume(room, act)
    room.sign_report(room.members[0])


@pytest.mark.begins(SUBMITTED)
def test_after_the_report_a_supervisor_asks_and_does_not_pause(room: Room) -> None:
    with pytest.raises(WrongState):
        does.issue(room, "pause", "centre")
    does.answer(room, room.members[0], does.issue(room, "explain", "seat:1"), "第12项按评分标准给分。")
