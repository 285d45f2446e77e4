"""A browser's worth of client for trading's tests: the whole application on the test's own door, and people who log in to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.factory import Application, create_app
from core.identity.services.acts import SignedRequest
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import Person


def application(settings: Settings, door: Door) -> Application:
    """The application without its form token, which has tests of its own."""
    app = create_app(settings, door)
    app.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    return app


@dataclass
class Browser:
    """A client; `person` is who has logged in, None for the public."""

    client: FlaskClient
    person: Person | None = None

    def get(self, address: str, **more: Any) -> TestResponse:
        """A page or an API answer."""
        return self.client.get(address, **more)

    def page(self, address: str) -> str:
        """A page that must be there."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:2000])
        return answer.text

    def post(self, address: str, json: Any = None, **more: Any) -> TestResponse:
        """Posts JSON, or a form given as `data`."""
        return self.client.post(address, json=json, **more)

    def act(self, address: str, request: SignedRequest, password: str = "") -> TestResponse:
        """Posts a signed act."""
        body: dict[str, Any] = {"envelope": request.envelope.to_json()}
        return self.client.post(address, json=body | ({"password": password} if password else {}))


def browser(app: Application, person: Person | None = None) -> Browser:
    """A client of this person, logged in; or the public's."""
    client = app.test_client()
    if person is not None:
        answer = client.post("/api/v1/session", json={"login": person.login, "password": person.password})
        assert answer.status_code == 200, answer.text
    return Browser(client, person)
