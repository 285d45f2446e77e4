"""Three books of a day: what is on one and not on the other, over another sum, unexplained, and sums that do not add up."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.reconciliation import (
    MOVES,
    Booked,
    ClosingBody,
    DifferenceAction,
    DifferenceCause,
    DifferenceKind,
    DifferenceState,
    compare_deposits,
    compare_entries,
    compare_sums,
)

SAID: dict[str, Any] = {
    "difference": "01900000-0000-7000-8000-000000000001",
    "day": "2026-09-01",
    "kind": "missing",
    "cause": "timing",
    "reason": "次日入账。",
}


def booked(ref: str, fen: int = 100, credit: bool = True, **changes: Any) -> Booked:
    return Booked(ref, credit, Money(fen), "S", "甲", "6222", **changes)


def test_entries_of_both_books_are_held_against_each_other() -> None:
    bank = [booked("A"), booked("B"), booked("C"), booked("D", credit=False), booked("F", credit=False)]
    ours = [booked("A"), booked("B", 90), booked("C", credit=False), booked("D", credit=False, explained=False), booked("E")]
    found = {(one.ref, one.kind, one.fen) for one in compare_entries(bank, ours)}
    assert found == {
        ("B", DifferenceKind.AMOUNT, 10),
        ("C", DifferenceKind.AMOUNT, 200),
        ("D", DifferenceKind.UNEXPLAINED, -100),
        ("E", DifferenceKind.EXTRA, -100),
        ("F", DifferenceKind.MISSING, -100),
    }
    assert compare_entries(bank[:2], bank[:2]) == []


def test_sums_are_compared_and_an_old_gap_is_told_once() -> None:
    def kinds(**changes: int) -> list[tuple[DifferenceKind, int]]:
        facts = {"closing": 100, "known": 100, "explained": 100, "ledger": 100, "gap_before": 0} | changes
        return [(one.kind, one.fen) for one in compare_sums(**facts)]

    assert kinds() == []
    assert kinds(closing=90) == [(DifferenceKind.BALANCE, -10)]
    assert kinds(closing=90, gap_before=-10) == []
    assert kinds(gap_before=-10) == [(DifferenceKind.BALANCE, 10)]
    assert kinds(ledger=70) == [(DifferenceKind.LEDGER, 30)]


def test_a_deposit_says_what_the_ledger_holds() -> None:
    one, other, third = (UUID(int=n) for n in (1, 2, 3))
    found = compare_deposits({one: 100, other: 50}, {one: 100, third: 20})
    assert [(difference.ref, difference.fen) for difference in found] == [(str(other), 50), (str(third), -20)]


def test_finance_closes_a_difference_once() -> None:
    finance = frozenset({Role.FINANCE})
    assert MOVES.choose(DifferenceAction.CLOSE, DifferenceState.OPEN, finance, None) is DifferenceState.CLOSED
    with pytest.raises(WrongState):
        MOVES.choose(DifferenceAction.CLOSE, DifferenceState.CLOSED, finance, None)
    with pytest.raises(NotAllowed):
        MOVES.choose(DifferenceAction.CLOSE, DifferenceState.OPEN, frozenset({Role.CENTRE}), None)
    assert ClosingBody.read(SAID).cause is DifferenceCause.TIMING
    for changes in ({"reason": ""}, {"cause": "x"}, {"extra": 1}):
        with pytest.raises(RuleBroken):
            ClosingBody.read(SAID | changes)
