"""Who learns what of calls: the committee's names are nobody's, and of who left the list outsiders learn enough to draw again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.kernel.events import Event
from core.kernel.ids import CaseId
from evaluation.domain.calling import State as Call
from evaluation.domain.calling import is_coming, is_due, is_waiting
from evaluation.domain.calling_audience import PROJECTIONS
from evaluation.domain.draw import State as Draw
from evaluation.domain.draw import is_formed, is_set_aside
from evaluation.events import ExpertRecused, ExpertsDrawn
from evaluation.events_calls import CallAnswered, DrawAlarmed, ExpertCalled, ListExhausted, ListSealed

ABOUT: dict[str, Any] = {"case": CaseId("T2026-000001"), "lot": "1", "draw": "draw-1-1"}
INSIDE, OUTSIDE = {"host", "supervisor"}, {"tenderer", "public"}


def shown(event: Event) -> dict[str, dict[str, Any]]:
    return {one.audience: dict(one.data) for one in PROJECTIONS[event.KIND](event)}


def answered(**changes: Any) -> CallAnswered:
    said = {"id": "P1234", "call": "C1", "answer": "come", "cause": "", "way": "page", "proof": {"sig": "x"}, "successor": ""}
    return CallAnswered(**ABOUT, **(said | changes))


def test_a_call_is_known_inside_without_its_number() -> None:
    told = shown(ExpertCalled(**ABOUT, id="P1234", call="C1", site="主场", reply_until=datetime(2026, 9, 1, tzinfo=UTC)))
    assert told == {one: {"lot": "1", "draw": "draw-1-1", "id": "P1234"} for one in INSIDE}


def test_who_comes_is_known_inside_alone() -> None:
    told = shown(answered())
    assert set(told) == INSIDE and all("proof" not in data and "call" not in data for data in told.values())


def test_who_left_is_known_to_whoever_recomputes_the_draw_but_not_why() -> None:
    told = shown(answered(answer="cannot", cause="health", successor="P9999"))
    assert set(told) == INSIDE | OUTSIDE
    assert told["public"] == {"lot": "1", "draw": "draw-1-1", "id": "P1234", "successor": "P9999"}
    assert told["host"]["cause"] == "health"


def test_a_partners_own_references_stay_inside() -> None:
    left = {"id": "P1234", "successor": "P9999"}
    told = shown(ExpertRecused(**ABOUT, **left))
    assert set(told) == INSIDE | OUTSIDE and told["public"] == told["host"] == {"lot": "1", "draw": "draw-1-1", **left}
    told = shown(ExpertRecused(**ABOUT, **left, is_partners=True))
    assert told["public"] == {"lot": "1", "draw": "draw-1-1"} and told["host"] == {"lot": "1", "draw": "draw-1-1", **left}
    assert set(shown(answered(answer="cannot", successor="P9999", is_partners=True))) == INSIDE


def test_a_list_is_public_under_our_pseudonyms_and_of_a_partner_that_it_stands() -> None:
    drawn = {"pool_hash": "00", "seed": "11", "picked": {"civil": ["P1234"]}, "reserves": {"civil": ["P9999"]}}
    told = shown(ExpertsDrawn(**ABOUT, **drawn))
    assert told["public"] == told["host"] and told["public"]["picked"] == {"civil": ["P1234"]} and "reserves" not in told["host"]
    told = shown(ExpertsDrawn(**ABOUT, **drawn, order="22"))
    assert "picked" not in told["public"] and told["host"]["picked"] == {"civil": ["P1234"]}


def test_a_sealed_list_is_announced_without_who_stands_on_it() -> None:
    for event in (ListSealed(**ABOUT, confirmed=["P1234"]), ListExhausted(**ABOUT, id="P1234")):
        assert shown(event) == {one: {"lot": "1", "draw": "draw-1-1"} for one in INSIDE | OUTSIDE}


def test_an_alarm_is_the_supervisors() -> None:
    told = shown(DrawAlarmed(**ABOUT, level="red", why="no_reason", text=""))
    assert told == {"supervisor": {"lot": "1", "draw": "draw-1-1", "level": "red", "why": "no_reason", "text": ""}}


def test_states_by_what_they_wait_for() -> None:
    assert [state for state in Call if is_due(state)] == [Call.DUE]
    assert [state for state in Call if is_waiting(state)] == [Call.PLACED]
    assert [state for state in Call if is_coming(state)] == [Call.CONFIRMED]
    assert [state for state in Draw if is_formed(state)] == [Draw.FORMED]
    assert [state for state in Draw if is_set_aside(state)] == [Draw.SET_ASIDE]
