"""Recordings on both databases: tapes begin, grow under signed heads and end; gaps are found while they last; who watches has said why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import table
from core.kernel.encoding import sha256
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from core.kernel.streams import StreamRow
from core.kernel.tape import Slice, begun
from core.kernel.tapestore import TapeStore
from evaluation import jobs_recordings
from evaluation.domain.recording import Cause, Form, TapeState, Watching, chain_of
from evaluation.domain.viewing import LASTS, Purpose
from evaluation.models.recordings import RecordingLine, Tape
from evaluation.queries import recordings as queries
from evaluation.services import recording_views, recordings, viewing
from evaluation.services.recordings import Grown
from tests.builders import supervising
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import SCORING, SUBMITTED
from tests.builders.tapes import BOTH, begin, end, now_ms, record, write
from trading.domain.lot import LotState
from trading.models.lot import Lot

pytestmark = [pytest.mark.begins(SCORING), pytest.mark.on_both]

ROUTINE = Watching(Purpose.ROUTINE, "")


@pytest.fixture
def store(tmp_path: Path) -> TapeStore:
    return TapeStore(tmp_path / "tapes")


def said(room: Room, kind: str) -> list[Any]:
    """The bodies of a kind on the case's chain of recordings, oldest first."""
    found = room.tender.door.read(lambda session: chain.find(session, chain_of(room.case), kind))
    return [read_statement(event.envelope.payload).body for event in found]


def lines(room: Room, who: Person) -> dict[str, tuple[str, int]]:
    found = room.tender.door.read(lambda session: queries.lines(session, who.actor, room.number))
    return {one.seat: (one.state, one.gaps) for one in found.rows}


def watch(room: Room, who: Person, *seats: str) -> Any:
    said = None if who is room.tender.supervisor else ROUTINE
    return room.perform(who, lambda work: recording_views.watch(work, room.number, said, seats))


def granted(room: Room, who: Person, view: str, later: timedelta = timedelta(0)) -> queries.Grant:
    door = room.tender.door
    return door.read(lambda session: queries.granted(session, who.actor, room.number, UUID(view), door.clock(session) + later))


def lot_state(room: Room, state: LotState) -> None:
    """As if the lot had come there; how it comes there is told elsewhere."""
    rows = update(table(Lot)).where(Lot.number == room.number).values(state=state)
    room.tender.door.perform(SYSTEM_ACTOR, lambda work: work.session.execute(rows) and None)


def test_a_tape_is_signed_as_it_grows_and_at_its_end(room: Room, store: TapeStore) -> None:
    one, door = room.members[0], room.tender.door
    tape = begin(room, one)[Form.CLEAR]
    at = now_ms(door)
    assert jobs_recordings.sign_heads(door, store) == 0
    write(store, tape, [at, at + 200, at + 400])
    assert jobs_recordings.sign_heads(door, store) == 1 and jobs_recordings.sign_heads(door, store) == 0
    write_more(store, tape, at + 600)
    end(room, store, tape)
    assert {row["form"] for row in said(room, "video.begin")} == {"clear", "shield"}
    [[signed]] = [body["tapes"] for body in said(room, "video.head")]
    assert (signed["tape"], signed["slices"]) == (tape, 3)
    [final] = said(room, "video.end")
    whole = begun(room.case, "1", "1", "clear", tape).after(store.slices(tape))
    assert (final["slices"], final["size"], final["head"], final["cause"]) == (4, whole.size, whole.link.hex(), "closed")
    row = door.read(lambda session: session.get_one(Tape, UUID(tape)))
    assert row.state is TapeState.ENDED and row.kept_until is not None and row.kept_until.year == row.ended_at.year + 15


def write_more(store: TapeStore, tape: str, ms: int) -> None:
    with store.open(tape) as held:
        held.append([(b"more", Slice(ms, 4, sha256(b"more")))])


def test_only_a_seat_records_and_only_while_the_room_is_open(room: Room) -> None:
    outside = next(one for one in room.experts if one not in room.members)
    for who in (room.tender.supervisor, room.tender.centre, outside):
        with pytest.raises(NotAllowed):
            begin(room, who)
    tape = UUID(begin(room, room.members[0])[Form.SHIELD])
    for who in (room.members[1], room.tender.supervisor):
        with pytest.raises(NotFound):
            room.tender.door.read(lambda session, who=who: queries.to_write(session, who.actor, tape))
    written = room.tender.door.read(lambda session: queries.to_write(session, room.members[0].actor, tape))
    assert (written.seat, written.form, written.head.slices) == ("1", Form.SHIELD, 0)


@pytest.mark.begins(SUBMITTED)
def test_after_the_report_nothing_is_recorded(room: Room) -> None:
    with pytest.raises(WrongState):
        begin(room, room.members[0])
    assert set(lines(room, room.tender.supervisor).values()) == {("none", 0)}


def test_once_the_lot_has_ended_no_seat_records(room: Room) -> None:
    tape = UUID(begin(room, room.members[0])[Form.SHIELD])
    lot_state(room, LotState.FAILED)
    with pytest.raises(WrongState, match=r"recording\.lot_ended"):
        begin(room, room.members[1])
    with pytest.raises(WrongState, match=r"recording\.lot_ended"):
        room.tender.door.read(lambda session: queries.to_write(session, room.members[0].actor, tape))


def test_a_tape_that_nobody_writes_any_more_is_ended_by_the_clock(room: Room, store: TapeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    door = room.tender.door
    made = begin(room, room.members[0])
    write(store, made[Form.CLEAR], [now_ms(door)])
    assert jobs_recordings.end_lost(door, store, 15) == 0  # its writer may still be on the way
    monkeypatch.setattr(jobs_recordings, "FRESH", timedelta(0))
    with store.open(made[Form.CLEAR]):
        assert jobs_recordings.end_lost(door, store, 15) == 1  # the other one alone
    assert jobs_recordings.end_lost(door, store, 15) == 1 and jobs_recordings.end_lost(door, store, 15) == 0
    assert [(body["cause"], body["slices"]) for body in said(room, "video.end")] == [("lost", 0), ("lost", 1)]
    with pytest.raises(WrongState, match=r"recording\.ended"):
        door.read(lambda session: queries.to_write(session, room.members[0].actor, UUID(made[Form.CLEAR])))
    again = Grown(begun(room.case, "1", "1", "clear", made[Form.CLEAR]), None)
    door.perform(SYSTEM_ACTOR, lambda work: recordings.end(work, UUID(made[Form.CLEAR]), again, Cause.CLOSED, 15))  # changes nothing
    assert len(said(room, "video.end")) == 2


def test_a_head_never_goes_back(room: Room, store: TapeStore) -> None:
    door, tape = room.tender.door, begin(room, room.members[0])[Form.CLEAR]
    write(store, tape, [now_ms(door), now_ms(door) + 200])
    jobs_recordings.sign_heads(door, store)
    shorter = Grown(begun(room.case, "1", "1", "clear", tape), None)
    with pytest.raises(WrongState, match=r"recording\.shorter"):
        door.perform(SYSTEM_ACTOR, lambda work: recordings.end(work, UUID(tape), shorter, Cause.CLOSED, 15))


def test_a_silent_line_is_red_signed_once_and_comes_back(room: Room, store: TapeStore) -> None:
    door, supervisor = room.tender.door, room.tender.supervisor
    tape = begin(room, room.members[0])[Form.SHIELD]
    assert lines(room, supervisor)["1"] == ("live", 0) and jobs_recordings.find_gaps(door, store) == 0
    silent_since = now_ms(door) - 5000
    write(store, tape, [silent_since - 200, silent_since])
    assert jobs_recordings.find_gaps(door, store) == 1 and jobs_recordings.find_gaps(door, store) == 0
    assert lines(room, supervisor)["1"] == ("gap", 1)
    end(room, store, tape)
    assert jobs_recordings.find_gaps(door, store) == 0 and lines(room, supervisor)["1"] == ("gap", 1)
    again = begin(room, room.members[0])[Form.SHIELD]
    write(store, again, [now_ms(door)])
    assert jobs_recordings.find_gaps(door, store) == 1 and jobs_recordings.find_gaps(door, store) == 0
    assert lines(room, supervisor)["1"] == ("live", 1)
    [gap], [back] = said(room, "video.gap"), said(room, "video.back")
    assert (gap["seat"], gap["form"], gap["no"], back["no"]) == ("1", "shield", 1, 1)
    rows = door.read(lambda session: list(session.scalars(select(StreamRow).where(StreamRow.kind.startswith("video.")))))
    assert {row.audience for row in rows} == {"host", "supervisor"}


def test_gaps_that_came_and_went_unseen_are_signed_later(room: Room, store: TapeStore) -> None:
    door = room.tender.door
    tape, at = begin(room, room.members[0])[Form.CLEAR], now_ms(door) - 200_000
    write(store, tape, [at, at + 200, at + 10_000, at + 10_200, at + 100_000, at + 198_000])
    assert jobs_recordings.find_gaps(door, store) == 6
    assert jobs_recordings.find_gaps(door, store) == 0
    seen = door.read(lambda session: session.scalar(select(RecordingLine.seen_ms).where(RecordingLine.form == Form.CLEAR)))
    assert seen == at + 198_000  # what is settled is not gone through again
    [line] = [one for one in door.read(queries.watched) if one.form is Form.CLEAR]
    assert line.signed == frozenset()
    assert [body["no"] for body in said(room, "video.gap")] == [1, 2, 3] == [body["no"] for body in said(room, "video.back")]


def test_a_seat_that_was_given_up_is_not_missed(room: Room, store: TapeStore) -> None:
    door = room.tender.door
    record(room, store, room.members[0], (0, 10_000))
    room.tender.jump(room.tender.now + timedelta(seconds=20))
    room.leave(room.members[0])
    assert jobs_recordings.find_gaps(door, store) == 0


def test_who_watches_has_said_why_and_sees_no_face_before_the_award_is_told(room: Room, store: TapeStore) -> None:
    supervisor, centre = room.tender.supervisor, room.tender.centre
    made = record(room, store, room.members[0], (0, 1000))
    for who in (room.members[0], room.members[1], room.tender.tenderer):
        with pytest.raises(NotAllowed):
            watch(room, who)
        with pytest.raises(NotAllowed):
            lines(room, who)
    with pytest.raises(NotAllowed, match=r"view\.purpose_needed"):
        watch(room, supervisor, "1")
    with pytest.raises(RuleBroken, match=r"purpose_missing"):
        room.perform(centre, lambda work: recording_views.watch(work, room.number, None))
    supervising.begin_view(room, purpose="alarm", note="核实中断")
    told = watch(room, supervisor, "1", "2")
    assert watch(room, supervisor, "2", "1") == told  # the same stream in the same visit is the same view
    assert (told["form"], told["seats"]) == ("shield", ["1", "2"])
    grant = granted(room, supervisor, told["view"])
    assert (grant.form, grant.seats) == (Form.SHIELD, {"1", "2"})
    read = room.tender.door.read
    assert [str(one.id) for one in read(lambda session: queries.tapes(session, grant))] == [made[Form.SHIELD]]
    with pytest.raises(NotFound):
        read(lambda session: queries.tape_of(session, grant, UUID(made[Form.CLEAR])))
    with pytest.raises(NotFound):
        granted(room, centre, told["view"])  # nobody watches under another's purpose
    with pytest.raises(NotAllowed, match=r"view\.purpose_needed"):
        granted(room, supervisor, told["view"], LASTS)
    with pytest.raises(WrongState, match=r"recording\.view_over"):
        granted(room, centre, watch(room, centre)["view"], queries.VIEW_LASTS)
    with pytest.raises(NotFound):
        watch(room, supervisor, "9")
    body, host = said(room, "video.view")
    assert (body["purpose"], body["note"], body["form"], body["role"]) == ("alarm", "核实中断", "shield", "supervisor")
    assert (body["visit"], body["viewer"], host["visit"], host["purpose"]) == (1, str(supervisor.person), 0, "routine")
    room.perform(supervisor, lambda work: viewing.leave(work, room.number))  # and the pictures are gone with it
    with pytest.raises(NotAllowed, match=r"view\.purpose_needed"):
        granted(room, supervisor, told["view"])


def test_a_clear_view_ends_when_the_award_is_open_again(room: Room, store: TapeStore) -> None:
    supervisor = room.tender.supervisor
    made = record(room, store, room.members[0], (0, 1000))
    lot_state(room, LotState.NOTICE_SENT)
    supervising.begin_view(room)
    view = watch(room, supervisor, "1")
    assert view["form"] == "clear"
    grant = granted(room, supervisor, view["view"])
    shown = room.tender.door.read(lambda session: queries.tape_of(session, grant, UUID(made[Form.CLEAR])))
    assert shown.form is Form.CLEAR
    lot_state(room, LotState.REEVALUATION)
    with pytest.raises(NotAllowed, match=r"recording\.clear_closed"):
        granted(room, supervisor, view["view"])


def test_whoever_sits_there_watches_nobody_in_whatever_role(room: Room) -> None:
    member = room.members[0]
    both = replace(member.actor, roles=frozenset({Role.EXPERT, Role.SUPERVISOR}))
    with pytest.raises(NotAllowed):
        room.tender.door.perform(both, lambda work: recording_views.watch(work, room.number, ROUTINE))
    with pytest.raises(NotAllowed):
        room.tender.door.read(lambda session: queries.lines(session, both, room.number))


def test_each_member_learns_how_the_own_line_stands(room: Room) -> None:
    begin(room, room.members[0])
    own = room.tender.door.read(lambda session: queries.own_line(session, room.members[0].actor, room.number))
    other = room.tender.door.read(lambda session: queries.own_line(session, room.tender.supervisor.actor, room.number))
    assert own is not None and (own.seat, own.state) == ("1", "live") and other is None
    with pytest.raises(NotFound):
        room.perform(room.members[0], lambda work: recordings.begin(work, "T2026-999999-1", BOTH))


def test_that_there_is_no_room_is_said_once_until_the_seat_is_recorded_again(room: Room) -> None:
    one, door, number = room.members[0], room.tender.door, room.number
    full = lambda: room.perform(one, lambda work: recordings.note_full(work, number))  # noqa: E731
    kinds = lambda: [event.kind for event in door.read(lambda session: chain.events(session, chain_of(room.case)))]  # noqa: E731
    state = lambda: door.read(lambda s: queries.lines(s, room.tender.supervisor.actor, number)).rows[0].state  # noqa: E731
    before = len(kinds())
    full(), full()
    room.perform_as_clock(lambda work: recordings.note_full(work, number, "1"))
    assert kinds()[before:] == ["video.full"] and state() == "gap"
    room.perform(one, lambda work: recordings.begin(work, number, {Form.CLEAR: "video/webm", Form.SHIELD: "video/webm"}))
    assert state() == "live"
    full()
    assert kinds()[before:].count("video.full") == 2 and state() == "gap"
    with pytest.raises(NotAllowed):
        room.perform(room.tender.centre, lambda work: recordings.note_full(work, number))
