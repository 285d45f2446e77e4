"""Periods set by law: golden dates, both regimes, what binds whom, and that each row names its article."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.kernel.calendar import CHINA, Unit, WorkingCalendar, end_of, start_of
from core.kernel.errors import NotFound
from trading.domain.clock import RULES, Direction, Law, LegalRegime, find, rule

WORKS = Law(LegalRegime.WORKS, True, CHINA)
FREE = Law(LegalRegime.WORKS, False, CHINA)
PROCUREMENT = Law(LegalRegime.PROCUREMENT, True, CHINA)
RELEASE, DEADLINE = start_of(date(2026, 9, 1)), start_of(date(2026, 9, 28))


def test_golden_dates_of_release_amendment_and_objection() -> None:
    assert WORKS.last_day("T3", RELEASE) == date(2026, 9, 21)
    assert WORKS.last_day("T4", DEADLINE) == date(2026, 9, 13)
    assert WORKS.last_day("T5", DEADLINE) == date(2026, 9, 18)


def test_golden_dates_of_a_publicity() -> None:
    from_day = start_of(date(2026, 9, 24))
    no_rest = Law(LegalRegime.WORKS, True, WorkingCalendar(weekend=frozenset()))
    assert no_rest.last_day("T10A", from_day) == date(2026, 9, 27)
    assert WORKS.last_day("T10A", from_day) == date(2026, 9, 28)
    assert WORKS.ends_at("T10A", from_day) == end_of(date(2026, 9, 28))


def test_a_deadline_on_the_twentieth_day_is_in_time_and_one_on_the_nineteenth_is_refused_with_its_article() -> None:
    assert WORKS.too_early("T3", RELEASE, start_of(date(2026, 9, 21))) is None
    refused = WORKS.too_early("T3", RELEASE, end_of(date(2026, 9, 20)) - timedelta(seconds=1))
    assert refused is not None
    assert (refused.code, refused.article) == ("period.bid_time.too_short", "招标投标法第二十四条")
    assert refused.facts == {"rule": "T3", "days": 20, "earliest": "2026-09-21"}


def test_a_rule_for_mandatory_projects_leaves_others_free() -> None:
    assert FREE.binding("T3") is None
    assert FREE.too_early("T3", RELEASE, RELEASE) is None
    assert FREE.last_day("T3", RELEASE) is None and FREE.ends_at("T3", RELEASE) is None
    assert not FREE.is_late("T10", RELEASE, DEADLINE)
    assert FREE.too_early("T2", RELEASE, RELEASE) is not None  # binds everybody


def test_procurement_counts_working_days_where_its_law_says_so() -> None:
    assert PROCUREMENT.last_day("T2", start_of(date(2026, 9, 24))) == date(2026, 10, 9)
    assert rule("T14", LegalRegime.PROCUREMENT).unit is Unit.WORKING


def test_a_regime_without_the_rule_says_so() -> None:
    assert find("T10", LegalRegime.PROCUREMENT) is None
    assert not PROCUREMENT.is_late("T10", RELEASE, DEADLINE)
    with pytest.raises(NotFound, match=r"period\.unknown"):
        rule("T10", LegalRegime.PROCUREMENT)


def test_late_begins_at_midnight_after_the_last_day() -> None:
    last = end_of(date(2026, 9, 28))  # three days from the 24th, rolled over the holiday
    reported = start_of(date(2026, 9, 24))
    assert not WORKS.is_late("T10", reported, last - timedelta(milliseconds=1))
    assert WORKS.is_late("T10", reported, last)


def test_every_rule_names_its_article_and_its_code_stands_once_in_a_regime() -> None:
    assert all(row.article.startswith(("招标投标法", "政府采购")) for row in RULES)
    assert len({(row.code, row.regime) for row in RULES}) == len(RULES)
    assert {row.code for row in RULES} >= {"T2", "T3", "T4", "T5", "T7", "T10", "T11", "T13", "T14"}
    assert all((row.n == 0) == (row.direction is Direction.SAME_MOMENT) for row in RULES)
