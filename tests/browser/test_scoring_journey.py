"""Two experts score at once at their workstations while a supervisor watches: seats move on, no score is seen before the lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged
from tests.builders.evaluation import CRITERIA

pytestmark = pytest.mark.browser
OURS = ("13.5", "6.5", "4.5", "5.5", "3.5")  # as typed; each ends on a half, which no page of the watcher's shows otherwise
REASON = "盾构穿越段的同步注浆方案针对性强"


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        made.opened()
        made.room.fill_pool(11)
        made.room.scoring()
        yield made.tick()


@pytest.mark.timeout(180)
def test_two_experts_score_at_once_and_the_supervisor_sees_seats_but_no_score(stage: Stage) -> None:
    room = stage.room
    one, two, *rest = room.members
    supervisor = stage.come(stage.tender.supervisor).record().go(f"/lots/{room.number}/supervision")
    first, second = stage.come(one, device=True), stage.come(two, device=True)
    codes = room.codes
    for seen in (first, second):
        seen.go(_desk(room.number, codes[0]))
        seen.page.locator(".viewer canvas").first.wait_for()

    # The second begins; the first one's whole sheet, its saving and signing leave those half-filled fields alone.
    second.page.locator('[name="scores.method"]').fill("1")
    second.page.get_by_label("评分理由 method").fill(REASON)
    for code in codes:
        _turn_to(first, code)
        _score(first, code)
    first.page.get_by_role("link", name="核对并提交评分").click()
    first.page.wait_for_url("**/evaluation/sheet")
    first.sign("签名并提交评分")
    first.page.wait_for_url("**/evaluation")
    until(lambda: _submitted(supervisor) == 1)
    assert second.page.locator('[name="scores.method"]').input_value() == "1.0" and second.stayed
    assert second.page.get_by_label("评分理由 method").input_value() == REASON

    # The second goes on by the keyboard alone and signs too.
    for code in codes:
        _turn_to(second, code)
        _score(second, code)
    second.page.get_by_role("link", name="核对并提交评分").click()
    second.page.wait_for_url("**/evaluation/sheet")
    second.sign("签名并提交评分")
    until(lambda: _submitted(supervisor) == 2)
    for member in rest[:-1]:
        room.submit(member)
    until(lambda: _submitted(supervisor) == 6)
    heard = "\n".join([supervisor.text, supervisor.page.content(), *(text for _, text in supervisor.answers), *supervisor.frames])
    assert supervisor.stayed and supervisor.frames and supervisor.answers
    assert REASON not in heard and _marks_in(heard) == []

    # The lock: now the watcher may read them.
    room.submit(rest[-1])
    supervisor.see("查看技术锁定结果")
    assert first.quiet and second.quiet and supervisor.quiet, (first.said, second.said, supervisor.said)


def _marks_in(text: str) -> list[str]:
    """Marks of ours that stand in a text as a number of their own, and not within a token of the page's."""
    return re.findall(r"(?<![A-Za-z0-9_.:-])(?:" + "|".join(map(re.escape, OURS)) + r")(?![A-Za-z0-9_.:-])", text)


def _desk(number: str, code: str) -> str:
    return f"/lots/{number}/evaluation/bids/{code}"


def _turn_to(seen: Seen, code: str) -> None:
    """Goes to another bid by its link, as soon as the last key is typed."""
    with seen.page.expect_navigation(url=f"**/bids/{code}"):
        seen.page.locator(".bidlist").get_by_text(code, exact=True).click()
    seen.page.locator('[name="scores.method"]').wait_for()


def _score(seen: Seen, code: str) -> None:
    """Fills one bid's sheet by digits and J; it saves itself, at the latest when one goes on to the next page."""
    keys = seen.page.keyboard
    seen.page.locator('[name="scores.method"]').click()
    keys.press("Control+A")
    keys.type(OURS[0])
    for mark in OURS[1:]:
        seen.page.locator(":focus").blur()
        keys.press("j")
        keys.type(mark)
    names = list(CRITERIA)
    assert [seen.page.locator(f'[name="scores.{name}"]').input_value() for name in names] == list(OURS), code
    until(lambda: seen.page.locator("[data-sheet-count]").inner_text().startswith("5"))


def _submitted(seen: Seen) -> int:
    """How many seats the watcher sees as done with the sheet."""
    return seen.page.locator("tr", has_text="专家").filter(has_text="已密封提交").count()
