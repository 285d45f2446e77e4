"""What may stand in a message, by which ways it goes, when it waits, and when a code is good."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from core.identity.domain.contact import CODE_LIFE, MOST_TRIES, Answer, Asked, address, judge, may_ask_again, new_code
from core.identity.domain.message import (
    LEGAL,
    PATIENCE,
    Discretion,
    Medium,
    Notice,
    QuietHours,
    Telling,
    Topic,
    has_waited_too_long,
    waits,
    ways,
)
from core.kernel.errors import RuleBroken

EVERY = frozenset(Medium)
OUTSIDE = frozenset({Medium.MAIL, Medium.SMS})
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)  # 20:00 in Beijing


def telling(topic: Topic = Topic.CHANGE, discretion: Discretion = Discretion.OPEN) -> Telling:
    return Telling(Notice("close", topic, "T2026-000001-1", "一标段", "/lots/T2026-000001-1"), discretion)


def beijing(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_a_message_has_no_room_for_anything_but_words_number_title_and_link() -> None:
    assert {field.name for field in fields(Notice)} == {"words", "topic", "number", "title", "link"}


@pytest.mark.parametrize("topic", sorted(LEGAL, key=lambda topic: topic.value))
def test_a_legal_notice_is_in_the_inbox_whatever_somebody_chose(topic: Topic) -> None:
    nothing = {(topic, medium): False for medium in Medium}
    assert ways(telling(topic), nothing, OUTSIDE) == {Medium.INBOX}


def test_other_messages_go_by_no_way_that_was_not_wanted() -> None:
    assert ways(telling(Topic.TASK), {(Topic.TASK, medium): False for medium in Medium}, OUTSIDE) == frozenset()
    assert ways(telling(Topic.TASK), {}, OUTSIDE) == EVERY
    assert ways(telling(Topic.PROGRESS), {}, OUTSIDE) == {Medium.INBOX}


@pytest.mark.parametrize("topic", Topic)
def test_what_only_its_reader_may_know_never_leaves_the_platform(topic: Topic) -> None:
    everything = {(topic, medium): True for medium in Medium}
    assert ways(telling(topic, Discretion.INSIDE), everything, OUTSIDE) == {Medium.INBOX}


def test_nobody_is_written_to_where_they_cannot_be_reached() -> None:
    assert ways(telling(), {}, frozenset({Medium.SMS})) == {Medium.INBOX, Medium.SMS}


@pytest.mark.parametrize(
    ("quiet", "hour", "hours"),
    [
        (QuietHours(22, 7), 23, 8),
        (QuietHours(22, 7), 0, 7),
        (QuietHours(22, 7), 6, 1),
        (QuietHours(22, 7), 7, 0),
        (QuietHours(22, 7), 21, 0),
        (QuietHours(22, 7), 22, 9),
        (QuietHours(12, 14), 13, 1),
        (QuietHours(12, 14), 14, 0),
        (QuietHours(0, 0), 0, 0),
    ],
)
def test_mail_and_sms_wait_until_the_quiet_hours_end(quiet: QuietHours, hour: int, hours: int) -> None:
    assert waits(Topic.TASK, quiet, beijing(hour)) == timedelta(hours=hours)


@pytest.mark.parametrize("topic", sorted(LEGAL, key=lambda topic: topic.value))
def test_a_legal_notice_waits_for_no_morning(topic: Topic) -> None:
    assert waits(topic, QuietHours(22, 7), beijing(23)) == timedelta(0)


@pytest.mark.parametrize("hours", [(24, 7), (-1, 7), (22, 24)])
def test_hours_that_no_clock_shows_are_refused(hours: tuple[int, int]) -> None:
    with pytest.raises(RuleBroken, match="quiet_hours"):
        QuietHours(*hours)


def test_a_message_is_tried_for_a_day_from_the_end_of_its_quiet_hours() -> None:
    assert not has_waited_too_long(NOW, 3600, NOW + PATIENCE + timedelta(hours=1))
    assert has_waited_too_long(NOW, 3600, NOW + PATIENCE + timedelta(hours=1, seconds=1))


@pytest.mark.parametrize("written", ["zhang@example.cn", " li.ming+bid@mail.example.com "])
def test_a_mail_address_is_kept_as_it_is(written: str) -> None:
    assert address(Medium.MAIL, written) == written.strip()


@pytest.mark.parametrize(
    "written", ["", "zhang", "zhang@", "@example.cn", "a b@example.cn", "a@example.cn\nBcc: b@example.cn", "a@b", "x" * 65 + "@a.cn"]
)
def test_what_is_no_mail_address_is_refused(written: str) -> None:
    with pytest.raises(RuleBroken, match=r"contact\.mail"):
        address(Medium.MAIL, written)


@pytest.mark.parametrize("written", ["13800138000", "138 0013 8000", "+8613800138000", "138-0013-8000"])
def test_a_mobile_number_has_one_spelling(written: str) -> None:
    assert address(Medium.SMS, written) == "13800138000"


@pytest.mark.parametrize(
    "written", ["", "12800138000", "1380013800", "138001380000", "010-88886666", "1380013800a", "１３８００１３８０００"]
)
def test_what_is_no_mobile_number_is_refused(written: str) -> None:
    with pytest.raises(RuleBroken, match=r"contact\.sms"):
        address(Medium.SMS, written)


def test_a_code_is_six_digits_and_good_for_five_tries_within_ten_minutes() -> None:
    assert all(len(code) == 6 and code.isdigit() for code in (new_code() for _ in range(50)))
    right, wrong = b"r" * 32, b"w" * 32
    assert judge(Asked(NOW, right, 0), right, NOW + CODE_LIFE) is Answer.CONFIRMED
    assert judge(Asked(NOW, right, 0), wrong, NOW) is Answer.WRONG
    assert judge(Asked(NOW, right, 0), right, NOW + CODE_LIFE + timedelta(seconds=1)) is Answer.TOO_LATE
    assert judge(Asked(NOW, right, MOST_TRIES), right, NOW) is Answer.TOO_LATE
    assert judge(None, right, NOW) is Answer.TOO_LATE


def test_a_second_code_waits_a_minute() -> None:
    may_ask_again(None, NOW)
    may_ask_again(Asked(NOW, b"", 0), NOW + timedelta(minutes=1))
    with pytest.raises(RuleBroken, match="too_soon"):
        may_ask_again(Asked(NOW, b"", 0), NOW + timedelta(seconds=59))
