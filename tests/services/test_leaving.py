"""A member is replaced at any stage, on both databases: what is void, what stands, what is done again and by whom."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import chain, jcs
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.audience import COMMITTEE
from evaluation.domain.room import Action, See, State
from evaluation.models.calls import DrawCall
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import rooms as queries
from evaluation.queries.audience import audience_of
from evaluation.queries.report import report_data
from evaluation.services import reports
from tests.builders.evaluation import REPORT, OpenedBids, Room
from tests.builders.people import Person
from tests.builders.stages import LOCKED, REVIEWING, SCORING, SUBMITTED, SUMMARISED

pytestmark = [pytest.mark.begins(SCORING), pytest.mark.sqlite_alone]
DOUBT = "formality.signature"


@pytest.fixture
def opened(room: Room) -> OpenedBids:
    return room.opened


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def bodies(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [dict(jcs.parse_object(one.envelope.payload)["body"]) for one in found]  # type: ignore[arg-type]


def state(room: Room) -> State:
    return room.view(room.tender.supervisor).state


def successor_works(room: Room, seat: int, marks: str = "0.8") -> Person:
    """Review and technical sheet of whoever follows."""
    who = room.succeed(seat)
    room.review(who)
    room.submit(who, room.sheet(marks))
    return who


@pytest.mark.on_both
def test_a_member_leaves_while_scoring_and_the_others_sheets_stand(room: Room, door: Door) -> None:
    kept, leaving = room.members[0], room.members[2]
    room.submit(kept)
    room.submit(leaving)
    assert room.leave(leaving) == {"state": "committee_formed"}
    successor = room.members[2]
    assert successor is not leaving and len(room.members) == 7
    with pytest.raises(NotFound):
        room.view(leaving)
    assert refused(NotAllowed, room.submit, leaving, []) == "room.not_a_member"
    assert room.view(kept).awaited == ("专家3",)
    successor_works(room, 3)
    view = room.view(kept)
    assert view.state is State.TECHNICAL and view.chair == "1" and view.me is not None and view.me.submitted
    assert refused(WrongState, room.submit, kept, room.sheet()) == "score.submit.twice"
    for who in room.members[1:2] + room.members[3:]:
        room.submit(who)
    assert state(room) is State.LOCKED
    assert len(bodies(door, room, "room.leave")) == 1
    assert len(bodies(door, room, "committee.form")) == 2
    row = door.read(lambda session: session.scalars(select(DrawCall).where(DrawCall.cause == "health")).one())
    assert row.way == "room"


def test_who_says_what_and_who_may_not(room: Room) -> None:
    centre, supervisor, tenderer = room.tender.centre, room.tender.supervisor, room.tender.tenderer
    assert refused(NotAllowed, room.leave, centre) == "act.role"
    assert refused(NotAllowed, room.replace, tenderer, "3") == "room.replace.not_allowed"
    assert refused(NotAllowed, room.replace, room.members[0], "3") == "room.replace.not_allowed"
    outsider = next(who for who in room.experts if room.call(who) is None)
    assert refused(NotAllowed, room.leave, outsider) == "room.not_a_member"
    assert refused(RuleBroken, room.leave, room.members[0], "conduct") == "evaluation.body"
    assert refused(RuleBroken, room.replace, supervisor, "3", "late") == "evaluation.body"
    assert refused(RuleBroken, room.replace, centre, "3", "conduct", "") == "evaluation.body"
    assert refused(WrongState, room.replace, centre, "9") == "room.leave.not_here"
    assert room.view(centre).state is State.TECHNICAL
    assert Action.REPLACE in room.view(centre).available and Action.RECUSE in room.view(supervisor).available
    assert Action.LEAVE in room.view(room.members[0]).available and Action.REPLACE not in room.view(room.members[0]).available
    one, two = room.seat_of("civil"), room.seat_of("cost")
    room.replace(centre, one)
    assert refused(WrongState, room.replace, supervisor, one, "recusal") == "room.leave.not_here"  # the successor has not come
    room.replace(supervisor, two, "recusal", "成员与投标人的股东有亲属关系")  # two at a time
    assert set(room.view(centre).awaited) == {f"专家{one}", f"专家{two}"}
    room.sign_in(room.members[int(one) - 1])
    assert state(room) is State.COMMITTEE_FORMED
    room.sign_in(room.members[int(two) - 1])
    assert state(room) is (State.SIGNED_IN if "1" in (one, two) else State.CHAIR_ELECTED)


@pytest.mark.begins(REVIEWING)
def test_a_chair_who_leaves_is_elected_anew(room: Room) -> None:
    room.leave(room.members[0])
    room.sign_in(room.members[0])
    assert state(room) is State.SIGNED_IN
    for who in room.members:
        room.vote_chair(who, "5", 2)
    assert room.view(room.members[0]).chair == "5" and state(room) is State.CHAIR_ELECTED
    room.declare(room.members[0])
    assert state(room) is State.PRELIMINARY


@pytest.mark.begins(REVIEWING)
@pytest.mark.on_both
def test_votes_on_rejections_are_void_and_held_again_and_other_bids_are_scored_anew(room: Room, door: Door) -> None:
    doubted = room.codes[0]
    for place, who in enumerate(room.members):
        room.review(who, [(doubted, DOUBT)] if place in (0, 6) else ())
    for place, who in enumerate(room.members):
        room.vote_rejection(who, {doubted: "no_signature" if place in (0, 4, 5, 6) else "stays"})
    assert room.view(room.members[0]).standing == room.codes[1:] and state(room) is State.TECHNICAL
    stayer = room.members[1]
    room.submit(stayer)
    room.replace(room.tender.centre, "7")
    successor = room.succeed(7)
    room.review(successor)
    assert state(room) is State.REJECTION
    for who in room.members:
        room.vote_rejection(who, {doubted: "no_signature" if who is room.members[0] else "stays"})
    assert state(room) is State.TECHNICAL and room.view(stayer).standing == room.codes
    decided = bodies(door, room, "preliminary.result")
    assert [len(one["rejected"]) for one in decided] == [1, 0]
    for who in room.members:  # his sheet said nothing of the bid that is in again
        room.submit(who)
    assert state(room) is State.LOCKED


@pytest.mark.begins(LOCKED)
def test_after_the_lock_the_lock_is_lifted_for_the_successors_own_sheet_alone(room: Room, door: Door, opened: OpenedBids) -> None:
    asked = list(opened.asked)
    opened.asked = []
    room.replace(room.tender.centre, "3", "absent", "午休后未返回评标区")
    successor, stayer = room.members[2], room.members[0]
    view = room.view(room.tender.supervisor)
    assert view.state is State.COMMITTEE_FORMED and view.technical is None and view.map is None
    assert not view.may(See.ALL_SHEETS)
    for who, audience in ((successor, None), (stayer, COMMITTEE)):
        assert door.read(lambda session, who=who: audience_of(session, who.actor, room.case)) == audience
    successor_works(room, 3, "0.5")
    assert door.read(lambda session: audience_of(session, successor.actor, room.case)) == COMMITTEE
    assert state(room) is State.LOCKED  # the code names are opened to nobody but by two signatures under the new result
    locks = bodies(door, room, "technical.lock")
    assert len(locks) == 2 and locks[0]["result_sha256"] != locks[1]["result_sha256"]
    room.open_map()
    assert state(room) is State.COMMERCIAL
    assert opened.asked == [] and asked  # prices are asked for once
    assert next(one["map"] for one in bodies(door, room, "blind.opened")) == bodies(door, room, "blind.opened")[1]["map"]


@pytest.mark.begins(LOCKED)
def test_the_price_of_a_bid_that_passes_only_afterwards_is_asked_for_then(room: Room, opened: OpenedBids) -> None:
    missing = room.org_of(room.codes[0])

    def shut(work: Any, _lot: Any) -> None:
        row = work.session.scalars(select(Evaluation)).one()
        row.asked = list(row.asked)[1:]

    room.tender.step(shut)
    room.leave(room.members[6])
    successor_works(room, 7)
    room.open_map()
    assert state(room) is State.COMMERCIAL and opened.asked == [missing]


@pytest.mark.begins(SUMMARISED)
def test_signatures_under_a_report_are_void_and_the_report_is_made_anew_with_who_left(room: Room, door: Door, opened: OpenedBids) -> None:
    room.draft_report()
    for who in room.members[:6]:
        room.sign_report(who)
    first = bodies(door, room, "summary")[0]["result_sha256"]
    room.leave(room.members[6], "device", "工位断电，无法继续")
    assert room.view(room.tender.supervisor).report_sha256 == ""
    row = door.read(lambda session: queries.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    room.tender.step(lambda work, _lot: reports.draft(work, row, "aa" * 32, 1))  # of the voided summary: too late
    assert len(bodies(door, room, "report.draft")) == 1
    successor_works(room, 7, "0.4")
    room.open_map()
    assert state(room) is State.SUMMARY and bodies(door, room, "summary")[1]["result_sha256"] != first
    data = door.read(lambda session: report_data(session, row))
    [gone] = data.fields["replaced"]
    assert (gone["name"], gone["cause"], gone["stage"], gone["open"]) == ("专家7", "device", "signing", True)
    assert len({one["name"] for one in data.fields["sheets"]}) == 7 and len(data.fields["sheets"]) == 7 * len(room.codes)
    room.draft_report("bb" * 32)
    assert refused(RuleBroken, room.sign_report, room.members[0], digest=REPORT) == "report.sign.other_report"
    for who in room.members:
        room.sign_report(who, digest="bb" * 32)
    assert state(room) is State.SUBMITTED


@pytest.mark.begins(SUMMARISED)
@pytest.mark.on_both
def test_a_report_that_fell_due_before_a_replacement_is_not_rendered(room: Room, door: Door) -> None:
    room.leave(room.members[6])
    row = door.read(lambda session: queries.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    jobs.render(door, None, row)  # type: ignore[arg-type]  # no paper is made
    assert bodies(door, room, "report.draft") == []


@pytest.mark.begins(SUBMITTED)
def test_after_the_report_nobody_is_replaced(room: Room) -> None:
    assert refused(WrongState, room.leave, room.members[0]) == "room.leave.wrong_state"
    assert refused(WrongState, room.replace, room.tender.centre, "1") == "room.replace.wrong_state"
    assert refused(WrongState, room.replace, room.tender.supervisor, "1", "recusal") == "room.recuse.wrong_state"


def test_where_the_draw_has_nobody_left_the_seat_is_not_handed_on(room: Room, door: Door) -> None:
    code = ""
    while not code:
        seat = room.members[0]
        try:
            room.leave(seat)
        except RuleBroken as refusal:
            code = refusal.code
        else:
            room.sign_in(room.members[0])
    assert code == "draw.recuse.nobody_left"
    assert len(room.members) == 7
    gone = door.read(lambda session: list(session.scalars(select(Seat).where(Seat.left_at.is_not(None)))))
    assert len(bodies(door, room, "room.leave")) == len(gone)
