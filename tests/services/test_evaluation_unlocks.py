"""Reopened sheets and reports that somebody does not sign, through the services."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.kernel import chain, jcs, streams
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from evaluation.domain.room import State
from evaluation.domain.unlock import State as Unlock
from evaluation.models.unlocks import ReplacedSheet
from evaluation.queries import rooms as queries
from evaluation.queries import signatures
from tests.builders import halting, supervising
from tests.builders.evaluation import REPORT, Room
from tests.builders.stages import SCORING, SUMMARISED
from tests.builders.unlocking import ask, decide, note, requests, set_deadline


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def said(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


@pytest.mark.begins(SCORING)
def test_a_sheet_is_reopened_by_host_and_chair_and_the_new_one_counts(room: Room, door: Door) -> None:
    chair, second, third, *others = room.members
    centre, supervisor = room.tender.centre, room.tender.supervisor
    assert refused(WrongState, ask, room, second) == "unlock.ask.nothing_signed"
    room.submit(second, room.sheet("0.5"))
    assert refused(RuleBroken, ask, room, second, sheet_sha256="ab" * 32) == "unlock.ask.other_sheet"
    request = ask(room, second)
    assert refused(WrongState, ask, room, second) == "unlock.ask.twice"
    for who in (chair, third, *others):
        room.submit(who)
    assert room.view(centre).state is State.TECHNICAL  # all have signed, and the lock waits

    assert refused(WrongState, decide, room, second, request) == "unlock.decide.not_due"
    assert refused(WrongState, decide, room, third, request) == "unlock.decide.not_due"
    assert refused(NotAllowed, decide, room, supervisor, request) == "room.not_a_member"
    assert refused(NotFound, decide, room, centre, "ab" * 32) == "unlock.decide.not_due"
    decide(room, centre, request)
    assert refused(WrongState, decide, room, centre, request) == "unlock.decide.not_due"
    assert room.view(second).me.submitted  # type: ignore[union-attr]
    decide(room, chair, request)

    own = door.read(lambda session: queries.own_sheet(session, second.actor, room.number))
    assert not own.is_submitted and {row.code: dict(row.scores) for row in own.rows} == {
        one["bid"]: one["scores"] for one in room.sheet("0.5")
    }
    kept = door.read(lambda session: [(one.turn, one.sheets) for one in session.query(ReplacedSheet)])
    assert kept == [(1, [one | {"ticks": {}} for one in room.sheet("0.5")])]
    assert [one.state for one in requests(room, supervisor).rows] == [Unlock.GRANTED]
    room.submit(second, room.sheet("0.9"))
    assert room.view(centre).state is State.LOCKED
    scores = door.read(lambda session: queries.all_sheets(session, supervisor.actor, room.number))["2"]
    assert [one["scores"] for one in scores] == [one["scores"] for one in room.sheet("0.9")]
    assert len(said(door, room, "score")) == 8
    assert refused(WrongState, ask, room, second) == "room.ask_unlock.wrong_state"


@pytest.mark.begins(SCORING)
def test_the_chair_is_judged_by_two_others_and_a_refusal_leaves_the_sheet(room: Room) -> None:
    chair, second, third, *others = room.members
    for who in (chair, second, third):
        room.submit(who)
    request = ask(room, chair)
    assert refused(WrongState, decide, room, chair, request) == "unlock.decide.not_due"
    assert refused(RuleBroken, decide, room, second, request, granted=False) == "unlock.decide.reason"
    decide(room, room.tender.centre, request)
    decide(room, second, request)
    decide(room, third, request, granted=False, reason="理由不充分")
    assert [(one.state, one.refusal) for one in requests(room, chair).rows] == [(Unlock.REFUSED, "理由不充分")]
    assert room.view(chair).me.submitted  # type: ignore[union-attr]
    for who in others:
        room.submit(who)
    assert room.view(chair).state is State.LOCKED


@pytest.mark.begins(SCORING)
def test_nobody_but_who_decides_reads_a_reason_and_no_stream_tells_it(room: Room, door: Door) -> None:
    chair, second, third, *_ = room.members
    room.submit(second)
    ask(room, second, "一项看错了附图")
    reads = {"centre": room.tender.centre, "supervisor": room.tender.supervisor, "chair": chair, "own": second, "other": third}
    told = {name: [one.reason for one in requests(room, who).rows] for name, who in reads.items()}
    assert told == {"centre": ["一项看错了附图"], "chair": ["一项看错了附图"], "own": ["一项看错了附图"], "supervisor": [""], "other": [""]}
    assert requests(room, room.tender.supervisor).counts() == [("专家2", 1)]
    for audience in ("committee", "host", "supervisor", "tenderer", "public", "seat:2"):
        heard = door.read(lambda session, audience=audience: streams.since(session, room.case, audience, 0))
        assert "附图" not in str(heard) and not [
            one for one in heard if one.kind == "sheet.unlock.ask" and dict(one.data) != {"lot": "1", "seat": "2"}
        ]


@pytest.mark.begins(SUMMARISED)
def test_who_does_not_sign_is_noted_after_the_deadline_and_the_report_goes_on(room: Room, door: Door) -> None:
    room.draft_report()
    chair, *others, silent, _ = room.members
    centre = room.tender.centre
    for who in others:
        room.sign_report(who)
    assert refused(WrongState, set_deadline, room, chair, REPORT) == "report.deadline.chair"
    room.sign_report(chair)
    assert refused(WrongState, note, room, centre, "6", REPORT) == "report.refusal.too_early"
    assert refused(WrongState, set_deadline, room, others[0], REPORT) == "report.deadline.chair"
    assert refused(RuleBroken, set_deadline, room, chair, REPORT, minutes=5) == "report.deadline.span"
    set_deadline(room, chair, REPORT)
    assert refused(WrongState, set_deadline, room, chair, REPORT) == "report.deadline.twice"
    assert refused(WrongState, note, room, centre, "6", REPORT) == "report.refusal.too_early"
    set_until = room.view(centre).report_until
    assert set_until is not None
    paused, began = supervising.issue(room, "pause", "centre"), room.tender.now
    room.tender.jump(set_until + timedelta(minutes=5))
    supervising.resume(room, paused)
    night = halting.night(room)
    room.tender.jump(room.tender.now + timedelta(hours=11))
    halting.open_up(room, night)
    assert refused(WrongState, note, room, centre, "6", REPORT) == "report.refusal.too_early"  # the time stood still with the room
    until = room.view(centre).report_until
    assert until is not None and abs(until - (set_until + (room.tender.now - began))) < timedelta(seconds=2)
    room.tender.jump(until + timedelta(seconds=1))
    assert refused(NotAllowed, note, room, chair, "6", REPORT) == "act.role"
    assert refused(RuleBroken, note, room, centre, "1", REPORT) == "report.refusal.signed"
    assert note(room, centre, "6", REPORT) == {"state": "signing"}
    assert refused(RuleBroken, note, room, centre, "6", REPORT) == "report.refusal.signed"
    assert refused(WrongState, room.sign_report, silent) == "report.sign.noted"
    assert note(room, centre, "7", REPORT, "对业绩认定有异议") == {"state": "submitted"}
    assert said(door, room, "report.submit")[0]["unsigned"] == ["6", "7"]
    shown = door.read(lambda session: signatures.signatures(session, room.view(centre)))
    assert [(one.signed, one.refused, one.dissent) for one in shown[5:]] == [(False, True, ""), (False, True, "对业绩认定有异议")]
