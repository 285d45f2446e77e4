"""Calls through their services, on both databases: windows, silence, declines, keys forged, replayed or late, second draws."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from core.identity.gateway.channels import ChannelDown, Undeliverable
from core.kernel import chain, clock, jcs, streams
from core.kernel import draw as kernel
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.signing import read_statement
from core.kernel.vault import Vault
from core.kernel.work import Door
from evaluation import jobs_calls
from evaluation.domain.calling import KeypadAnswer
from evaluation.domain.calling import State as CallState
from evaluation.domain.draw import State
from evaluation.domain.redraw import Again
from evaluation.gateway_calls import VoiceCall
from evaluation.models.calls import DrawAlarm, DrawCall
from evaluation.queries import calls as queries
from evaluation.queries import draws
from evaluation.services import calls
from evaluation.services import draws as services
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import WINDOW, OpenedBids, Quota, Room
from tests.builders.trading import tender

GATEWAY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VAULT = Vault(bytes(32))
KEY = GATEWAY.public_key().public_bytes_raw().hex()
AGAIN = Again("exhausted", "土建专业无人可以递补")


def _built(door: Door, clock_file: Path, stage: Callable[[Room], Room]) -> Room:
    with pytest.MonkeyPatch.context() as patch:
        return stage(Room(tender(door, clock_file), OpenedBids()).told(patch).ready(experts=13))


READY = Beginning("a room of thirteen experts", lambda door, clock_file: _built(door, clock_file, lambda room: room))
CALLED = Beginning("seven of thirteen are called", lambda door, clock_file: _built(door, clock_file, lambda room: room.drawn()))
RUNG = Beginning("calls wait for the gateway", lambda door, clock_file: _built(door, clock_file, lambda room: room.drawn(gateway=KEY)))
CONFIRMED = Beginning("seven of thirteen will come", lambda door, clock_file: _built(door, clock_file, lambda room: room.confirmed()))

pytestmark = [pytest.mark.begins(READY), pytest.mark.sqlite_alone]


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def view(room: Room) -> Any:
    return room.tender.door.read(lambda session: draws.by_name(session, room.number, room.draw))


def rows(room: Room) -> dict[str, DrawCall]:
    def found(session: Any) -> dict[str, Any]:
        return {row.pseudonym: row for row in session.scalars(select(DrawCall).order_by(DrawCall.id))}

    return room.tender.door.read(found)


def bodies(room: Room, kind: str) -> list[dict[str, Any]]:
    events = room.tender.door.read(lambda session: chain.events(session, room.case))
    return [dict(read_statement(event.envelope.payload).body) for event in events if event.kind == kind]


def pass_window(room: Room) -> None:
    room.tender.jump(room.tender.now + WINDOW)
    for call in room.tender.door.read(lambda session: queries.silent(session, room.tender.now)):
        room.perform_as_clock(lambda work, call=call: calls.expire(work, call))


@pytest.mark.begins(CALLED)
@pytest.mark.on_both
def test_everybody_drawn_is_called_and_the_list_is_sealed_when_all_have_confirmed(room: Room, door: Door) -> None:
    assert view(room).state is State.CALLING and len(rows(room)) == 7
    *most, last = room.called
    for who in most:
        room.answer(who)
    assert view(room).state is State.CALLING
    room.answer(last)
    assert view(room).state is State.LIST_SEALED
    [sealed] = bodies(room, "draw.list")
    assert sealed["confirmed"] == sorted(rows(room))
    asked = room.asked(last)
    assert asked is not None and refused(WrongState, room.answer, last, call=asked.number) == "call.confirm.wrong_state"
    page = door.read(lambda session: queries.own_calls(session, last.person))
    said = str(page[0])
    assert room.number not in said and room.case not in said and page[0].site


def heard(room: Room, audience: str) -> list[Any]:
    return list(room.tender.door.read(lambda session: streams.since(session, room.case, audience, 0)))


@pytest.mark.begins(CALLED)
def test_nobody_learns_more_than_pseudonyms_and_outsiders_less(room: Room) -> None:
    room.answer(room.called[0], "cannot", "health", "住院")
    room.all_answer()
    streamed = {one: heard(room, one) for one in ("host", "public", "tenderer")}
    kinds = {one: [entry.kind for entry in found if entry.kind.startswith("draw.")] for one, found in streamed.items()}
    assert kinds["host"].count("draw.call") == 8 and "draw.call" not in kinds["public"]
    assert kinds["public"].count("draw.answer") == 1 == kinds["tenderer"].count("draw.answer")  # the one who left the list, no confirmation
    said = str([entry.data for found in streamed.values() for entry in found])
    assert "health" in str([entry.data for entry in streamed["host"]]) and "health" not in str([entry.data for entry in streamed["public"]])
    assert "CALL-" not in said and "住院" not in said
    assert not any(str(one.person) in said or one.name in said for one in room.experts)


@pytest.mark.begins(CALLED)
def test_who_declines_is_followed_by_the_next_in_ticket_order_without_another_draw(room: Room) -> None:
    before, who = view(room), room.called[0]
    assert refused(RuleBroken, room.answer, who, "cannot") == "draw.call.cause"
    room.answer(who, "cannot", "recusal", "与投标人有业务往来")
    after = view(room)
    [gone] = after.recused_later
    stratum = next(name for name, ids in before.picked.items() if gone in ids)
    successor = before.reserves[stratum][0]
    assert after.picked[stratum] == [one for one in before.picked[stratum] if one != gone] + [successor] and after.seed == before.seed
    held = rows(room)
    assert held[successor].state is CallState.PLACED and held[successor].site == held[gone].site
    assert room.asked(who) is None
    record = room.tender.door.read(lambda session: draws.public_record(session, room.number, room.draw))
    assert kernel.replay(kernel.parse_draw(record)).picked[stratum] == tuple(after.picked[stratum])


@pytest.mark.begins(CALLED)
@pytest.mark.on_both
def test_silence_until_the_window_closes_is_an_answer_and_a_word_after_it_is_late(room: Room) -> None:
    silent, *others = room.called
    for who in others:
        room.answer(who)
    call = room.asked(silent)
    assert call is not None
    room.tender.jump((ends := max(row.reply_until for row in rows(room).values() if row.reply_until)) - timedelta(minutes=1))
    for one in rows(room).values():
        room.perform_as_clock(lambda work, one=one.id: calls.expire(work, one))  # nothing is due yet
    assert view(room).recused_later == ()
    room.tender.jump(ends + timedelta(seconds=3))
    assert refused(WrongState, room.answer, silent, call=call.number) == "draw.call.late"
    pass_window(room)
    assert len(view(room).recused_later) == 1 and view(room).state is State.CALLING
    [said] = [body for body in bodies(room, "draw.answer") if body["answer"] == "cannot"]
    assert (said["cause"], said["way"], said["proof"]) == ("silent", "clock", {}) and said["successor"]
    room.all_answer()
    assert view(room).state is State.LIST_SEALED


@pytest.mark.begins(CONFIRMED)
@pytest.mark.on_both
def test_who_has_confirmed_and_cannot_come_must_say_so_and_the_list_opens_again(room: Room) -> None:
    who = room.called[0]
    room.answer(who, "cannot", "device", "")
    assert view(room).state is State.CALLING
    assert refused(WrongState, room.form) == "draw.form.wrong_state"
    room.all_answer()
    assert view(room).state is State.LIST_SEALED and len(bodies(room, "draw.list")) == 2


@pytest.mark.begins(CALLED)
def test_only_the_expert_who_was_called_answers(room: Room) -> None:
    called, stranger = room.called[0], next(one for one in room.experts[1:] if room.asked(one) is None)
    call = room.asked(called)
    assert call is not None
    assert refused(NotFound, room.answer, stranger, call=call.number) == "draw_call.not_found"
    assert refused(NotAllowed, room.answer, room.tender.centre, call=call.number) == "act.role"
    assert refused(NotFound, room.answer, called, call="CALL-ABCDEFGHJKLM") == "draw_call.not_found"


@pytest.mark.begins(CALLED)
def test_the_centre_notes_who_telephoned_and_nobody_else_does(room: Room) -> None:
    gone = view(room).picked["civil"][0]
    assert refused(NotAllowed, room.recuse, room.tender.supervisor, gone) == "act.role"
    assert refused(RuleBroken, room.recuse, room.tender.centre, "P0000") == "draw.recuse.not_seated"
    successor = room.recuse(room.tender.centre, gone, "来电：路上堵车", "late")["successor"]
    assert rows(room)[str(successor)].state is CallState.PLACED and rows(room)[gone].cause == "late"


@pytest.mark.begins(CALLED)
def test_when_nobody_is_left_the_draw_ends_and_another_needs_the_reason_and_the_same_conditions(room: Room) -> None:
    while view(room).state is State.CALLING:
        room.recuse(room.tender.centre, view(room).picked["civil"][0])
    assert view(room).state is State.EXHAUSTED and room.called == []
    [ended] = bodies(room, "draw.exhausted")
    record = room.tender.door.read(lambda session: draws.public_record(session, room.number, room.draw))
    assert ended["id"] not in record["recused_later"]  # the record still replays
    kernel.replay(kernel.parse_draw(record))
    assert refused(RuleBroken, room.prepare) == "draw.request.reason"
    assert refused(RuleBroken, room.prepare, again=AGAIN, org_cap=0) == "draw.request.conditions"
    assert refused(RuleBroken, room.prepare, again=AGAIN, quotas=(Quota("civil", 3), Quota("cost", 4))) in (
        "draw.request.conditions",
        "draw.request.too_few",
        "draw.request.no_choice",
    )
    first = room.draw
    room.drawn(again=AGAIN)
    assert room.draw == "draw-1-2" and len(room.called) == 7
    old = room.tender.door.read(lambda session: draws.by_name(session, room.number, first))
    assert old.state is State.SET_ASIDE
    [alarm] = bodies(room, "draw.alarm")
    assert (alarm["level"], alarm["why"], alarm["draw"]) == ("amber", "exhausted", "draw-1-2")


def test_an_attempt_without_a_reason_is_a_red_alarm_for_the_supervisor_alone(room: Room, door: Door) -> None:
    room.requested()
    assert refused(RuleBroken, room.prepare) == "draw.request.reason"
    room.perform(room.tender.centre, lambda work: services.note_unreasoned(work, room.number))
    assert refused(NotAllowed, room.perform, room.tender.tenderer, lambda work: services.note_unreasoned(work, room.number))
    [alarm] = door.read(lambda session: queries.alarms(session, room.tender.supervisor.actor))
    assert (alarm.level.value, alarm.why) == ("red", "no_reason")
    assert door.read(lambda session: queries.alarms(session, room.tender.centre.actor)) == ()
    for audience, count in (("supervisor", 1), ("host", 0), ("public", 0)):
        assert sum(entry.kind == "draw.alarm" for entry in heard(room, audience)) == count
    assert door.read(lambda session: session.scalars(select(DrawAlarm)).one().text) == ""


@pytest.mark.begins(CONFIRMED)
@pytest.mark.on_both
def test_a_draw_that_waits_is_set_aside_by_the_next_and_a_formed_one_by_none(room: Room) -> None:
    first = room.draw
    room.requested(again=Again("fault", "第一次抽取的场地登记有误"))
    assert refused(WrongState, room.perform, room.tender.centre, lambda work: form(work, room.number, first)) == "draw.form.wrong_state"
    for who in room.parties:
        room.commit(who)
    for who in room.parties:
        room.reveal(who)
    room.all_answer()
    room.form()
    assert refused(WrongState, room.prepare, again=AGAIN) == "draw.request.formed"


def form(work: Any, number: str, name: str) -> Any:
    from evaluation.services import committees

    return committees.form(work, number, name)


def test_a_request_leaves_time_to_answer_and_a_choice(room: Room) -> None:
    assert refused(RuleBroken, room.prepare, hours=0) == "draw.calling.too_soon"
    assert refused(RuleBroken, room.prepare, quotas=(Quota("civil", 1), Quota("cost", 6))) == "draw.request.no_choice"


def test_who_never_appears_hands_the_seat_on_before_anybody_judges(room: Room) -> None:
    room.formed()
    costs = [who for who in room.members if (held := room.call(who)) is not None and held.id in view(room).picked["cost"]]
    absent, silent = costs
    room.sign_in(next(who for who in room.members if who not in costs))
    seat = room.call(absent)
    assert seat is not None
    room.recuse(room.tender.centre, seat.id, "集合时间后半小时未到", "absent")
    successor = room.members[int(seat.seat) - 1]
    found = room.call(successor)
    assert successor is not absent and found is not None and (found.seat, found.site) == (seat.seat, seat.site)
    assert room.asked(successor) is not None  # who follows is called, and comes by signing in
    room.sign_in(successor)
    pass_window(room)
    assert rows(room)[found.id].state is CallState.CONFIRMED
    room.answer(silent, "cannot", "health")
    assert silent not in room.members and len(room.members) == 7


# The telephone


def pressed(call: str, digit: str = "1", *, id_: str = "a1", at: Any = None, key: Ed25519PrivateKey = GATEWAY) -> KeypadAnswer:
    said = {"id": id_, "call": call, "digit": digit, "at": clock.text(at)}
    return KeypadAnswer.read(said | {"signature": base64.b64encode(key.sign(jcs.canonical(dict(said)))).decode()})


class Telephone:
    """A gateway that keeps what it is asked, and can be down or find nobody."""

    def __init__(self) -> None:
        self.rung: list[VoiceCall] = []
        self.fault: Exception | None = None

    def ring(self, call: VoiceCall) -> None:
        if self.fault is not None:
            raise self.fault
        self.rung.append(call)


def ways(telephone: Any) -> jobs_calls.Ways:
    words = "请于%(at)s到%(place)s参加评标，%(minutes)s 分钟内按键。%(call)s"
    return jobs_calls.Ways(telephone, None, "http://localhost:8000", words, VAULT)


@pytest.fixture
def rung(room: Room, monkeypatch: pytest.MonkeyPatch) -> tuple[Room, Telephone]:
    """A draw whose calls the gateway has taken."""
    monkeypatch.setattr(queries, "mobile_number", lambda session, person: "13800000000")
    telephone = Telephone()
    assert room.called == []  # nobody is asked before the gateway has taken the call
    for row in rows(room).values():
        jobs_calls.carry(room.tender.door, row.id, ways(telephone))
        jobs_calls.carry(room.tender.door, row.id, ways(telephone))  # at least once is enough
    return room, telephone


@pytest.mark.begins(RUNG)
def test_calls_say_time_and_place_and_never_the_project(rung: tuple[Room, Telephone]) -> None:
    room, telephone = rung
    assert len({call.id for call in telephone.rung}) == 7 == len(room.called) == len(bodies(room, "draw.call"))
    for call in telephone.rung:
        assert rows_by_number(room)[call.id].site in call.text and "分钟内" in call.text
        assert not any(word in str(call) for word in (room.number, room.case, room.tender.tenderer.org_name, room.tender.lot.title))
        assert call.callback == f"http://localhost:8000/api/v1/calls/{call.id}/keys"


def rows_by_number(room: Room) -> dict[str, DrawCall]:
    return {row.number: row for row in rows(room).values()}


def press(room: Room, said: KeypadAnswer) -> Any:
    return room.perform_as_clock(lambda work: calls.keypad(work, said))


@pytest.mark.begins(RUNG)
@pytest.mark.on_both
def test_key_1_comes_key_2_cannot_and_the_same_key_again_changes_nothing(rung: tuple[Room, Telephone]) -> None:
    room, telephone = rung
    now = room.tender.now
    for place, call in enumerate(telephone.rung[:-1]):
        assert press(room, pressed(call.id, id_=f"k{place}", at=now)) == {"state": "confirmed"}
    events = len(bodies(room, "draw.answer"))
    assert press(room, pressed(telephone.rung[0].id, id_="k0", at=now)) == {"state": "confirmed"}
    assert press(room, pressed(telephone.rung[0].id, id_="k99", at=now)) == {"state": "confirmed"}  # pressed twice
    assert len(bodies(room, "draw.answer")) == events
    assert press(room, pressed(telephone.rung[-1].id, "2", id_="k9", at=now)) == {"state": "declined"}
    assert len(view(room).recused_later) == 1 and [one["cause"] for one in bodies(room, "draw.answer")][-1] == "keypad"


@pytest.mark.begins(RUNG)
def test_a_forged_stale_late_or_borrowed_key_is_refused(rung: tuple[Room, Telephone]) -> None:
    room, telephone = rung
    call, other = telephone.rung[0].id, telephone.rung[1].id
    now = room.tender.now
    stranger = Ed25519PrivateKey.generate()
    assert refused(BadSignature, press, room, pressed(call, at=now, key=stranger)) == "draw.call.forged"
    good = pressed(call, at=now)
    moved = KeypadAnswer(good.id, other, good.digit, good.at, good.signature)
    assert refused(BadSignature, press, room, moved) == "draw.call.forged"
    assert refused(BadSignature, press, room, KeypadAnswer(good.id, call, "2", good.at, good.signature)) == "draw.call.forged"
    assert refused(BadSignature, press, room, KeypadAnswer(good.id, call, "1", good.at, "$$")) == "draw.call.forged"
    assert refused(RuleBroken, press, room, pressed(call, at=now - timedelta(minutes=6))) == "draw.call.stale"
    press(room, pressed(other, id_="x1", at=now))
    assert refused(RuleBroken, press, room, pressed(call, id_="x1", at=now)) == "draw.call.key_id"
    room.tender.jump(room.tender.now + WINDOW)
    assert refused(WrongState, press, room, pressed(call, at=room.tender.now)) == "draw.call.late"
    assert refused(NotFound, press, room, pressed("CALL-ABCDEFGHJKLM", at=now)) == "draw_call.not_found"


@pytest.mark.begins(CALLED)
def test_without_a_gateway_in_the_request_no_key_counts(room: Room) -> None:
    assert refused(BadSignature, press, room, pressed(next(iter(rows_by_number(room))), at=room.tender.now)) == "draw.call.no_gateway"


@pytest.mark.begins(RUNG)
def test_a_gateway_that_is_down_is_tried_again_and_who_cannot_be_reached_is_followed(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "mobile_number", lambda session, person: "13800000000")
    telephone = Telephone()
    first, second, *_ = rows(room).values()
    telephone.fault = ChannelDown("voice_503")
    with pytest.raises(ChannelDown):
        jobs_calls.carry(room.tender.door, first.id, ways(telephone))
    with pytest.raises(ChannelDown):
        jobs_calls.carry(room.tender.door, first.id, ways(None))
    assert rows(room)[first.pseudonym].state is CallState.DUE
    telephone.fault = Undeliverable("voice_422")
    jobs_calls.carry(room.tender.door, first.id, ways(telephone))
    jobs_calls.carry(room.tender.door, first.id, ways(telephone))
    assert rows(room)[first.pseudonym].state is CallState.UNREACHABLE and len(view(room).recused_later) == 1
    monkeypatch.setattr(queries, "mobile_number", lambda session, person: "")
    jobs_calls.carry(room.tender.door, second.id, ways(telephone))  # who has left no number is asked on the page
    assert rows(room)[second.pseudonym].state is CallState.PLACED


@pytest.mark.begins(CONFIRMED)
def test_the_clock_finds_nothing_in_calls_that_were_answered(room: Room) -> None:
    room.tender.jump(room.tender.now + WINDOW)
    assert room.tender.door.read(lambda session: queries.silent(session, room.tender.now)) == []
    answered = next(iter(rows(room).values())).id
    room.perform_as_clock(lambda work: calls.unreachable(work, answered))
    assert view(room).state is State.LIST_SEALED
