"""Drills: an invented room that stands beside the real ones, faults injected and answered, hours put forward, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.errors import NotAllowed, NotFound, RuleBroken, WrongState
from core.kernel.files import FileStore
from evaluation.domain.contingency import State as HaltState
from evaluation.domain.drill import State, Verdict
from evaluation.domain.room import State as RoomState
from evaluation.domain.seat_health import Why
from evaluation.queries import contingencies as halted
from evaluation.queries import wall
from evaluation.services import conduct, contingencies, seating
from tests.builders import drills
from tests.builders.drills import begin
from tests.builders.evaluation import HOST, Room
from tests.builders.halting import decide, fault, repair
from tests.builders.stages import READY
from tests.builders.supervising import begin_view, issue
from trading.domain.lot import LotState
from trading.queries import lots

pytestmark = pytest.mark.begins(READY)


def test_a_silent_seat_is_found_dispatched_and_lifted(room: Room) -> None:
    drill = begin(room).all_here()
    assert [one.site for one in drill.view(drill.members[0]).seats] == [HOST, HOST, "副场A 云川市"]
    silent = drill.inject("seat_silent", seat="2")
    drill.perform_as_clock(lambda work: seating.note_left(work, drill.number, "3", Why.AWAY))
    assert drill.report().findings[0].verdict is Verdict.OPEN
    drill.perform_as_clock(lambda work: seating.note_left(work, drill.number, "2", Why.SILENT))
    found = drill.report()
    assert found.findings[0].verdict is Verdict.MET and found.findings[0].alarm_at is not None and found.lasting == {1}
    drill.lift(silent)
    assert drill.report().lasting == set() and drill.report().findings[0].injected.lifted_at is not None


def test_hours_are_put_forward_and_the_clock_seals(room: Room) -> None:
    drill = begin(room).all_here()
    drill.inject("down_during", site=HOST)
    fault(drill, site=HOST)
    now = room.tender.now
    assert room.tender.door.read(lambda session: halted.overdue(session, now)) == []
    drill.inject("four_hours")
    due = room.tender.door.read(lambda session: halted.overdue(session, room.tender.now))
    assert len(due) == 1
    drill.perform_as_clock(lambda work: contingencies.seal_overdue(work, due[0]))
    found = drill.report()
    assert [one.verdict for one in found.findings] == [Verdict.MET, Verdict.OPEN]
    old = drill.members
    for seat in ("1", "2", "3"):
        drill.replace(room.tender.centre, seat, "absent")
    assert not set(map(id, old)) & set(map(id, drill.members)) and len(drill.members) == 3
    assert [one.verdict for one in drill.report().findings] == [Verdict.MET, Verdict.MET]
    with pytest.raises(RuleBroken, match="nobody_left"):
        drill.all_here().replace(room.tender.centre, "1", "absent")
    assert room.tender.door.read(lambda session: halted.overdue(session, room.tender.now)) == []
    assert drill.end()["state"] == "ended" and drill.report().state is State.ENDED


def test_before_the_start_the_tenderer_decides_after_two_hours_put_forward(room: Room) -> None:
    drill = begin(room)
    drill.inject("down_before", site=HOST)
    halt = fault(drill, phase="before", site=HOST)
    with pytest.raises(RuleBroken, match="before_two_hours"):
        decide(drill, halt, go_on=True)
    drill.inject("two_hours")
    assert decide(drill, halt, go_on=True)["state"] == HaltState.STANDING.value
    with pytest.raises(WrongState, match=r"drill\.stands"):
        drill.end()
    repair(drill, halt)
    drill.end()
    assert [one.verdict for one in drill.report(room.tender.supervisor).findings] == [Verdict.MET, Verdict.MET]


def test_what_does_not_fit_is_refused(room: Room) -> None:
    with pytest.raises(RuleBroken, match="number_taken"):
        begin(room, drill="T2026-000009")
    with pytest.raises(RuleBroken, match="number_taken"):
        begin(room, drill="DRILL2026-000009")
    with pytest.raises(RuleBroken, match="players"):
        begin(room, experts=drills.numbers(room)[:5])
    with pytest.raises(RuleBroken, match="place"):
        begin(room, seats=(("没有的场地", 3),))
    with pytest.raises(NotAllowed):
        begin(room, who=room.tender.supervisor)
    drill = begin(room)
    with pytest.raises(WrongState, match="not_begun"):
        drill.inject("expert_out", seat="1")
    with pytest.raises(RuleBroken, match="place"):
        drill.inject("seat_silent", seat="9")
    with pytest.raises(WrongState, match="nothing_stands"):
        drill.inject("two_hours")
    with pytest.raises(NotFound):
        drill.lift("0" * 64)
    with pytest.raises(NotFound):
        drill.report(room.tender.supervisor)
    drill.end()
    with pytest.raises(WrongState, match=r"drill\.over"):
        fault(drill, phase="before")
    assert begin(room).drill.endswith("000002")


def test_a_committee_scores_and_signs_and_nobody_awards(room: Room, tmp_path: Path) -> None:
    drill = begin(room).reviewing()
    assert len(drill.codes) == 3 and drill.view(drill.members[0]).state is RoomState.PRELIMINARY
    drill.reviewed()
    drill.submit(drill.members[0])
    drill.inject("expert_out", seat="3")
    drill.replace(room.tender.centre, "3", "absent")  # who follows does it all again
    successor = drill.members[2]
    drill.sign_in(successor)
    drill.declare(successor)
    drill.review(successor)
    drill.inject("down_during", site=HOST)
    halt = fault(drill, site=HOST)
    with pytest.raises(WrongState, match="paused"):
        drill.submit(drill.members[1])
    repair(drill, halt)
    for who in drill.members[1:]:
        drill.submit(who)
    drill.open_map()
    drill.typeset(FileStore(tmp_path / "files"))
    drill.end()
    assert [one.verdict for one in drill.report().findings] == [Verdict.MET, Verdict.MET]
    lot = room.tender.door.read(lambda session: lots.by_number(session, drill.number))
    assert (lot.state, lot.report_sha256) == (LotState.DRILLED, "")


def test_a_drill_pays_nobody_and_stands_in_nobodys_record(room: Room) -> None:
    drill = begin(room).all_here()
    keeper, number = room.tender.centre, drills.numbers(room)[0]
    rated = {"number": drill.number, "points": 60, "reason": "演练中迟到"}
    request = keeper.act("expert.rate", number, body=rated, step_up=True)
    with pytest.raises(NotFound):
        room.perform(keeper, lambda work: conduct.rate(work, number, request))
    with pytest.raises(NotFound):
        room.tender.door.read(lambda session: lots.noticed(session, drill.number))
    actor, now = room.tender.supervisor.actor, room.tender.now
    assert room.tender.door.read(lambda session: wall.wall(session, actor, now)).waiting == 0
    begin_view(drill)
    issue(drill, "explain", "centre")
    assert room.tender.door.read(lambda session: wall.wall(session, actor, now)).waiting == 0
