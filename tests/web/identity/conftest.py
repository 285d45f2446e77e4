"""An application with identity's pages and API alone, in a demonstration or outside one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

import core.identity.web
import core.identity.web.texts
import core.web.texts
from core.identity.web.limits import limiter
from core.identity.web.sessions import viewer_of
from core.kernel import clock
from core.kernel.files import FileStore
from core.kernel.work import Door
from core.settings import Settings
from core.web import filters, guard, i18n, problems
from core.web.door import viewer
from core.web.platform import Platform
from tests.builders import people
from tests.builders.people import People

ROOT = Path(__file__).resolve().parents[3]


class Application(OpenAPI):
    """As in production: a template that names what its view lacks is a fault."""

    jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


def build(settings: Settings, door: Door) -> Application:
    """The application under these settings."""
    app = Application("app", root_path=str(ROOT / "app"), info=Info(title="test", version="1"), doc_ui=False, validation_error_status=422)
    app.validation_error_callback = problems.answer_input
    app.config.update(SECRET_KEY="x" * 32, WTF_CSRF_ENABLED=True, WTF_CSRF_SSL_STRICT=False, TESTING=False, RATELIMIT_ENABLED=True)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / name / "templates") for name in ("app", "core/identity")])
    app.extensions["gongheng"] = Platform(
        settings=settings,
        door=door,
        files=FileStore(settings.files_dir),
        viewer_of=partial(viewer_of, door),
        navigation=lambda who, *rest: (),
        sentences={**core.web.texts.SENTENCES, **core.identity.web.texts.SENTENCES},
        parts={"authority": people.authority()},
    )
    guard.install(app)
    CSRFProtect(app)
    limiter.init_app(app)
    limiter.reset()
    i18n.install(app, [ROOT / "app", ROOT / "core/identity"])
    filters.install(app)
    problems.install(app)
    app.context_processor(partial(_frame, settings))
    for blueprint in core.identity.web.BLUEPRINTS:
        register: Any = app.register_api if hasattr(blueprint, "register_api") else app.register_blueprint
        register(blueprint)
    return app


def _frame(settings: Settings) -> dict[str, object]:
    who = viewer()
    me = {"id": str(who.actor.person), "name": who.name, "org": who.org, "role": who.role} if who.actor.person else None
    return {"nav": (), "me": me, "now": clock.now(settings.clock_file), "demo": settings.demonstration}


@pytest.fixture
def app(settings: Settings, door: Door) -> Iterator[Application]:
    """The application of a demonstration."""
    built = build(settings, door)
    yield built
    limiter.reset()


@pytest.fixture
def world(door: Door) -> People:
    """The people of the test."""
    return people.people(door)


class Browser:
    """A client that carries its CSRF token as the pages' scripts do."""

    def __init__(self, app: Application) -> None:
        self.client = app.test_client()
        self.token = self.client.get("/api/v1/session").get_json()["csrf_token"]

    def send(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        """A call of the JSON API."""
        headers = {"X-CSRFToken": self.token} | options.pop("headers", {})
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers, **options)

    def get(self, path: str) -> Any:
        """Reads from the JSON API."""
        return self.send("GET", path)

    def post(self, path: str, body: object) -> Any:
        """Writes to the JSON API."""
        return self.send("POST", path, body)

    def page(self, path: str, **options: Any) -> Any:
        """A page."""
        return self.client.get(path, headers={"Accept": "text/html"}, **options)

    def submit(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> Any:
        """A plain form."""
        return self.client.post(path, data={"csrf_token": self.token} | (fields or {}), headers={"Accept": "text/html"}, **options)

    def log_in(self, login: str, password: str = people.PASSWORD, **more: Any) -> Any:
        """Logs in."""
        return self.post("/session", {"login": login, "password": password, **more})


@pytest.fixture
def browser(app: Application) -> Browser:
    """Somebody's browser, not logged in."""
    return Browser(app)
