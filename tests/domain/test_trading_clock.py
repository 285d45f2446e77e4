"""Periods set by law: golden dates, both regimes, what binds whom; each row of the table is in `test_trading_periods.py`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.kernel.calendar import CHINA, Unit, WorkingCalendar, end_of, start_of
from core.kernel.errors import NotFound
from trading.domain.clock import Law, LegalRegime, find, rule

CONSTRUCTION = Law(LegalRegime.CONSTRUCTION, True, CHINA)
FREE = Law(LegalRegime.CONSTRUCTION, False, CHINA)
PROCUREMENT = Law(LegalRegime.GOVERNMENT_PROCUREMENT, True, CHINA)
RELEASE, DEADLINE = start_of(date(2026, 9, 1)), start_of(date(2026, 9, 28))


def test_golden_dates_of_release_amendment_and_objection() -> None:
    assert CONSTRUCTION.last_day("T3", RELEASE) == date(2026, 9, 21)
    assert CONSTRUCTION.last_day("T4", DEADLINE) == date(2026, 9, 13)
    assert CONSTRUCTION.last_day("T5", DEADLINE) == date(2026, 9, 18)


def test_golden_dates_of_a_publicity() -> None:
    from_day = start_of(date(2026, 9, 24))
    no_rest = Law(LegalRegime.CONSTRUCTION, True, WorkingCalendar(weekend=frozenset()))
    assert no_rest.last_day("T10A", from_day) == date(2026, 9, 27)
    assert CONSTRUCTION.last_day("T10A", from_day) == date(2026, 9, 28)
    assert CONSTRUCTION.ends_at("T10A", from_day) == end_of(date(2026, 9, 28))


def test_a_deadline_on_the_twentieth_day_is_in_time_and_one_on_the_nineteenth_is_refused_with_its_article() -> None:
    assert CONSTRUCTION.too_early("T3", RELEASE, start_of(date(2026, 9, 21))) is None
    refused = CONSTRUCTION.too_early("T3", RELEASE, end_of(date(2026, 9, 20)) - timedelta(seconds=1))
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
    assert rule("T14", LegalRegime.GOVERNMENT_PROCUREMENT).unit is Unit.WORKING


def test_a_regime_without_the_rule_says_so() -> None:
    assert find("T10", LegalRegime.GOVERNMENT_PROCUREMENT) is None
    assert not PROCUREMENT.is_late("T10", RELEASE, DEADLINE)
    with pytest.raises(NotFound, match=r"period\.unknown"):
        rule("T10", LegalRegime.GOVERNMENT_PROCUREMENT)


def test_late_begins_at_midnight_after_the_last_day() -> None:
    last = end_of(date(2026, 9, 28))  # three days from the 24th, rolled over the holiday
    reported = start_of(date(2026, 9, 24))
    assert not CONSTRUCTION.is_late("T10", reported, last - timedelta(milliseconds=1))
    assert CONSTRUCTION.is_late("T10", reported, last)


def test_the_version_in_force_on_the_anchors_day_is_the_one_that_binds() -> None:
    before, after = start_of(date(2011, 6, 1)), start_of(date(2020, 6, 1))
    assert CONSTRUCTION.last_day("T14", before) == date(2011, 6, 8)  # five working days, by the order of 2003
    assert CONSTRUCTION.last_day("T14", after) == date(2020, 6, 8)  # five days, the sixth a Saturday, by the Regulation of 2012
    assert [CONSTRUCTION.binding("T14", at).unit for at in (before, after)] == [Unit.WORKING, Unit.CALENDAR]  # type: ignore[union-attr]
    assert CONSTRUCTION.binding("T10", start_of(date(2012, 1, 31))) is None
    assert CONSTRUCTION.binding("T10", start_of(date(2012, 2, 1))) is not None
    assert CONSTRUCTION.binding("T3", start_of(date(1999, 12, 31))) is None


def test_a_regions_own_rule_binds_there_alone() -> None:
    there = Law(LegalRegime.CONSTRUCTION, True, CHINA, "重庆市渝中区")
    assert there.last_day("T19", RELEASE) == date(2026, 9, 7)
    assert CONSTRUCTION.binding("T19") is None
    assert there.binding("T3") == CONSTRUCTION.binding("T3")  # the nation's holds there too


def test_experts_are_drawn_within_the_24_hours_before_the_evaluation_where_the_region_says_so() -> None:
    there, begins = Law(LegalRegime.CONSTRUCTION, True, CHINA, "重庆市"), end_of(date(2026, 9, 28))
    assert there.too_early("T9", begins, begins - timedelta(hours=24)) is None
    refused = there.too_early("T9", begins, begins - timedelta(hours=24, seconds=1))
    assert refused is not None and (refused.code, refused.article) == ("period.expert_draw.too_early", "重庆市招标投标条例第三十条")


def test_an_act_after_the_last_day_is_refused_with_code_and_article() -> None:
    midnight = end_of(date(2026, 9, 13))
    assert CONSTRUCTION.too_late("T4", DEADLINE, midnight - timedelta(milliseconds=1)) is None
    refused = CONSTRUCTION.too_late("T4", DEADLINE, midnight)
    assert refused is not None
    assert (refused.code, refused.article) == ("period.amendment.too_late", "招标投标法第二十三条")
    assert refused.facts == {"rule": "T4", "days": 15, "latest": "2026-09-13"}


def test_what_must_be_said_on_the_spot_can_be_said_until_that_moment() -> None:
    assert CONSTRUCTION.too_late("T8", DEADLINE, DEADLINE - timedelta(milliseconds=1)) is None
    refused = CONSTRUCTION.too_late("T8", DEADLINE, DEADLINE)
    assert refused is not None and refused.code == "period.opening_objection.too_late"


def test_days_that_do_not_count_are_added_before_the_end_rolls() -> None:
    knew = start_of(date(2026, 9, 1))
    assert CONSTRUCTION.last_day("T12", knew) == date(2026, 9, 11)
    assert CONSTRUCTION.last_day("T12", knew, pause=4) == date(2026, 9, 15)
    assert CONSTRUCTION.last_day("T12", knew, pause=1) == date(2026, 9, 14)  # the 12th is a Saturday


def test_the_words_of_earlier_registrations_keep_their_meaning() -> None:
    assert (LegalRegime("works"), LegalRegime("procurement")) == (LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT)
    with pytest.raises(ValueError, match="other"):
        LegalRegime("other")
