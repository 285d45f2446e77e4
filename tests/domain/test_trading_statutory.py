"""The statutory clock of a lot: each period's moment and state, from the plan of a notice to the contract."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core.kernel.calendar import CHINA, end_of, start_of
from trading.domain.clock import Anchor, Law, LegalRegime
from trading.domain.statutory import LIFE, Known, Term, TermState, statutory_clock

CONSTRUCTION = Law(LegalRegime.CONSTRUCTION, True, CHINA)
FREE = Law(LegalRegime.CONSTRUCTION, False, CHINA)
PROCUREMENT = Law(LegalRegime.GOVERNMENT_PROCUREMENT, True, CHINA)
RELEASE = start_of(date(2026, 9, 1)) + timedelta(hours=9)
DEADLINE = start_of(date(2026, 9, 28)) + timedelta(hours=9)
PLAN = {Anchor.NOTICE: RELEASE, Anchor.RELEASE: RELEASE, Anchor.DEADLINE: DEADLINE}
SET: dict[str, datetime | None] = {"T2": DEADLINE, "T3": DEADLINE, "T7": DEADLINE}


def clock(
    law: Law, now: datetime, *, ended: bool = False, done: dict[str, datetime | None] | None = None, **more: datetime
) -> dict[str, Term]:
    anchors = PLAN | {Anchor(name): at for name, at in more.items()}
    return {term.rule.code: term for term in statutory_clock(Known(law, now, anchors, SET | (done or {}), ended))}


def test_the_golden_dates_stand_before_anything_is_published() -> None:
    found = clock(CONSTRUCTION, RELEASE - timedelta(days=3))
    assert [found[code].day for code in ("T3", "T4", "T5")] == [date(2026, 9, 21), date(2026, 9, 13), date(2026, 9, 18)]
    assert found["T3"].state is TermState.FULFILLED and found["T3"].edge == start_of(date(2026, 9, 21))
    assert found["T4"].state is TermState.RUNNING and found["T4"].edge == end_of(date(2026, 9, 13))
    assert found["T7"].edge == DEADLINE
    assert found["T10"].state is TermState.UNKNOWN and found["T10"].edge is None
    published = clock(CONSTRUCTION, DEADLINE, publicity=start_of(date(2026, 9, 24)))
    assert published["T10A"].day == date(2026, 9, 28)  # three days from the 24th, over the holiday


def test_the_periods_stand_in_the_order_of_the_lots_life() -> None:
    terms = statutory_clock(Known(CONSTRUCTION, RELEASE, PLAN, SET))
    places = [LIFE.index(term.rule.anchor) for term in terms]
    assert places == sorted(places)
    assert {term.rule.regime for term in terms} == {LegalRegime.CONSTRUCTION}
    assert {term.rule.regime for term in statutory_clock(Known(PROCUREMENT, RELEASE, PLAN, SET))} == {LegalRegime.GOVERNMENT_PROCUREMENT}


def test_a_deadline_that_comes_too_early_breaks_the_rule_or_deviates_where_it_does_not_bind() -> None:
    early = {"T3": RELEASE + timedelta(days=10)}
    assert clock(CONSTRUCTION, RELEASE, done=early)["T3"].state is TermState.BROKEN
    assert clock(FREE, RELEASE, done=early)["T3"].state is TermState.DEVIATES
    assert not clock(FREE, RELEASE)["T3"].binds and clock(FREE, RELEASE)["T3"].state is TermState.FULFILLED


def test_a_right_expires_and_a_duty_is_late() -> None:
    last = end_of(date(2026, 9, 18))
    assert clock(CONSTRUCTION, last - timedelta(milliseconds=1))["T5"].state is TermState.RUNNING
    assert clock(CONSTRUCTION, last)["T5"].state is TermState.EXPIRED
    reported = start_of(date(2026, 10, 12))
    due = end_of(date(2026, 10, 15))
    assert clock(CONSTRUCTION, due - timedelta(milliseconds=1), report=reported, done={"T10": None})["T10"].state is TermState.RUNNING
    assert clock(CONSTRUCTION, due, report=reported, done={"T10": None})["T10"].state is TermState.LATE
    assert clock(FREE, due, report=reported, done={"T10": None})["T10"].state is TermState.DEVIATES
    assert clock(CONSTRUCTION, due, report=reported, done={"T10": due - timedelta(hours=1)})["T10"].state is TermState.FULFILLED
    assert clock(CONSTRUCTION, due, report=reported, done={"T10": due})["T10"].state is TermState.LATE


def test_nothing_is_called_late_that_the_platform_would_not_see_done() -> None:
    signed = start_of(date(2026, 10, 12))
    assert clock(CONSTRUCTION, signed + timedelta(days=30), contract=signed)["T14"].state is TermState.EXPIRED


def test_a_lot_that_has_ended_waits_for_nothing() -> None:
    found = clock(CONSTRUCTION, DEADLINE, ended=True)
    assert found.keys() == {"T2", "T3", "T4", "T5", "T7"}


def test_procurement_counts_its_own_periods() -> None:
    found = clock(PROCUREMENT, RELEASE, award_notice=start_of(date(2026, 9, 28)))
    assert found["T18"].day == date(2026, 9, 8) and found["T18"].state is TermState.RUNNING
    assert found["T16"].day == date(2026, 10, 10)
    assert found["T15A"].state is TermState.UNKNOWN
    assert "T14B" not in found  # nothing was terminated
    assert clock(PROCUREMENT, RELEASE, termination=start_of(date(2026, 9, 22)))["T14B"].day == date(2026, 9, 30)


def test_an_earliest_moment_that_has_passed_is_kept_though_nothing_was_done_yet() -> None:
    assert clock(CONSTRUCTION, DEADLINE, done={"T3": None})["T3"].state is TermState.FULFILLED
    assert clock(CONSTRUCTION, DEADLINE, done={"T7": None})["T7"].state is TermState.FULFILLED
