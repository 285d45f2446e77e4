"""A browser for the whole run, and the front end served alone with a page whose console must stay empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask_socketio import SocketIO
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium, leave, open_page
from tests.browser.front_app import State, serving

HARMLESS = (
    "pubKeyCredParams",  # Chromium would like RS256 beside ES256; we take only the one
    "ERR_SOCKET_NOT_CONNECTED",  # the little server closed a connection that was kept alive
    "ERR_CONNECTION_RESET",  # it was shut down while the page still loaded
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def state() -> State:
    """What the small application was told and will tell."""
    return State()


@pytest.fixture
def front(state: State, browser: Browser) -> Iterator[tuple[str, SocketIO]]:
    """Its address and its sockets; every page is closed before it goes."""
    with serving(state) as served:
        yield served
        leave(browser)


@pytest.fixture
def page(browser: Browser, front: tuple[str, SocketIO]) -> Iterator[Page]:
    """A page whose console must stay empty, closed before what serves it; for those that provoke refusals there is `open_page`."""
    opened, said = open_page(browser)
    yield opened
    opened.context.close()
    assert [line for line in said if not any(known in line for known in HARMLESS)] == []
