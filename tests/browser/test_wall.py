"""The wall in use: seats turn red when they fall silent, a purpose is signed before a case is shown, a pause stops the seats."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged
from tests.builders import supervising as does

pytestmark = pytest.mark.browser
WIDTHS = (1440, 390)


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        made.opened()
        made.room.fill_pool(11)
        made.room.scoring()
        yield made


def look(seen: Seen, name: str, path: str, folder: Path) -> list[str]:
    """The page in both languages and widths, kept as pictures; what is wrong with it by axe, or wider than the screen."""
    wrong = []
    for lang in ("zh", "en"):
        seen.page.goto(f"{seen.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.wait_for_timeout(300)
            seen.page.screenshot(path=str(folder / f"{name}-{lang}-{width}.png"), full_page=True)
            if seen.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{name} {lang} {width} is too wide")
        wrong += [f"{name} {lang} {finding}" for finding in serious_findings(seen.page)]
    seen.page.set_viewport_size({"width": 1440, "height": 900})
    seen.page.goto(f"{seen.url}{path}{'&' if '?' in path else '?'}lang=zh")
    return wrong


def state(page: Page, seat: str) -> str:
    return str(page.locator(f'[data-wall-seat$="|{seat}"]').get_attribute("data-present"))


@pytest.mark.timeout(240)
def test_a_supervisor_watches_looks_for_a_purpose_and_pauses(stage: Stage, tmp_path: Path) -> None:
    room, folder = stage.room, tmp_path / "shots"
    folder.mkdir()
    here = f"/lots/{room.number}/supervision"
    wall = stage.come(room.tender.supervisor, device=True).go("/supervision")
    desk = stage.come(room.members[0], device=True).go(f"/lots/{room.number}/evaluation/bids/{room.codes[0]}")
    until(lambda: state(wall.page, "1") == "here" and wall.page.locator("[data-wall-here]").inner_text() == "1")
    desk.page.close()
    until(lambda: state(wall.page, "1") == "away")
    wall.page.locator("[data-wall-absent]").get_by_text("专家1").first.wait_for()
    assert "rgb(255, 107, 114)" in wall.page.locator('[data-wall-seat$="|1"]').evaluate("(one) => getComputedStyle(one).borderColor")
    other = stage.come(room.members[1], device=True).go(f"/lots/{room.number}/evaluation/bids/{room.codes[0]}")
    until(lambda: state(wall.page, "2") == "here")
    wrong = look(wall, "wall", "/supervision", folder)

    wall.page.get_by_role("link", name="进入监督").first.click()
    wall.see("查看评标现场须写明目的。")
    wrong += look(wall, "purpose", f"{here}/purpose", folder)
    wall.sign("签名并查看")
    wall.see("立即暂停评审")
    wall.sign("立即暂停评审")
    other.page.locator("[data-paused]").wait_for()
    wall.see("签名恢复评审")
    wrong += look(wall, "case", here, folder) + look(wall, "timeline", f"{here}/timeline", folder)
    wrong += look(wall, "views", f"{here}/views", folder)
    wall.page.get_by_role("button", name="结束查看").click()
    until(lambda: wall.page.url.endswith("/supervision"))
    assert does.seen(room, room.tender.supervisor).is_paused
    assert not wrong, wrong
