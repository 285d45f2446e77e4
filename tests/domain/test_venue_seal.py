"""Seals on rooms, and by when a partner's site hands over, by their values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken
from evaluation.domain.booking import Purpose, State
from evaluation.domain.contingency import Facts, Phase, the_seals_are_whole
from evaluation.domain.hand_over import due, is_owed, last_day
from evaluation.domain.venue_seal import UnsealBody, is_to_be_sealed, may_unseal

AT = datetime(2026, 9, 24, 8, tzinfo=UTC)  # a Thursday before the days of Mid-Autumn, with the National Day after them
HOUR = timedelta(hours=1)


def test_five_working_days_leave_out_weekends_and_holidays() -> None:
    assert str(last_day(AT, CHINA)) == "2026-10-09"
    # counted: 28, 29, 30 September, 8 and 9 October; 25 to 27 September and 1 to 7 October are holidays
    assert due(AT, CHINA) == datetime(2026, 10, 9, 16, tzinfo=UTC)
    evening = datetime(2026, 11, 29, 17, tzinfo=UTC)  # the 30th in Beijing, a Monday
    assert due(evening, CHINA) == datetime(2026, 12, 7, 16, tzinfo=UTC)


def test_what_is_owed() -> None:
    assert is_owed(Purpose.EVALUATION, State.USED) and is_owed(Purpose.OPENING, State.USED)
    assert not is_owed(Purpose.DRILL, State.USED) and not is_owed(Purpose.EVALUATION, State.HELD)
    assert not is_owed(Purpose.EVALUATION, State.USED, "ab")


def test_rooms_in_use_are_sealed_once() -> None:
    def sealed(purpose: Purpose = Purpose.EVALUATION, state: State = State.HELD, at: datetime = AT, is_sealed: bool = False) -> bool:
        return is_to_be_sealed(purpose, state, AT, AT + HOUR, at, is_sealed=is_sealed)

    assert sealed() and sealed(Purpose.DRILL) and not sealed(Purpose.OPENING) and not sealed(state=State.ASKED)
    assert not sealed(at=AT - HOUR) and not sealed(at=AT + HOUR) and not sealed(is_sealed=True)
    assert may_unseal(is_sealed=True) is None
    refusal = may_unseal(is_sealed=False)
    assert refusal is not None and refusal.code == "venue.not_sealed"


def test_the_morning_waits_for_the_rooms() -> None:
    night = Facts(now=AT, since=AT, phase=Phase.NIGHT)
    assert the_seals_are_whole(night) is None
    refusal = the_seals_are_whole(Facts(now=AT, since=AT, phase=Phase.NIGHT, is_unsealed=False))
    assert refusal is not None and refusal.code == "halt.rooms_sealed"


def test_the_body_is_read_to_the_letter() -> None:
    assert UnsealBody.read({"booking": "VB-AAAAAAAA", "text": "封条完好"}).text == "封条完好"
    for wrong in ({"booking": "VB-AAAAAAAA", "text": ""}, {"booking": "VB-AAAAAAAA"}, {"booking": "V", "text": "完好", "more": 1}):
        with pytest.raises(RuleBroken):
            UnsealBody.read(wrong)
