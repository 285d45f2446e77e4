"""The demonstration's clock goes forward for everybody at once, and on the record."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from core.identity.events import PLATFORM
from core.identity.gateway import show
from core.identity.jobs import CLOCK
from core.identity.services.clockwork import advance
from core.kernel import chain, clock, jcs, outbox
from core.kernel.actor import PUBLIC_ACTOR, SYSTEM_ACTOR
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import CaseId
from core.kernel.work import Door

DAY, NONE = timedelta(days=1), timedelta(0)
CASES = (CaseId("T2026-000002"), CaseId("T2026-000001"))


def jump(door: Door, by: timedelta = DAY, shown: timedelta = NONE) -> timedelta:
    return door.perform(SYSTEM_ACTOR, lambda work: advance(work, by, "演示", shown=shown, open_cases=CASES))


def test_a_jump_is_logged_for_the_platform_and_for_every_open_case(door: Door) -> None:
    assert jump(door) == DAY
    for case in (PLATFORM, *CASES):
        (event,) = door.read(partial(chain.events, case=case))
        body = jcs.parse_object(event.envelope.payload)["body"]
        assert isinstance(body, dict)
        assert (body["offset_ms"], body["reason"], set(body)) == (86_400_000, "演示", {"from", "to", "offset_ms", "reason"})
        assert clock.moment(str(body["to"])) - clock.moment(str(body["from"])) == DAY


def test_jumps_add_up_even_before_the_file_is_written(door: Door, clock_file: Path) -> None:
    jump(door)
    assert jump(door) == 2 * DAY
    assert clock.read_offset(clock_file) == NONE
    assert outbox.deliver(door, CLOCK) == 2
    assert clock.read_offset(clock_file) == 2 * DAY
    before = door.read(door.clock)
    assert jump(door, shown=2 * DAY) == 3 * DAY
    assert before <= door.read(door.clock)


def test_an_offset_that_was_there_before_counts(door: Door) -> None:
    assert jump(door, shown=5 * DAY) == 6 * DAY


def test_the_file_never_goes_back(clock_file: Path) -> None:
    show(clock_file, 2 * DAY)
    show(clock_file, DAY)
    show(None, DAY)
    assert clock.read_offset(clock_file) == 2 * DAY


def test_the_clock_is_neither_set_back_nor_set_by_anybody(door: Door) -> None:
    with pytest.raises(RuleBroken, match=r"clock\.jump"):
        jump(door, by=-DAY)
    with pytest.raises(NotAllowed, match=r"clock\.not_allowed"):
        door.perform(PUBLIC_ACTOR, lambda work: advance(work, DAY, "", shown=NONE, open_cases=()))
