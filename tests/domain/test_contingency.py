"""Faults, hours, seals and nights as rules: who may do what after which hours, and what their statements may say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.errors import Refusal
from core.kernel.roles import Role
from evaluation.domain import contingency as rules
from evaluation.domain import room
from evaluation.domain.contingency import MOVES, STOPS, Action, Facts, Phase, State, Stop, StopFacts

AT = datetime(2026, 12, 1, 1, tzinfo=UTC)
CENTRE, TENDERER, SYSTEM = (frozenset({role}) for role in (Role.CENTRE, Role.TENDERER, Role.SYSTEM))
DIGEST = "a" * 64


def facts(hours: float, phase: Phase, **changes: Any) -> Facts:
    return Facts(now=AT + timedelta(hours=hours), since=AT, phase=phase, **changes)


def outcome(action: Action, state: State, who: frozenset[Role], given: Facts) -> str:
    try:
        return MOVES.choose(action, state, who, given).value
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize(
    ("action", "state", "who", "given", "then"),
    [
        (Action.REPAIR, State.STANDING, CENTRE, facts(4, Phase.DURING), "repaired"),
        (Action.REPAIR, State.STANDING, CENTRE, facts(4.001, Phase.DURING), "halt.over_four_hours"),
        (Action.REPAIR, State.STANDING, CENTRE, facts(30, Phase.BEFORE), "repaired"),
        (Action.REPAIR, State.STANDING, CENTRE, facts(1, Phase.NIGHT), "halt.is_night"),
        (Action.WAIT_ON, State.STANDING, TENDERER, facts(1.999, Phase.BEFORE), "halt.before_two_hours"),
        (Action.WAIT_ON, State.STANDING, TENDERER, facts(2, Phase.BEFORE), "standing"),
        (Action.GIVE_UP, State.STANDING, TENDERER, facts(2, Phase.BEFORE), "sealed"),
        (Action.GIVE_UP, State.STANDING, TENDERER, facts(9, Phase.DURING), "halt.not_before"),
        (Action.SEAL, State.STANDING, SYSTEM, facts(4, Phase.DURING), "halt.within_four_hours"),
        (Action.SEAL, State.STANDING, SYSTEM, facts(4.001, Phase.DURING), "sealed"),
        (Action.REFORM, State.SEALED, SYSTEM, facts(5, Phase.DURING), "halt.old_members"),
        (Action.REFORM, State.SEALED, SYSTEM, facts(5, Phase.DURING, is_new=True), "reformed"),
        (Action.OPEN, State.STANDING, CENTRE, facts(12, Phase.NIGHT), "opened"),
        (Action.OPEN, State.STANDING, CENTRE, facts(12, Phase.NIGHT, is_whole=False), "halt.seal_broken"),
        (Action.OPEN, State.STANDING, CENTRE, facts(1, Phase.DURING), "halt.not_night"),
    ],
)
def test_each_act_has_its_hours(action: Action, state: State, who: frozenset[Role], given: Facts, then: str) -> None:
    assert outcome(action, state, who, given) == then


def test_a_room_is_stopped_once_and_sealed_once_it_has_begun() -> None:
    for stop in Stop:
        assert STOPS.choose(stop, room.State.TECHNICAL, CENTRE, StopFacts()) is room.State.TECHNICAL
        with pytest.raises(Refusal, match=r"room\.paused"):
            STOPS.choose(stop, room.State.TECHNICAL, CENTRE, StopFacts(is_paused=True))
    with pytest.raises(Refusal, match="nothing_begun"):
        STOPS.choose(Stop.NIGHT, room.State.COMMITTEE_FORMED, CENTRE, StopFacts(has_begun=False))
    assert rules.phase_of(room.State.COMMITTEE_FORMED, was_complete=False) is Phase.BEFORE
    assert rules.phase_of(room.State.COMMITTEE_FORMED, was_complete=True) is Phase.DURING  # a successor is awaited
    assert rules.needs_its_seals(Phase.NIGHT) and not rules.needs_its_seals(Phase.DURING)


def test_what_statements_may_say() -> None:
    said = {"phase": "during", "site": "", "what": "断电"}
    assert rules.FaultBody.read(said).phase is Phase.DURING
    with pytest.raises(Refusal):
        rules.FaultBody.read(said | {"phase": "night"})
    night = {"until": clock.text(AT + timedelta(hours=20)), "lodging": "三号楼", "material_sha256": DIGEST}
    assert rules.NightBody.read(night, AT).lodging == "三号楼"
    for until in (AT, AT + timedelta(hours=20, seconds=1)):
        with pytest.raises(Refusal, match="night_hours"):
            rules.NightBody.read(night | {"until": clock.text(until)}, AT)
    assert rules.WordBody.read({"halt_sha256": DIGEST, "text": "已恢复"}).halt_sha256 == DIGEST
    for go_on, action in ((True, Action.WAIT_ON), (False, Action.GIVE_UP)):
        assert rules.DecisionBody.read({"halt_sha256": DIGEST, "go_on": go_on, "text": "理由"}).action is action


def test_what_is_sealed_is_the_statements_in_their_order() -> None:
    assert rules.material_digest(["a", "b"]) != rules.material_digest(["b", "a"]) != rules.material_digest(["b"])
