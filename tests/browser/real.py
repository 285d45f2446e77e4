"""The whole application behind the test's own door, listening on a free port, and people who log in to it in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.demo.stage import kept_port
from core.settings import Settings
from tests.browser.chromium import leave
from tests.browser.front_app import Silent
from tests.browser.people import until
from tests.builders.people import Person

PATIENCE = 120.0  # s that an upload is waited for


@contextmanager
def at_home(settings: Settings) -> Iterator[Settings]:
    """The same settings at a port that is kept for as long as they are used."""
    with kept_port() as place:
        port = place.getsockname()[1]
        yield replace(settings, port=port, origin=f"http://localhost:{port}", rp_id="localhost")


@contextmanager
def listening(app: Any, port: int, browser: Browser) -> Iterator[None]:
    """A WSGI application at `http://localhost:<port>`, each request in a thread; its pages are closed before it goes."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        leave(browser)
        server.shutdown()
        thread.join(5)


class Held:
    """A line that takes no further part of an upload from a certain byte on, until it is let go."""

    def __init__(self, app: Any, after: int) -> None:
        self.inner, self.after = app.wsgi_app, after
        self.reached, self.free = threading.Event(), threading.Event()
        app.wsgi_app = self

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PATCH" and int(environ.get("HTTP_UPLOAD_OFFSET") or 0) >= self.after:
            self.reached.set()
            self.free.wait(PATIENCE)
        return self.inner(environ, start_response)

    def hold(self, after: int) -> None:
        """From now on it is held at that byte."""
        self.after = after
        self.reached.clear()
        self.free.clear()

    def breaks(self, page: Page) -> None:
        """Waits until so much has come, breaks the line, and returns when the page has noticed."""
        until(self.reached.is_set, PATIENCE)
        page.context.set_offline(True)
        self.free.set()
        page.locator("#netline").get_by_text("中断").wait_for()


def log_in(page: Page, url: str, person: Person) -> None:
    """Logs somebody in by the page."""
    page.goto(f"{url}/login")
    page.locator("[name=login]").fill(person.login)
    page.locator("[name=password]").fill(person.password)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda address: "/login" not in address)


def enrol_device(page: Page, url: str, person: Person) -> None:
    """Makes and certifies a device key as a person does."""
    page.goto(f"{url}/me/devices")
    page.get_by_role("button", name="登记本机").click()
    page.get_by_label("登录密码").fill(person.password)
    page.get_by_role("button", name="签名并提交").click()
    page.get_by_text("本机已登记，可以签名了").wait_for()


def fill_bid(page: Page, technical: Path) -> None:
    """A bid of two envelopes on its page, the technical one with this file, its entries filled in and its recovery key saved."""
    desk = page.locator("[data-seal]")
    desk.locator('[data-envelope="technical"] [data-seal-files]').set_input_files(technical)
    small = {"name": "工程量清单.xlsx", "mimeType": "application/zip", "buffer": b"PK" * 500}
    desk.locator('[data-envelope="commercial"] [data-seal-files]').set_input_files(small)  # type: ignore[arg-type]
    for item in desk.locator("[data-seal-item]").all():
        item.fill("128450000" if item.get_attribute("data-seal-item") == "price" else "540 日历天")
    with page.expect_download():
        desk.get_by_role("button", name="下载恢复密钥").click()
