"""What is due on a lot, by how many days it is late, and which reminder a day calls for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.kernel.calendar import CHINA, start_of
from trading.domain.clock import Anchor, Law, LegalRegime
from trading.domain.duty import Reminder, duties, reminder
from trading.domain.statutory import Known, statutory_clock

SENT = datetime(2026, 3, 2, 2, tzinfo=UTC)
CONSTRUCTION = Law(LegalRegime.CONSTRUCTION, True, CHINA)
PROCUREMENT = Law(LegalRegime.GOVERNMENT_PROCUREMENT, True, CHINA)


def owed(law: Law, on: date, **done: datetime | None) -> list[tuple[str, str, int]]:
    anchors = {Anchor.DECISION: SENT - timedelta(days=1), Anchor.AWARD_NOTICE: SENT}
    if (signed := done.get("T13")) is not None:
        anchors[Anchor.CONTRACT] = signed
    known = Known(law, start_of(on) + timedelta(hours=3), anchors, {"T13": None, "T15B": SENT} | done)
    return [(duty.rule.code, duty.day.isoformat(), duty.days) for duty in duties(statutory_clock(known), on)]


def test_the_contract_is_due_thirty_days_after_the_award_notice_and_the_report_to_the_supervisor_after_fifteen() -> None:
    assert owed(CONSTRUCTION, date(2026, 3, 12)) == [("T13A", "2026-03-16", 4), ("T13", "2026-04-01", 20)]
    assert owed(CONSTRUCTION, date(2026, 4, 1)) == [("T13", "2026-04-01", 0)]  # what the platform does not see is not called late


def test_what_is_overdue_is_counted_in_days() -> None:
    assert owed(CONSTRUCTION, date(2026, 4, 4)) == [("T13", "2026-04-01", -3)]
    known = Known(CONSTRUCTION, start_of(date(2026, 4, 4)), {Anchor.AWARD_NOTICE: SENT}, {"T13": None})
    late = duties(statutory_clock(known), date(2026, 4, 4))
    assert [(duty.is_late, duty.late_days, duty.is_seen) for duty in late] == [(True, 3, True)]


def test_a_signed_contract_is_not_due_and_in_procurement_its_copy_is_filed_within_seven_working_days() -> None:
    signed = datetime(2026, 3, 9, 2, tzinfo=UTC)
    assert owed(PROCUREMENT, date(2026, 3, 10), T13=signed) == [("T15D", "2026-03-18", 8)]
    assert [code for code, _, _ in owed(CONSTRUCTION, date(2026, 3, 10), T13=signed)] == ["T13A"]


def test_what_does_not_bind_is_not_owed() -> None:
    free = Law(LegalRegime.CONSTRUCTION, False, CHINA)
    assert [code for code, _, _ in owed(free, date(2026, 3, 12))] == ["T13"]  # the report to the supervisor binds where tenders are a must


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2026, 3, 24), Reminder.NONE),
        (date(2026, 3, 25), Reminder.AHEAD),
        (date(2026, 3, 31), Reminder.AHEAD),
        (date(2026, 4, 1), Reminder.LAST_DAY),
        (date(2026, 4, 2), Reminder.OVERDUE),
        (date(2027, 4, 2), Reminder.OVERDUE),
    ],
)
def test_the_parties_are_reminded_a_week_ahead_on_the_last_day_and_after_it(on: date, found: Reminder) -> None:
    assert reminder(date(2026, 4, 1), on) is found
