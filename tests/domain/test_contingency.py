"""An evaluation that stands still: who ends it, after how many hours, and what is sealed for the night."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain import contingency, room
from evaluation.domain.contingency import (
    CENTRE,
    LONGEST_NIGHT,
    MOVES,
    STOPS,
    SYSTEM,
    TENDERER,
    Action,
    DecisionBody,
    Facts,
    FaultBody,
    NightBody,
    Phase,
    State,
    Stop,
    StopFacts,
    VacancyBody,
    WordBody,
    awaits_another,
)

SINCE = clock.moment("2026-09-01T01:00:00.000Z")
MS = timedelta(milliseconds=1)
HALT = "ab" * 32


def facts(phase: Phase, after: timedelta = timedelta(minutes=5), **more: bool) -> Facts:
    return Facts(now=SINCE + after, since=SINCE, phase=phase, **more)


def outcome(action: Action, state: State, who: frozenset[Role], of: Facts) -> State | str:
    try:
        return MOVES.choose(action, state, who, of)
    except Refusal as refusal:
        return refusal.code


FOUR, TWO = timedelta(hours=4), timedelta(hours=2)


@pytest.mark.parametrize(
    ("action", "state", "who", "of", "ends"),
    [
        (Action.REPAIR, State.STANDING, CENTRE, facts(Phase.DURING, FOUR), State.REPAIRED),
        (Action.REPAIR, State.STANDING, CENTRE, facts(Phase.DURING, FOUR + MS), "halt.over_four_hours"),
        (Action.REPAIR, State.STANDING, CENTRE, facts(Phase.BEFORE, timedelta(days=3)), State.REPAIRED),
        (Action.REPAIR, State.STANDING, CENTRE, facts(Phase.NIGHT), "halt.is_night"),
        (Action.REPAIR, State.SEALED, CENTRE, facts(Phase.DURING), "halt.repair.wrong_state"),
        (Action.WAIT_ON, State.STANDING, TENDERER, facts(Phase.BEFORE, TWO), State.STANDING),
        (Action.WAIT_ON, State.STANDING, TENDERER, facts(Phase.BEFORE, TWO - MS), "halt.before_two_hours"),
        (Action.GIVE_UP, State.STANDING, TENDERER, facts(Phase.BEFORE, TWO), State.SEALED),
        (Action.GIVE_UP, State.STANDING, TENDERER, facts(Phase.DURING, FOUR), "halt.not_before"),
        (Action.SEAL, State.STANDING, SYSTEM, facts(Phase.DURING, FOUR), "halt.within_four_hours"),
        (Action.SEAL, State.STANDING, SYSTEM, facts(Phase.DURING, FOUR + MS), State.SEALED),
        (Action.SEAL, State.STANDING, SYSTEM, facts(Phase.BEFORE, FOUR + MS), "halt.within_four_hours"),
        (Action.REFORM, State.SEALED, SYSTEM, facts(Phase.DURING), "halt.old_members"),
        (Action.REFORM, State.SEALED, SYSTEM, facts(Phase.DURING, is_new=True), State.REFORMED),
        (Action.OPEN, State.STANDING, CENTRE, facts(Phase.NIGHT), State.OPENED),
        (Action.OPEN, State.STANDING, CENTRE, facts(Phase.NIGHT, is_whole=False), "halt.seal_broken"),
        (Action.OPEN, State.STANDING, CENTRE, facts(Phase.DURING), "halt.not_night"),
    ],
)
def test_a_halt_ends_by_who_may_and_in_its_hours(action: Action, state: State, who: frozenset[Role], of: Facts, ends: State | str) -> None:
    assert outcome(action, state, who, of) == ends


def test_nobody_else_ends_a_halt() -> None:
    for row in MOVES.rows:
        others = frozenset(set(Role) - row.who)
        with pytest.raises(NotAllowed):
            MOVES.choose(row.action, State.STANDING, others, facts(Phase.DURING))


@pytest.mark.parametrize("state", contingency.OPEN)
def test_every_open_room_can_stand_still_once_and_stays_where_it_is(state: room.State) -> None:
    assert STOPS.choose(Stop.FAULT, state, CENTRE, StopFacts(has_begun=False)) is state
    assert STOPS.choose(Stop.NIGHT, state, CENTRE, StopFacts()) is state
    assert STOPS.choose(Stop.VACANCY, state, CENTRE, StopFacts(is_followed=False)) is state
    with pytest.raises(WrongState, match="seat_followed"):
        STOPS.choose(Stop.VACANCY, state, CENTRE, StopFacts())
    for stop in Stop:
        with pytest.raises(WrongState, match=r"room\.paused"):
            STOPS.choose(stop, state, CENTRE, StopFacts(is_paused=True))
    with pytest.raises(WrongState, match=r"halt\.nothing_begun"):
        STOPS.choose(Stop.NIGHT, state, CENTRE, StopFacts(has_begun=False))


def test_a_room_whose_report_is_in_does_not_stand_still() -> None:
    with pytest.raises(WrongState, match="wrong_state"):
        STOPS.choose(Stop.FAULT, room.State.SUBMITTED, CENTRE, StopFacts())


def test_the_work_has_begun_once_all_were_there() -> None:
    assert contingency.phase_of(room.State.COMMITTEE_FORMED, was_complete=False) is Phase.BEFORE
    assert contingency.phase_of(room.State.COMMITTEE_FORMED, was_complete=True) is Phase.DURING
    assert contingency.phase_of(room.State.SUMMARY, was_complete=False) is Phase.DURING
    assert [phase for phase in Phase if contingency.needs_its_seals(phase)] == [Phase.NIGHT]


def test_what_broke_is_said_with_its_place() -> None:
    said: dict[str, Any] = {"phase": "during", "site": "", "what": "主场断电"}
    assert FaultBody.read(said) == FaultBody(Phase.DURING, "", "主场断电")
    for changes in ({"phase": "night"}, {"phase": "later"}, {"site": "x" * 61}, {"what": "断"}, {"what": ""}, {"more": 1}):
        with pytest.raises(RuleBroken):
            FaultBody.read(said | changes)


def night(lasts: timedelta, **changes: Any) -> dict[str, Any]:
    return {"until": clock.text(SINCE + lasts), "lodging": "三号楼封闭住宿", "material_sha256": HALT} | changes


def test_a_night_is_ahead_and_no_longer_than_a_night() -> None:
    assert NightBody.read(night(LONGEST_NIGHT), SINCE).until == SINCE + LONGEST_NIGHT
    assert NightBody.read(night(MS), SINCE).lodging == "三号楼封闭住宿"
    for until in (timedelta(), -MS, LONGEST_NIGHT + MS):
        with pytest.raises(RuleBroken, match=r"halt\.night_hours") as refused:
            NightBody.read(night(until), SINCE)
        assert refused.value.facts == {"hours": 20}
    for changes in ({"lodging": ""}, {"material_sha256": "0"}, {"until": "tomorrow"}, {"more": 1}):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            NightBody.read(night(MS, **changes), SINCE)


def test_a_word_names_its_halt() -> None:
    said: dict[str, Any] = {"halt_sha256": HALT, "text": "线路已恢复"}
    assert WordBody.read(said) == WordBody(HALT, "线路已恢复")
    for changes in ({"halt_sha256": ""}, {"text": "好"}, {"more": 1}):
        with pytest.raises(RuleBroken):
            WordBody.read(said | changes)


def test_the_tenderer_waits_on_or_gives_up() -> None:
    said: dict[str, Any] = {"halt_sha256": HALT, "go_on": True, "text": "再等一小时"}
    assert DecisionBody.read(said).action is Action.WAIT_ON
    assert DecisionBody.read(said | {"go_on": False}).action is Action.GIVE_UP
    for changes in ({"go_on": "yes"}, {"text": ""}, {"more": 1}):
        with pytest.raises(RuleBroken):
            DecisionBody.read(said | changes)


def test_what_is_sealed_is_the_statements_in_their_order() -> None:
    first, second = "aa" * 32, "bb" * 32
    assert contingency.material_digest([first, second]) != contingency.material_digest([second, first])
    assert contingency.material_digest(iter([first])) == contingency.material_digest([first])


def test_another_committee_is_due_where_all_was_sealed_alone() -> None:
    assert [state for state in State if awaits_another(state)] == [State.SEALED]


def test_a_seat_that_cannot_be_filled_is_named_with_its_reason() -> None:
    said = VacancyBody.read({"seat": "3", "text": "突发疾病"})
    assert (said.seat, said.text) == ("3", "突发疾病")
    for wrong in ({"seat": "3"}, {"seat": "3", "text": ""}, {"seat": "3", "text": "病假", "more": 1}):
        with pytest.raises(RuleBroken):
            VacancyBody.read(wrong)
