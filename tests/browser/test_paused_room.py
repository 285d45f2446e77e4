"""A supervisor's pause covers every workstation, a half-typed draft is there when the room goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from evaluation.queries import rooms
from tests.browser.people import until
from tests.browser.stage import Stage, staged
from tests.builders import supervising as does

pytestmark = pytest.mark.browser


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        made.opened()
        made.room.fill_pool(11)
        made.room.scoring()
        yield made


@pytest.mark.timeout(180)
def test_a_pause_covers_the_workstations_and_loses_no_draft(stage: Stage) -> None:
    room = stage.room
    one, two = room.members[:2]
    first, second = (stage.come(who, device=True).go(f"/lots/{room.number}/evaluation/bids/{room.codes[0]}").page for who in (one, two))
    third = stage.come(room.members[2]).go(f"/lots/{room.number}/evaluation/sheet").page
    for page in (first, second, third):
        page.locator("[data-live-stops]").first.wait_for(state="attached")
    first.locator('[name="scores.method"]').fill("7")
    until(lambda: held(stage).get("method", "").startswith("7"))
    first.locator('[name="reasons.method"]').fill("方案完整")  # not sent yet when the room stops
    act = does.issue(room, "pause", "centre")
    for page in (first, second, third):
        page.locator("[data-paused]").wait_for()
        assert page.locator("main").evaluate("(main) => main.inert && getComputedStyle(main).visibility === 'hidden'")
    second.reload()
    second.get_by_text("评审已暂停。").wait_for()  # the room, and no bid
    does.resume(room, act)
    first.locator('[name="scores.method"]').wait_for()
    until(lambda: first.locator('[name="reasons.method"]').input_value() == "方案完整")
    until(lambda: reasons(stage).get("method") == "方案完整")
    assert float(held(stage)["method"]) == 7 and not first.locator("[data-paused]").count()
    second.get_by_text("打开工位").wait_for()  # by itself


def held(stage: Stage) -> dict[str, str]:
    return dict(_sheet(stage).scores)


def reasons(stage: Stage) -> dict[str, str]:
    return dict(_sheet(stage).reasons)


def _sheet(stage: Stage) -> rooms.SheetRow:
    who = stage.room.members[0]
    return stage.tender.door.read(lambda session: rooms.own_sheet(session, who.actor, stage.room.number)).rows[0]
