"""The whole application behind the test's own door, listening on a free port, and people who log in to it in a real browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.browser.front_app import Silent
from tests.builders.people import Person


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
    return port


@contextmanager
def listening(app: Any, port: int) -> Iterator[None]:
    """A WSGI application at `http://localhost:<port>`, each request in a thread."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)


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
