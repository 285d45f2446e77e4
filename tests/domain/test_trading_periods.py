"""Each row of the table of periods, in both regimes: the day on which it ends, counted by hand from a day of 2026 or of its own time."""

from __future__ import annotations

from datetime import date

import pytest

from core.kernel.calendar import CHINA, Unit, end_of, start_of
from trading.domain.clock import Direction, Force, Law, LegalRegime, find
from trading.domain.periods import RULES, Anchor

C, P = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
CONSTRUCTION, PROCUREMENT = Law(C, True, CHINA, "重庆市"), Law(P, True, CHINA)

# 2026-09-22 is a Tuesday; the Mid-Autumn holiday is 25 to 27 September, National Day 1 to 7 October, 20 September and 10 October are worked
DAYS = (
    (C, "T1", "2026-09-22", "2026-08-23"),
    (P, "T1", "2026-09-22", "2026-08-23"),
    (C, "T2", "2026-09-22", "2026-09-28"),  # the 27th is a holiday
    (C, "T2B", "2026-09-22", "2026-09-28"),
    (C, "T3", "2026-09-22", "2026-10-12"),
    (C, "T4", "2026-09-22", "2026-09-07"),
    (C, "T5", "2026-09-22", "2026-09-12"),  # a Saturday: backwards nothing rolls
    (C, "T5A", "2026-09-22", "2026-09-28"),
    (C, "T5B", "2026-09-22", "2026-09-20"),
    (C, "T6", "2026-09-21", "2026-09-28"),
    (C, "T6A", "2026-09-22", "2026-09-19"),
    (C, "T7", "2026-09-22", "2026-09-22"),
    (C, "T8", "2026-09-22", "2026-09-22"),
    (C, "T10", "2026-09-22", "2026-09-28"),
    (C, "T10A", "2026-09-22", "2026-09-28"),
    (C, "T11", "2026-09-21", "2026-09-24"),
    (C, "T11A", "2026-09-22", "2026-09-22"),
    (C, "T12", "2026-09-22", "2026-10-08"),  # the 2nd of October, rolled over the holiday
    (C, "T12A", "2026-09-23", "2026-09-29"),  # 24, 28, 29
    (C, "T12B", "2026-09-22", "2026-11-10"),
    (C, "T13", "2026-09-22", "2026-10-22"),
    (C, "T13A", "2026-09-22", "2026-10-08"),
    (C, "T14", "2026-09-22", "2026-09-28"),
    (C, "T14A", "2026-09-22", "2026-09-28"),
    (C, "T19", "2026-09-22", "2026-09-28"),
    (C, "T19A", "2026-09-22", "2026-09-30"),  # 23, 24, 28, 29, 30
    (P, "T2", "2026-09-22", "2026-09-30"),
    (P, "T2B", "2026-09-22", "2026-09-30"),
    (P, "T3", "2026-09-22", "2026-10-12"),
    (P, "T4", "2026-09-22", "2026-09-07"),
    (P, "T6", "2026-09-22", "2026-09-30"),
    (P, "T6A", "2026-09-22", "2026-09-19"),
    (P, "T7", "2026-09-22", "2026-09-22"),
    (P, "T8", "2026-09-22", "2026-09-22"),
    (P, "T13", "2026-09-22", "2026-10-22"),
    (P, "T14", "2026-09-22", "2026-09-30"),
    (P, "T14A", "2026-09-22", "2026-09-30"),
    (P, "T14B", "2026-09-22", "2026-09-30"),
    (P, "T15", "2026-09-23", "2026-09-28"),
    (P, "T15A", "2026-09-22", "2026-09-30"),
    (P, "T15B", "2026-09-24", "2026-09-29"),
    (P, "T15C", "2026-09-30", "2026-10-09"),
    (P, "T15D", "2026-09-22", "2026-10-09"),  # … 29, 30, then 8 and 9 October
    (P, "T16", "2026-09-28", "2026-10-10"),  # 29, 30, 8, 9 and the worked Saturday
    (P, "T17", "2026-09-22", "2026-10-09"),
    (P, "T17A", "2026-09-22", "2026-10-09"),
    (P, "T17B", "2026-09-22", "2026-10-20"),
    (P, "T17C", "2026-09-22", "2026-11-10"),
    (P, "T17D", "2026-09-22", "2026-10-22"),
    (P, "T17E", "2026-09-22", "2026-09-30"),
    (P, "T18", "2026-09-22", "2026-09-30"),
    (P, "T18A", "2026-09-24", "2026-09-28"),
)


@pytest.mark.parametrize(("regime", "code", "anchor", "expected"), DAYS, ids=lambda value: getattr(value, "value", value))
def test_a_period_ends_on_its_day(regime: LegalRegime, code: str, anchor: str, expected: str) -> None:
    found = find(code, regime, date.fromisoformat(anchor), "重庆市")
    assert found is not None
    assert found.last_day(date.fromisoformat(anchor), CHINA) == date.fromisoformat(expected)


def test_every_rule_is_counted_above_but_for_the_one_in_hours() -> None:
    assert {(row.regime, row.code) for row in RULES} - {(regime, code) for regime, code, *_ in DAYS} == {(C, "T9")}
    assert {int("".join(filter(str.isdigit, row.code))) for row in RULES} == set(range(1, 20))


def test_every_rule_names_its_article_and_a_version_stands_once_in_a_regime_and_region() -> None:
    laws = ("招标投标法", "政府采购", "重庆市招标投标条例第", "工程建设项目施工招标投标办法（2003年）第")
    assert all(row.article.startswith(laws) for row in RULES if row.force is not Force.ADVISED)
    assert len({(row.code, row.regime, row.region, row.effective_from) for row in RULES}) == len(RULES)
    assert all((row.n == 0) == (row.direction in (Direction.SAME_MOMENT, Direction.UNTIL)) for row in RULES)
    assert all((row.unit is Unit.HOURS) == (row.code == "T9") for row in RULES)


def test_the_two_families_are_never_mixed() -> None:
    for row in RULES:
        family = ("政府采购",) if row.regime is P else ("招标", "工程建设项目施工招标投标办法", "重庆市招标投标条例")
        assert row.article.startswith(family), row
    assert {row.code for row in RULES if row.regime is C} & {"T15", "T16", "T17", "T18"} == set()
    assert {row.code for row in RULES if row.regime is P} & {"T5", "T10", "T11", "T12", "T19"} == set()


@pytest.mark.parametrize("row", RULES, ids=lambda row: f"{row.code}-{row.regime.value}-{row.effective_from}")
def test_the_moment_of_each_direction_stands_on_its_side_of_the_day(row: object) -> None:
    found = next(one for one in RULES if one is row)
    anchor = start_of(date(2026, 9, 22))
    edge, day = found.edge(anchor, CHINA), found.last_day(date(2026, 9, 22), CHINA)
    if found.unit is Unit.HOURS:
        assert (anchor - edge).total_seconds() == 24 * 3600
    elif found.n == 0:
        assert edge == anchor
    else:
        assert edge == (start_of(day) if found.direction is Direction.AT_LEAST_AFTER else end_of(day))


def test_what_is_anchored_at_a_bidders_own_act_is_named_so() -> None:
    assert {row.code for row in RULES if row.anchor is Anchor.WITHDRAWAL} == {"T14A"}
