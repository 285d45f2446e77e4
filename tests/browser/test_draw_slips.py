"""A party commits on the page: what the browser deals of its slip is opened by two offices, and is what was committed to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel import chain
from core.kernel.signing import read_statement
from core.kernel.slips import Place, combine, open_box, read_shares
from core.settings import Settings
from tests.browser.stage import Stage, staged


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def test_what_the_browser_deals_two_offices_open(stage: Stage) -> None:
    room = stage.opened().room
    room.fill_pool(11)
    room.requested()
    seen = stage.come(room.tender.tenderer, device=True).go(f"/lots/{room.number}/draw")
    seen.sign(seen.page.locator("[data-slip-do=commit]"))
    [event] = room.tender.door.read(lambda session: chain.find(session, room.case, "draw.commit", room.draw))
    said = read_statement(event.envelope.payload).body
    place, officers = Place(room.case, room.draw, "tenderer"), stage.hall.officers
    held = {share.role: open_box(share, officers[share.role].identity, place) for share in read_shares(said["shares"])}
    for missing in held:
        two = {role: share for role, share in held.items() if role != missing}
        assert len(combine(place, two, str(said["commit"]))) == 32
    assert seen.quiet
