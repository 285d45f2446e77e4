"""Published dates: a contract signed too late, where the thirtieth day is a Saturday."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from core.kernel.calendar import WorkingCalendar, end_of, start_of
from trading.domain.clock import Law, LegalRegime, rule

CASE = json.loads((Path(__file__).parent / "cases" / "050.json").read_text(encoding="utf-8"))
LAW = Law(LegalRegime.CONSTRUCTION, True, WorkingCalendar())


def test_case_050_the_contract_came_after_its_thirtieth_day() -> None:
    sent, signed = (start_of(date.fromisoformat(CASE["inputs"][name])) for name in ("award_notice", "contract"))
    assert rule("T13", LegalRegime.CONSTRUCTION).last_day(date(2008, 5, 15), LAW.calendar) == date(2008, 6, 16)
    assert LAW.is_late("T13", sent, signed) == (CASE["expected"]["contract_in_time"] == "no")
    assert not LAW.is_late("T13", sent, start_of(date(2008, 6, 16)))
    assert LAW.is_late("T13", sent, end_of(date(2008, 6, 16)))


def test_case_050_the_time_for_bids_was_long_enough() -> None:
    invited, deadline = (start_of(date.fromisoformat(CASE["inputs"][name])) for name in ("invitation", "deadline"))
    assert LAW.too_early("T3", invited, deadline) is None
