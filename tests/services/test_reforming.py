"""Another committee beyond those who follow: drawn once the room was sealed, by the same signatures, of nobody who was called before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.verify.replay import calls as replayed_calls
from app.verify.replay import reforming
from app.verify.replay.contingency import check_halts
from app.verify.replay.leaving import check_leaving
from app.verify.verdict import Broken
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.calling import Cause
from evaluation.domain.draw import Quota, State
from evaluation.domain.redraw import Again
from evaluation.jobs import TICKS
from evaluation.models.rooms import ScoreSheet, Seat
from evaluation.queries import contingencies as contingency_queries
from evaluation.queries import drawn_before
from evaluation.queries import draws as draw_queries
from evaluation.queries.calls import alarms
from evaluation.services import committees, contingencies
from tests.builders import experts as pool_experts
from tests.builders.evaluation import Room
from tests.builders.halting import fault, repair, story_of
from tests.builders.people import Person
from tests.builders.stages import READY

pytestmark = pytest.mark.begins(READY)

AGAIN = Again("fault", "评审中故障超过四小时，另组评标委员会")


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    made = world.told(monkeypatch)
    reserves(made)
    made.scoring()
    return made


def reserves(room: Room) -> None:
    """Twelve more in the pool."""
    for n in range(12):
        expert = room.tender.crowd.join(Role.EXPERT, f"后备{n}研究院")
        room.experts.append(expert)
        pool_experts.ready(room.tender.door, room.tender.centre, expert, ["cost"] if n > 7 else ["civil"])


def refused(kind: type[Refusal], act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **named)
    return refusal.value.code


def seal(room: Room) -> str:
    """A fault that nobody mends within four hours."""
    one = fault(room)
    room.tender.jump(room.tender.now + timedelta(hours=4.1))
    next(tick for tick in TICKS if tick.name == "evaluation.faults_overdue").run(room.tender.door)
    return one


def state_of(room: Room, name: str) -> State:
    found: State = room.tender.door.read(lambda session: draw_queries.by_name(session, room.number, name)).state
    return found


@pytest.mark.on_both
def test_a_sealed_committee_is_followed_by_another_of_which_nobody_was_called_before(room: Room) -> None:
    old, first = room.members, room.draw
    room.submit(old[0])
    seal(room)
    room.drawn(again=AGAIN)
    assert state_of(room, first) is State.FORMED and room.members == old  # they sit there, sealed, until the next are on their way
    room.all_answer()
    room.form()
    new = room.members
    assert len(new) == 7 and not set(map(id, new)) & set(map(id, old))
    assert state_of(room, first) is State.SET_ASIDE and state_of(room, room.draw) is State.FORMED
    assert not room.view(room.tender.centre).is_paused
    assert refused(NotAllowed, room.submit, old[1]) == "room.not_a_member"
    assert refused(NotAllowed, room.sign_in, old[1], seat="1") == "room.not_a_member"
    for who in new:
        room.sign_in(who)
    for who in new:
        room.vote_chair(who, "1", 2)
    for who in new:
        room.declare(who)
    room.reviewed()
    room.submit(new[0])
    left, sheets = room.tender.door.read(lambda session: (gone(session), signed(session)))
    assert left == {Cause.REFORMED.value} and sheets == 2  # what an old member signed is kept, by their own seat
    story = story_of(room)
    assert check_halts(story) == "1; 1" and check_leaving(story) == 1
    told = [one for one in room.tender.door.read(lambda session: alarms(session, room.tender.supervisor.actor)) if one.draw == room.draw]
    assert [(one.level.value, one.why, one.text) for one in told] == [("amber", "fault", AGAIN.text)]


def gone(session: Any) -> set[str]:
    return set(session.scalars(select(Seat.left_cause).where(Seat.left_at.is_not(None))))


def signed(session: Any) -> int:
    return len(session.scalars(select(ScoreSheet)).all())


def test_a_committee_that_was_not_sealed_is_followed_by_none(room: Room) -> None:
    assert refused(WrongState, room.prepare, again=AGAIN) == "draw.request.formed"
    one = fault(room)
    assert refused(WrongState, room.prepare, again=AGAIN) == "draw.request.formed"
    repair(room, one)
    assert refused(WrongState, room.prepare, again=AGAIN) == "draw.request.formed"


def test_another_draw_needs_a_reason_and_the_first_conditions(room: Room) -> None:
    seal(room)
    assert refused(RuleBroken, room.prepare) == "draw.request.reason"
    assert refused(RuleBroken, room.prepare, again=AGAIN, org_cap=0) == "draw.request.conditions"
    assert refused(RuleBroken, room.prepare, again=AGAIN, quotas=(Quota("civil", 4), Quota("cost", 3))) == "draw.request.conditions"
    prepared = room.prepare(again=AGAIN)
    request: Any = prepared["request"]
    assert refused(RuleBroken, room.request, prepared, request=request | {"recused": []}) == "draw.request.other"
    called = room.tender.door.read(lambda session: drawn_before.called(session, room.tender.lot_id))
    assert set(called.values()) - {""} <= set(request["recused"]) and len(set(called.values()) - {""}) == 7
    assert len({row["id"] for row in request["pool"]}) == len(request["pool"])
    room.request(prepared)
    assert refused(WrongState, form, room, str(prepared["draw"])) == "draw.form.wrong_state"


def form(room: Room, name: str, who: Person | None = None) -> Any:
    return room.perform(who or room.tender.centre, lambda work: committees.form(work, room.number, name))


def test_of_a_room_that_goes_on_by_those_who_follow_the_other_list_is_not_seated(room: Room) -> None:
    """The list was ready when the room no longer stood still: nobody takes its seats."""
    seal(room)
    room.drawn(again=AGAIN)
    room.all_answer()
    room.form()
    assert refused(WrongState, form, room, room.draw) == "draw.form.wrong_state"
    assert refused(WrongState, room.prepare, again=AGAIN) == "draw.request.formed"


@pytest.mark.on_both
def test_a_seat_that_nobody_can_take_leads_to_another_committee(world: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room = world.told(monkeypatch)
    room.scoring()
    vacant = halts(room).vacant
    for code in ("1", "2", "3", "4", "5", "6", "7"):  # until the draw has nobody left in somebody's specialty
        if not (vacant := halts(room).vacant):
            assert refused(WrongState, seal_for, room, code) == "halt.seat_followed"
            room.replace(room.tender.centre, code, "health", "突发疾病")
            room.sign_in(room.members[int(code) - 1])
    assert vacant and refused(RuleBroken, seal_for, room, "9") == "halt.no_such_seat"
    assert refused(NotAllowed, seal_for, room, vacant[0], room.tender.supervisor)
    seal_for(room, vacant[0])
    assert refused(WrongState, seal_for, room, vacant[0]) == "room.paused"
    story = story_of(room)
    assert check_halts(story) == "1; 0" and halts(room).rows[0].state.value == "sealed"
    followed = next(one.statement.body["seats"] for one in story.entries if one.kind == "committee.form")
    assert followed
    reserves(room)
    old = room.members
    room.drawn(again=Again("exhausted", "候补用尽"))
    room.all_answer()
    room.form()
    assert not {id(one) for one in room.members} & {id(one) for one in old} and check_halts(story_of(room)) == "1; 1"
    early = [replace(one, logged=one.logged) for one in story.entries if one.kind not in {"room.replace", "draw.recusal"}]
    forms = [one for one in early if one.kind == "committee.form"][1:]
    with pytest.raises(Broken) as broken:
        check_halts(replace(story, entries=[one for one in early if one not in forms]))
    assert broken.value.what in {"halt.seat_followed", "while_halted", "seat_taken"}


def halts(room: Room) -> Any:
    door, viewer = room.tender.door, room.tender.centre
    return door.read(lambda session: contingency_queries.of_lot(session, room.number, viewer.actor, door.clock(session)))


def seal_for(room: Room, seat: str, who: Person | None = None) -> Any:
    body = {"seat": seat, "text": "成员突发疾病，候补用尽"}
    return room.signed(who or room.tender.centre, "halt.vacancy", body, contingencies.seal_for_vacancy, step_up=True)


# Lies


def lied(room: Room, code: str, check: Any, kind: str, **changes: Any) -> None:
    """The last event of that kind said otherwise, or left out (`drop`)."""
    story = story_of(room)
    entries = list(story.entries)
    index = max(n for n, one in enumerate(entries) if one.kind == kind)
    if changes.pop("drop", False):
        entries.pop(index)
    else:
        one = entries[index]
        entries[index] = replace(one, statement=replace(one.statement, body={**one.body, **changes}))
    with pytest.raises(Broken) as broken:
        check(replace(story, entries=entries))
    assert broken.value.what == code


def test_what_the_verifier_refuses_of_another_committee(room: Room) -> None:
    seal(room)
    room.drawn(again=AGAIN)
    room.all_answer()
    room.form()
    story = story_of(room)
    [held] = [one for one in replayed_calls.draws(story) if one.name == room.draw]
    request: dict[str, JSON] = dict(held.request.part("request"))
    assert reforming.is_another(story, held.request) and reforming.fault_of(story, held, request) is None
    fault_found = reforming.fault_of(story, held, request | {"recused": []})
    assert fault_found is not None and fault_found.code == "draw.request.old_member"
    unsealed = replace(story, entries=[one for one in story.entries if one.kind != "halt.sealed"])
    fault_found = reforming.fault_of(unsealed, held, request)
    assert fault_found is not None and fault_found.code == "draw.request.formed"
    lied(room, "draw.request.formed", check_leaving, "halt.sealed", drop=True)
    seats = story.all("committee.form")[0].body["seats"]
    lied(room, "seats_differ", check_leaving, "committee.form", seats=seats)
