"""A project's table of moves, its registration, and who is who towards it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime
from trading.domain.lot import LotState
from trading.domain.project import MOVES, Category, ProjectAction, ProjectFacts, ProjectState, Registration, lot_number, roles_of

READY = ProjectFacts(lots=(LotState.CONTRACTED, LotState.FAILED))
EXPECTED = {
    ("register", "numbered"): ("drafted", Role.AGENCY),
    ("countersign", "drafted"): ("registered", Role.TENDERER),
    ("propose_close", "registered"): ("closing", Role.CENTRE),
    ("propose_close", "closing"): ("closing", Role.CENTRE),
    ("close", "closing"): ("closed", Role.SUPERVISOR),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", ProjectState)
@pytest.mark.parametrize("action", ProjectAction)
def test_every_action_in_every_state_for_every_role(action: ProjectAction, state: ProjectState, role: Role) -> None:
    may_ever = any(role is who for (name, _), (_, who) in EXPECTED.items() if name == action.value)
    to, who = EXPECTED.get((action.value, state.value), ("", None))
    if role is who:
        assert MOVES.choose(action, state, frozenset({role}), READY) is ProjectState(to)
    else:
        with pytest.raises(WrongState if may_ever else NotAllowed):
            MOVES.choose(action, state, frozenset({role}), READY)


RULED: list[tuple[ProjectAction, ProjectState, Role, ProjectFacts, str]] = [
    (
        ProjectAction.COUNTERSIGN,
        ProjectState.DRAFTED,
        Role.TENDERER,
        ProjectFacts(registration_matches=False),
        "project.registration_other",
    ),
    (ProjectAction.PROPOSE_CLOSE, ProjectState.REGISTERED, Role.CENTRE, ProjectFacts(), "project.close.lots_open"),
    (ProjectAction.PROPOSE_CLOSE, ProjectState.REGISTERED, Role.CENTRE, ProjectFacts(lots=(LotState.BIDDING,)), "project.close.lots_open"),
    (
        ProjectAction.PROPOSE_CLOSE,
        ProjectState.REGISTERED,
        Role.CENTRE,
        ProjectFacts(lots=READY.lots, close_matches=False),
        "project.close.other_statement",
    ),
    (
        ProjectAction.PROPOSE_CLOSE,
        ProjectState.REGISTERED,
        Role.CENTRE,
        ProjectFacts(lots=READY.lots, recordings_go_on=True),
        "project.close.recordings_go_on",
    ),
    (
        ProjectAction.CLOSE,
        ProjectState.CLOSING,
        Role.SUPERVISOR,
        ProjectFacts(lots=READY.lots, close_matches=False),
        "project.close.other_statement",
    ),
]


@pytest.mark.parametrize("ruled", RULED, ids=lambda ruled: f"{ruled[0].value}-{ruled[4]}")
def test_a_row_refuses_with_its_code(ruled: tuple[ProjectAction, ProjectState, Role, ProjectFacts, str]) -> None:
    action, state, role, facts, code = ruled
    with pytest.raises(Refusal) as refused:
        MOVES.choose(action, state, frozenset({role}), facts)
    assert refused.value.code == code


TENDERER, AGENCY = OrgId(UUID(int=1)), OrgId(UUID(int=2))
HOUSE = {Role.CENTRE, Role.SUPERVISOR, Role.SYSTEM}


@pytest.mark.parametrize(
    ("org", "roles"), [(TENDERER, {Role.TENDERER} | HOUSE), (AGENCY, {Role.AGENCY} | HOUSE), (OrgId(UUID(int=3)), HOUSE), (None, HOUSE)]
)
def test_roles_are_of_the_own_project_alone(org: OrgId | None, roles: set[Role]) -> None:
    assert roles_of(Actor(org=org, roles=frozenset(Role)), TENDERER, AGENCY) == roles


def body(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "title": "滨江路提升工程",
        "regime": "construction",
        "category": "construction",
        "region": "临江市",
        "legally_mandatory": True,
        "tenderer": {"org": str(TENDERER), "name": "甲"},
        "agency": {"org": str(AGENCY), "name": "乙"},
        "approval": "临发改审〔2026〕88号",
        "funding": "财政",
        "estimate_fen": 100,
        "lots": [{"no": "1", "title": "一标段"}, {"no": "2", "title": "二标段"}],
    }
    return made | changes


def test_a_registration_is_read() -> None:
    read = Registration.read(body())
    assert (read.regime, read.category, read.tenderer.org, read.estimate_fen) == (
        LegalRegime.CONSTRUCTION,
        Category.CONSTRUCTION,
        TENDERER,
        100,
    )
    assert [lot.no for lot in read.lots] == ["1", "2"]
    assert lot_number("T2026-000001", "2") == "T2026-000001-2"


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"agency": {"org": str(TENDERER), "name": "甲"}}, "project.agency_is_tenderer", "招标投标法实施条例第十三条"),
        ({"lots": [{"no": "2", "title": "二标段"}]}, "project.lots_misnumbered", ""),
        ({"estimate_fen": 0}, "body.malformed", ""),
        ({"lots": []}, "body.malformed", ""),
        ({"extra": 1}, "body.malformed", ""),
        ({"tenderer": {"org": str(TENDERER), "name": "甲", "x": 1}}, "body.malformed", ""),
        ({"lots": [{"no": "1", "title": "一标段", "x": 1}]}, "body.malformed", ""),
    ],
)
def test_a_registration_that_breaks_a_rule_is_refused(changes: dict[str, Any], code: str, article: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        Registration.read(body(**changes))
    assert (refused.value.code, refused.value.article) == (code, article)


def test_two_lots_may_not_both_tender_anew_for_the_same_one() -> None:
    lots = [{**lot, "predecessor": "T2025-000009-1"} for lot in body()["lots"]]
    with pytest.raises(RuleBroken, match=r"retender\.named_twice"):
        Registration.read(body(lots=lots))


def test_a_case_is_not_closed_over_an_open_complaint() -> None:
    with pytest.raises(WrongState, match=r"project\.close\.remedies_open"):
        MOVES.choose(ProjectAction.CLOSE, ProjectState.CLOSING, frozenset({Role.SUPERVISOR}), replace(READY, remedies_open=True))
