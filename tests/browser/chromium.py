"""Debian's Chromium as the browser tests start it, and pages that remember what their console said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

PATIENCE = 60_000  # ms that a page is waited for; the machine may have much else to do
EXECUTABLE = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def leave(browser: Browser) -> None:
    """Closes every page: what one has under way is cut as its reader goes, and not because its server went first."""
    for context in browser.contexts:
        context.close()


def open_page(browser: Browser, width: int = 1440, height: int = 900) -> tuple[Page, list[str]]:
    """A page of its own profile, and the list in which its errors and warnings gather."""
    context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": height}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: said.append(str(fault)))
    return page, said
