"""Reading trading on both databases: the public list of notices, and what the clock finds due."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel.errors import NotFound
from core.kernel.work import Door
from tests.builders.trading import Tender, tender
from trading.domain.clock import LegalRegime
from trading.domain.notice import NoticeKind
from trading.queries import due, notices


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file)


def test_notices_are_paged_without_gap_or_repeat_and_searched(world: Tender) -> None:
    for _ in range(3):
        world.case = type(world.case)("")
        world.noticed()
    seen, after = [], ""
    while True:
        page = world.door.read(lambda session, after=after: notices.page(session, notices.NoticeFilter(), after, 1))  # type: ignore[misc]
        seen += [line.number for line in page.notices]
        if not (after := page.after):
            break
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == 3
    by_words = notices.NoticeFilter(words="滨江路 城市建设", region="临江市", bidding=True)
    assert len(world.door.read(lambda session: notices.page(session, by_words)).notices) == 3
    no_such: list[dict[str, Any]] = [{"words": "100%"}, {"kind": NoticeKind.RESULT}, {"region": "别处"}]
    no_such.append({"regime": LegalRegime.GOVERNMENT_PROCUREMENT})
    for nothing in [notices.NoticeFilter(**changes) for changes in no_such]:
        assert world.door.read(lambda session, wanted=nothing: notices.page(session, wanted)).notices == ()  # type: ignore[misc]
    with pytest.raises(NotFound):
        world.door.read(lambda session: notices.page(session, notices.NoticeFilter(), "T2026-999999-1-N1"))
    assert world.door.read(notices.regions) == ("临江市",)


def test_what_is_due_is_a_query(world: Tender) -> None:
    world.noticed()
    release = world.lot.release_at
    assert release is not None
    assert world.door.read(lambda session: due.released(session, release - timedelta(seconds=1))) == []
    assert world.door.read(lambda session: due.released(session, release)) == [world.lot.id]
