"""A room sealed for another committee, in a browser: the halt that says so and the draw that follows, in both sizes and languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.stage import Stage, staged
from tests.browser.test_archive_look import look
from tests.builders.halting import decide, fault

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as one:
        one.opened()
        one.room.fill_pool(11)
        yield one


def test_the_host_is_led_from_the_seal_to_the_next_draw(stage: Stage) -> None:
    room = stage.room
    room.formed()
    one = fault(room, phase="before")
    room.tender.jump(room.tender.now + timedelta(hours=2, minutes=1))
    decide(room, one, go_on=False)
    host = stage.come(stage.tender.centre, device=True)
    halts = f"/lots/{room.number}/evaluation/halts"
    wrong = look(host, "reforming-1-halts", halts) + look(host, "reforming-2-draw", f"/lots/{room.number}/draw")
    host.go(halts)
    host.page.get_by_role("link", name="再次抽取").click()
    host.see("须另组评标委员会")
    assert wrong == []
