"""A site's line is cut for thirty seconds while three experts score: no draft is lost, nothing signed twice, the host sees it at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from core.kernel import chain
from core.settings import Settings
from evaluation.queries import rooms
from evaluation.services import scores
from tests.browser.chromium import EXECUTABLE, FLAGS
from tests.browser.line import Line
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged
from tests.builders.evaluation import CRITERIA

pytestmark = pytest.mark.browser
CUT = 30.0  # s
NOTICED = 5.0  # s within which the host knows


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        made.opened()
        made.room.fill_pool(11)
        made.room.scoring()
        yield made


@pytest.fixture
def site(browser: Browser, stage: Stage) -> Iterator[tuple[Stage, Line]]:
    """The same stage as seen from a site whose browsers reach the platform over one line, under the platform's own address."""
    port = stage.url.rpartition(":")[2]
    line = Line(int(port))
    rules = f"--host-resolver-rules=MAP localhost:{port} 127.0.0.1:{line.port}"
    started = browser.browser_type.launch(executable_path=EXECUTABLE, args=[*FLAGS, rules])
    yield replace(stage, browser=started), line
    started.close()
    line.close()


def fill(seen: Seen, name: str, text: str) -> None:
    seen.page.locator(f'[name="{name}"]').fill(text)


def kept(stage: Stage, who: Any) -> dict[str, dict[str, str]]:
    """What the platform holds of that member's drafts of the first bid."""
    row = stage.tender.door.read(lambda session: rooms.own_sheet(session, who.actor, stage.room.number)).rows[0]
    return {"scores": dict(row.scores), "reasons": dict(row.reasons)}


@pytest.mark.timeout(240)
def test_no_draft_is_lost_and_nothing_signed_twice_when_a_line_is_cut(stage: Stage, site: tuple[Stage, Line]) -> None:
    here, line = site
    room = stage.room
    one, two, three, *_ = room.members
    desk = f"/lots/{room.number}/evaluation/bids/{room.codes[0]}"
    host = stage.come(stage.tender.centre).go(f"/lots/{room.number}/evaluation")
    first, second, third = here.come(one, device=True), here.come(two), stage.come(three)
    for seen in (first, second, third):
        seen.go(desk).page.locator('[name="scores.method"]').wait_for()
        fill(seen, "scores.method", "13.5")
        until(lambda seen=seen: seen.page.locator('[data-sheet-saved][data-state="saved"]').count())
    seats = [room.view(who).me.code for who in (one, two, three)]  # type: ignore[union-attr]
    badge = [host.page.locator(f'tr[data-seat="{seat}"] [data-presence]') for seat in seats]
    until(lambda: all("在线" in each.inner_text() for each in badge))

    line.cut()
    began = time.monotonic()
    fill(first, "scores.duration", "7.5")
    fill(first, "reasons.duration", "断线时写的理由")
    fill(second, "scores.quality", "5.5")
    until(lambda: "断线" in badge[0].inner_text() and "断线" in badge[1].inner_text())
    assert time.monotonic() - began < NOTICED
    host.page.locator("[data-absences]").get_by_text("2 席断线").wait_for()
    assert "在线" in badge[2].inner_text()
    fill(third, "scores.duration", "6.5")  # the others go on
    until(lambda: kept(stage, three)["scores"].get("duration") == "6.5")
    first.page.get_by_text("离线，本机已保留 2 项").wait_for()
    until(lambda: "断线" in first.page.locator("[data-line]").inner_text())
    second.page.close()  # this one's page is gone altogether
    while time.monotonic() - began < CUT:
        time.sleep(0.2)
    assert kept(stage, one)["scores"] == kept(stage, two)["scores"] == {"method": "13.5"}

    line.mend()
    until(lambda: kept(stage, one) == {"scores": {"method": "13.5", "duration": "7.5"}, "reasons": {"duration": "断线时写的理由"}})
    until(lambda: first.page.locator('[data-sheet-saved][data-state="saved"]').count())
    until(lambda: "在线" in badge[0].inner_text())
    again = second.page.context.new_page()
    again.goto(stage.url + desk)
    until(lambda: again.locator('[name="scores.quality"]').input_value() == "5.5")
    until(lambda: kept(stage, two)["scores"] == {"method": "13.5", "quality": "5.5"})
    until(lambda: "在线" in badge[1].inner_text())

    # Whoever logs in at the same machine afterwards finds nothing of the seat's in the browser's store that can be read.
    assert again.evaluate(UNREADABLE)

    # Signing while answers are lost: the sheet is in once, and sent again it gets the receipt of the first time.
    for code in room.codes:
        given = dict.fromkeys(CRITERIA, "1")
        room.perform(one, lambda work, code=code, given=given: scores.save_draft(work, room.number, code, given, {}))
    first.go(f"/lots/{room.number}/evaluation/sheet")
    first.page.get_by_role("button", name="签名并提交评分").click()
    dialog = first.page.locator("dialog.confirm")
    dialog.locator("[data-ok]").wait_for()
    line.lose_answers()
    dialog.locator("[data-ok]").click()
    until(lambda: signed(stage) == 1)
    line.mend()
    first.page.wait_for_url("**/evaluation")
    assert signed(stage) == 1 and room.view(one).me.submitted  # type: ignore[union-attr]
    assert third.stayed and third.quiet and third.page.locator('[name="scores.duration"]').input_value() == "6.5"


UNREADABLE = """async () => {
  const answer = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const open = await answer(indexedDB.open('gongheng', 1));
  const rows = await answer(open.transaction('drafts').objectStore('drafts').getAll());
  return rows.every((row) => row.iv && row.sealed instanceof Uint8Array && Object.keys(row).length === 2);
}"""


def signed(stage: Stage) -> int:
    """How many sheets were signed in the case."""
    events = stage.tender.door.read(lambda session: list(chain.events(session, stage.room.case)))
    return sum(event.kind == "score" for event in events)
