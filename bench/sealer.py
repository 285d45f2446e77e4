"""Sealing a large envelope in the browser: how long, and how much memory: `python -m bench.sealer [--gb 2]`. Not part of `python -m bench`.

Debian's Chromium, driven by Playwright, at a platform that runs as its own process on this machine: the page seals a file of that size in
its worker, uploads it and submits it. The memory is the largest of any of Chromium's renderer processes (the worker lives in one), read
from /proc five times a second: `footprint` as Chromium's task manager counts it (anonymous memory of its own and what is swapped out),
and `resident`, which adds the pages of the program and of files, shared with every other process. Both should stay under the goal.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.bidding import bidding
from core.kernel.roles import Role
from tests.browser.chromium import EXECUTABLE, FLAGS
from tests.browser.real import enrol_device, log_in
from tests.builders.people import Person
from tests.builders.served import ROOT, Served

KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
GOAL_MB = 400.0
LONG = 3_600_000  # ms


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest of each, in MB."""

    footprint: float = 0.0
    resident: float = 0.0

    def and_of(self, status: str) -> Peak:
        """With what a process's /proc/…/status says."""
        fields = (line.partition(":") for line in status.splitlines())
        held = {name: int(text.split()[0]) * 1024 / 1e6 for name, _, text in fields if text.endswith("kB")}
        own = held.get("RssAnon", 0.0) + held.get("VmSwap", 0.0)
        return Peak(max(self.footprint, own), max(self.resident, held.get("VmRSS", 0.0)))


class Memory:
    """Watches Chromium's renderers while the block runs."""

    def __init__(self) -> None:
        self._peak, self._over = Peak(), threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            for process in Path("/proc").glob("[0-9]*"):
                with suppress(OSError, IndexError, ValueError):
                    if b"--type=renderer" in (process / "cmdline").read_bytes() and self._is_ours(process):
                        self._peak = self._peak.and_of((process / "status").read_text())

    def take(self) -> Peak:
        """The peak since the last time this was asked."""
        peak, self._peak = self._peak, Peak()
        return peak

    @staticmethod
    def _is_ours(process: Path) -> bool:
        """Whether it descends from this very process: others may run browsers too."""
        while process.name not in ("0", "1"):
            if process.name == str(os.getpid()):
                return True
            process = Path("/proc") / (process / "stat").read_text().rpartition(")")[2].split()[1]
        return False


def main() -> None:
    """Seals one file, prints the figures, writes them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gb", type=float, default=2.0)
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    size = int(asked.gb * 1e9)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        server = Served(Path(folder) / "server")
        number, bidder = prepare_world(server)
        server.start()
        try:
            figures = {"bytes": size, **seal(server, number, bidder, large_file(Path(folder), size))}
        finally:
            server.kill()
    print(json.dumps(figures, indent=1))
    (KEPT / "sealer.json").write_text(json.dumps(figures, indent=1))


def prepare_world(server: Served) -> tuple[str, Person]:
    """A lot that takes bids, and somebody who bids."""
    with bidding(server) as world:
        return world.number, world.tender.crowd.join(Role.BIDDER, "华建工程集团有限公司", "周敏")


def large_file(folder: Path, size: int) -> Path:
    """A file of that size; what is in it does not matter to a cipher."""
    file = folder / "施工组织设计.pdf"
    with file.open("wb") as sink:
        sink.truncate(size)
    return file


def seal(server: Served, number: str, bidder: Person, file: Path) -> dict[str, Any]:
    """What a bidder does on the page; seconds and MB."""
    with sync_playwright() as play, Memory() as memory:
        # A profile on disk, as people have: a private window keeps its files in memory, and stops short of 2 GB.
        profile = play.chromium.launch_persistent_context(
            file.parent / "profile", executable_path=EXECUTABLE, args=list(FLAGS), locale="zh-CN"
        )
        page = profile.pages[0]
        page.set_default_timeout(LONG)
        log_in(page, server.url, bidder)
        enrol_device(page, server.url, bidder)
        page.goto(f"{server.url}/lots/{number}/bid")
        before = memory.take()
        fill_in(page, file)
        began = time.monotonic()
        page.get_by_role("button", name="加密并上传").click()
        page.get_by_text("已上传 ").first.wait_for()
        sealed, sealing = time.monotonic(), memory.take()
        page.get_by_role("button", name="签名递交并获取回执").and_(page.locator(":enabled")).click()
        uploaded = time.monotonic()
        page.get_by_role("button", name="签名并提交").click()
        page.get_by_text("第 1 版已经密封签收").wait_for()
        times = {"seal_s": sealed - began, "upload_s": uploaded - sealed}
        peaks = {"before": asdict(before), "sealing": asdict(sealing), "uploading": asdict(memory.take())}
        return {**times, "renderer_mb": peaks, "goal_mb": GOAL_MB}


def fill_in(page: Page, file: Path) -> None:
    """The file, the entries, the recovery key."""
    page.locator("[data-seal-files]").set_input_files(file)
    for item in page.locator("[data-seal-item]").all():
        item.fill("128450000" if item.get_attribute("data-seal-item") == "price" else "540 日历天")
    with page.expect_download():
        page.get_by_role("button", name="下载恢复密钥").click()


if __name__ == "__main__":
    main()
