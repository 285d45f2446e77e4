"""Relief from deposits: freed kinds of projects and credit-based waivers, by dates, and signed by two persons of two duties."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.relief import (
    CATEGORIES,
    MOVES,
    REGIMES,
    End,
    Freed,
    Period,
    Project,
    ReliefAction,
    ReliefState,
    Waiver,
    asked_after,
    best_waiver,
    freed_by,
)
from trading.domain.clock import LegalRegime
from trading.domain.freed import check_freed
from trading.domain.project import Category

ORG, OTHER = OrgId(UUID(int=1)), OrgId(UUID(int=2))
FREED = {"regime": "government_procurement", "category": "services", "region": "", "since": "2023-09-08", "source": "青财采〔2023〕1号"}
WAIVER = {"org": str(ORG), "name": "甲方公司", "percent": 50, "since": "2026-01-01", "until": "2026-12-31", "source": "信用评价 AAA"}
BOUGHT = Project("government_procurement", "services", "青岛市")


def freed(**changes: Any) -> Freed:
    return Freed.read(FREED | changes)


def waiver(**changes: Any) -> Waiver:
    return Waiver.read(WAIVER | changes)


def test_a_deposit_is_refused_where_the_kind_of_project_is_freed() -> None:
    check_freed(Money(0), freed())
    check_freed(Money(1), None)
    with pytest.raises(RuleBroken, match=r"document\.deposit_freed") as refused:
        check_freed(Money(1), freed())
    assert refused.value.facts == {"source": "青财采〔2023〕1号", "since": "2023-09-08"}


def test_its_kinds_are_those_of_projects() -> None:
    assert {regime.value for regime in LegalRegime} == REGIMES and {category.value for category in Category} == CATEGORIES


@pytest.mark.parametrize(
    ("changes", "on", "frees"),
    [
        ({}, date(2023, 9, 8), True),
        ({}, date(2023, 9, 7), False),
        ({"until": "2024-01-31"}, date(2024, 1, 31), True),
        ({"until": "2024-01-31"}, date(2024, 2, 1), False),
        ({"category": "goods"}, date(2024, 1, 1), False),
        ({"regime": "construction"}, date(2024, 1, 1), False),
        ({"region": "青岛市"}, date(2024, 1, 1), True),
        ({"region": "济南市"}, date(2024, 1, 1), False),
    ],
)
def test_a_kind_is_freed_where_and_while_its_paper_says(changes: dict[str, Any], on: date, frees: bool) -> None:
    known = freed(**changes)
    assert freed_by([known], BOUGHT, on) == (known if frees else None)


def test_of_several_papers_the_latest_in_force_is_named() -> None:
    later = freed(since="2025-01-01", source="青财采〔2025〕2号")
    assert freed_by([freed(), later], BOUGHT, date(2026, 1, 1)) == later
    assert freed_by([later, freed()], BOUGHT, date(2024, 1, 1)) == freed()
    assert freed_by([], BOUGHT, date(2024, 1, 1)) is None


def test_a_firm_has_its_best_waiver_and_waivers_do_not_add_up() -> None:
    whole = waiver(percent=100, since="2026-06-01", until="2026-06-30")
    known = [waiver(), whole, waiver(org=str(OTHER), percent=99)]
    assert best_waiver(known, ORG, date(2026, 6, 15)) == whole
    assert best_waiver(known, ORG, date(2026, 7, 1)) == waiver()
    assert best_waiver(known, ORG, date(2027, 1, 1)) is None


@given(st.integers(0, 10**12), st.integers(1, 100))
def test_what_is_asked_is_never_less_than_the_waiver_leaves_and_less_than_a_fen_more(fen: int, percent: int) -> None:
    asked = asked_after(Money(fen), waiver(percent=percent)).fen
    assert 0 <= asked * 100 - fen * (100 - percent) < 100
    assert asked_after(Money(fen), None).fen == fen


@pytest.mark.parametrize(
    ("read", "body", "code"),
    [
        (Freed, FREED | {"regime": "mining"}, "relief.kind"),
        (Freed, FREED | {"category": "everything"}, "relief.kind"),
        (Freed, FREED | {"until": "2023-09-07"}, "relief.days"),
        (Freed, FREED | {"source": ""}, "body.malformed"),
        (Freed, FREED | {"more": 1}, "body.malformed"),
        (Waiver, WAIVER | {"percent": 0}, "body.malformed"),
        (Waiver, WAIVER | {"percent": 101}, "body.malformed"),
        (Waiver, WAIVER | {"until": "2025-12-31"}, "relief.days"),
        (Waiver, WAIVER | {"org": "x"}, "body.malformed"),
        (End, {"relief_sha256": "x", "reason": "到期"}, "body.malformed"),
    ],
)
def test_what_cannot_be_is_refused(read: Any, body: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read.read(body)
    assert refused.value.code == code


def test_an_end_names_the_relief_and_a_period_may_be_open() -> None:
    assert End.read({"relief_sha256": "ab" * 32, "reason": "文件废止"}).reason == "文件废止"
    assert Period(date(2026, 1, 1), None).holds(date(2099, 1, 1))


_S, _A, _R = ReliefState, ReliefAction, Role
ALLOWED = {
    (_A.AGREE, _S.PROPOSED, _R.SUPERVISOR): _S.HOLDS,
    (_A.DROP, _S.PROPOSED, _R.CENTRE): _S.DROPPED,
    (_A.DROP, _S.PROPOSED, _R.SUPERVISOR): _S.DROPPED,
    (_A.PROPOSE_END, _S.HOLDS, _R.CENTRE): _S.ENDING,
    (_A.END, _S.ENDING, _R.SUPERVISOR): _S.ENDED,
    (_A.KEEP, _S.ENDING, _R.CENTRE): _S.HOLDS,
    (_A.KEEP, _S.ENDING, _R.SUPERVISOR): _S.HOLDS,
}


@pytest.mark.parametrize("action", ReliefAction)
@pytest.mark.parametrize("state", ReliefState)
@pytest.mark.parametrize("role", Role)
def test_who_may_do_what_and_when(action: ReliefAction, state: ReliefState, role: Role) -> None:
    if (action, state, role) in ALLOWED:
        assert MOVES.choose(action, state, frozenset({role}), None) is ALLOWED[action, state, role]
    else:
        with pytest.raises((WrongState, NotAllowed)):
            MOVES.choose(action, state, frozenset({role}), None)
