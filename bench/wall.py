"""How fast a pause stops seven workstations, and a silent seat is red on the wall: `python -m bench.wall [--rounds N]`.

The whole platform in one process, SQLite, Debian's Chromium with a context for each seat and one for the wall, on one machine. A pause
is timed from the moment before the use case (its signature included) to the moment when the last of seven pages is covered; silence from
the moment when a page is shut, and its line with it, to the moment when its tile is red. The pages say when, by the machine's own clock.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Page, sync_playwright

import migrations
from core.settings import load
from tests.browser.chromium import EXECUTABLE, FLAGS
from tests.browser.people import until
from tests.browser.stage import Stage, staged
from tests.builders import supervising as does

COVERED = """() => {
  const look = () => { if (document.querySelector("[data-paused]")) window.at ??= Date.now(); };
  new MutationObserver(look).observe(document.body, { childList: true });
}"""
RED = """(seat) => {
  const tile = document.querySelector(`[data-wall-seat$="|${seat}"]`);
  window.at = null;
  const look = () => { if (tile.dataset.present === "away") window.at ??= Date.now(); };
  new MutationObserver(look).observe(tile, { attributes: true });
}"""


def main() -> None:
    """Prints the figures of each round, and the medians."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, sync_playwright() as play, pytest.MonkeyPatch.context() as patch:
        home = Path(folder)
        url = f"sqlite:///{home / 'gongheng.db'}"
        told = {"DEMONSTRATION": "yes", "DATA_DIR": folder, "DATABASE_URL": url, "CLOCK_FILE": str(home / "clock")}
        settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
        migrations.upgrade(url, "head")
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        with staged(browser, settings, home / "clock", home / "hall", patch) as stage:
            stage.opened()
            stage.room.fill_pool(11)
            stage.room.scoring()
            measure(stage, asked.rounds)
        browser.close()


def measure(stage: Stage, rounds: int) -> None:
    """Runs the rounds on one stage."""
    room = stage.room
    members, code = room.members, room.codes[0]
    pages = [stage.come(who, device=True).go(f"/lots/{room.number}/evaluation/bids/{code}").page for who in members]
    stopped = [pause(stage, pages) for _ in range(rounds)]
    print("pause to the last of seven workstations covered, ms:", *(f"{one:.0f}" for one in stopped), "median", f"{median(stopped):.0f}")
    wall = stage.come(room.tender.supervisor, device=True).go("/supervision").page
    silent = []
    for place in range(min(rounds, len(pages))):
        until(lambda place=place: wall.locator(f'[data-wall-seat$="|{place + 1}"]').get_attribute("data-present") == "here")
        wall.evaluate(RED, str(place + 1))
        began = time.time()
        pages[place].close()
        silent.append(until(lambda: wall.evaluate("window.at")) - 1_000 * began)
    print("page shut to red on the wall, ms:", *(f"{one:.0f}" for one in silent), "median", f"{median(silent):.0f}")


def pause(stage: Stage, pages: list[Page]) -> float:
    """One pause, and the room goes on; returns milliseconds."""
    for page in pages:
        page.locator("[data-live-stops]").first.wait_for(state="attached")
        until(lambda page=page: page.locator("[data-line].ok").count())
        page.evaluate(COVERED)
    began = time.time()
    act = does.issue(stage.room, "pause", "centre")
    took = max(until(lambda page=page: page.evaluate("window.at")) for page in pages) - 1_000 * began
    does.resume(stage.room, act)
    for page in pages:
        until(lambda page=page: page.locator("[data-paused]").count() == 0)
    return float(took)


if __name__ == "__main__":
    main()
