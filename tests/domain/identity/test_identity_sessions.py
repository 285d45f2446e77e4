"""How long a login lasts, and how far the demonstration's clock may jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.identity.domain.clock import accept_jump
from core.identity.domain.session import LICENCE_FRESH, Life, browser_name, is_answer_in_time, is_due_a_touch, is_good, is_licence_fresh
from core.kernel.errors import RuleBroken

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_login_ends_after_thirty_minutes_of_rest() -> None:
    life = Life(NOON, NOON)
    assert is_good(life, NOON + timedelta(minutes=30) - SECOND)
    assert not is_good(life, NOON + timedelta(minutes=30))


def test_a_login_ends_after_twelve_hours_however_busy() -> None:
    last = NOON + timedelta(hours=12)
    life = Life(NOON, last - SECOND)
    assert is_good(life, last - SECOND)
    assert not is_good(life, last)


def test_an_ended_login_is_no_good() -> None:
    assert not is_good(Life(NOON, NOON, ended_at=NOON), NOON)


def test_use_is_written_down_once_a_minute() -> None:
    life = Life(NOON, NOON)
    assert not is_due_a_touch(life, NOON + 59 * SECOND)
    assert is_due_a_touch(life, NOON + 60 * SECOND)


def test_a_licence_is_fresh_until_its_time_is_over_and_none_never_is() -> None:
    assert is_licence_fresh(NOON, NOON + LICENCE_FRESH - timedelta(milliseconds=1))
    assert not is_licence_fresh(NOON, NOON + LICENCE_FRESH) and not is_licence_fresh(None, NOON)


def test_a_challenge_waits_five_minutes() -> None:
    assert not is_answer_in_time(None, NOON)
    assert is_answer_in_time(NOON, NOON + timedelta(minutes=5) - SECOND)
    assert not is_answer_in_time(NOON, NOON + timedelta(minutes=5))


@pytest.mark.parametrize("by", [timedelta(milliseconds=1), timedelta(days=400)])
def test_the_clock_goes_forward(by: timedelta) -> None:
    accept_jump(by)


@pytest.mark.parametrize("by", [timedelta(0), -SECOND, timedelta(microseconds=999), timedelta(days=400) + timedelta(milliseconds=1)])
def test_the_clock_goes_neither_back_nor_too_far(by: timedelta) -> None:
    with pytest.raises(RuleBroken, match=r"clock\.jump"):
        accept_jump(by)


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome 156 · Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0", "Edge 156 · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:152.0) Gecko/20100101 Firefox/152.0", "Firefox 152 · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1", "Safari 19 · iPhone"),
        (f"Mozilla/5.0 (Linux; Android 16) {WEBKIT} Chrome/156.0.0.0 Mobile Safari/537.36", "Chrome 156 · Android"),
        ("python-httpx/0.28.1", "python-httpx/0.28.1"),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_its_name(header: str, name: str) -> None:
    assert browser_name(header) == name
