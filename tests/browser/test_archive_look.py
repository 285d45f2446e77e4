"""The archive in a browser: every step's page in both sizes and languages, and a case that an archivist takes from the form to the list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged
from tests.builders.archives import AS_HANDED_IN
from tests.builders.orders import terminate
from tests.builders.whole import DOCUMENT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "archive"
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch, document=DOCUMENT) as made:
        yield made


def look(seen: Seen, name: str, path: str) -> list[object]:
    """A page in all its forms; returns what is wrong with it."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    wrong: list[object] = []
    for width, height in SIZES:
        seen.page.set_viewport_size({"width": width, "height": height})
        for lang in ("en", "zh"):
            seen.said.clear()
            answer = seen.page.goto(f"{seen.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            seen.page.screenshot(path=SHOTS / f"{name}-{width}-{lang}.png", full_page=True)
            if answer is None or answer.status != 200 or not seen.quiet:
                wrong.append((name, width, lang, answer and answer.status, list(seen.said)))
            if seen.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append((name, width, lang, "scrolls sideways"))
    seen.page.set_viewport_size({"width": 1440, "height": 900})
    return wrong + [(name, finding) for finding in serious_findings(seen.page)]


def test_an_archivist_takes_a_case_from_the_form_to_the_list_and_the_supervisor_holds_it(stage: Stage) -> None:
    people = stage.tender
    terminate(people)
    stage.whole.deliver()
    stage.whole.close()
    place = f"/archives/{people.case}"
    centre, supervisor = stage.come(people.centre, device=True), stage.come(people.supervisor, device=True)
    wrong = look(centre, "1-waiting", "/archives") + look(centre, "2-describe", place)
    _make(centre, place, "")
    wrong += look(centre, "3-fails", place)
    _make(centre, place, AS_HANDED_IN)
    wrong += look(centre, "4-ready", place)
    centre.page.goto(f"{centre.url}{place}")
    centre.sign("签署归档")
    until(lambda: centre.page.get_by_text("封存记录").count() > 0)
    wrong += look(supervisor, "5-filed", place)
    supervisor.page.goto(f"{supervisor.url}{place}")
    supervisor.page.locator("#f-document").fill("临建监〔2027〕3号")
    supervisor.page.locator("#f-reason").fill("投诉处理期间封存。")
    supervisor.sign("签署封存")
    until(lambda: supervisor.page.get_by_text("本案卷封存中").count() > 0)
    wrong += look(supervisor, "6-held", place) + look(supervisor, "7-list", "/archives") + look(supervisor, "8-nothing", "/archives?q=别的")
    supervisor.page.goto(f"{supervisor.url}{place}")
    supervisor.page.get_by_role("link", name="解除", exact=True).click()
    supervisor.page.locator("#lift").wait_for()
    supervisor.page.locator("#f-document").fill("临建监〔2027〕9号")
    supervisor.page.locator("#f-reason").fill("投诉已处理。")
    supervisor.sign("签署解除封存")
    until(lambda: supervisor.page.get_by_text("已解除").count() > 0)
    centre.page.goto(f"{centre.url}{place}")
    centre.page.emulate_media(media="print")
    until(lambda: not centre.page.locator(".topbar").is_visible() and not centre.page.locator("form").first.is_visible())
    centre.page.screenshot(path=SHOTS / "9-print.png", full_page=True)
    assert wrong == []


def _make(seen: Seen, place: str, reason: str) -> None:
    """Fills in the form and has the package made; a stage has no witnesses, so the log has to have it all by itself."""
    seen.page.goto(f"{seen.url}{place}?lang=zh")
    seen.page.locator("#f-fonds").fill("J123")
    if reason:
        seen.page.locator("[name='reason.documents_open']").fill(reason)
    with seen.page.expect_navigation():
        seen.page.locator("#describe form button").click()
    until(lambda: seen.page.locator("#checks").count() > 0)
