"""The whole application around one lot's evaluation, and a client for each of its people."""

from __future__ import annotations

from typing import Any

from core.identity.web.limits import limiter
from core.kernel.dsse import Envelope
from tests.builders.evaluation import Room
from tests.builders.people import PASSWORD, Person
from tests.builders.supervising import say_purpose


class Client:
    """Somebody's browser: logged in, carrying its CSRF token."""

    def __init__(self, app: Any, who: Person | None = None) -> None:
        limiter.reset()
        self.who = who
        self.client = app.test_client()
        self.token = self.client.get("/api/v1/session").get_json()["csrf_token"]
        if who is not None:
            answer = self.send("POST", "/session", {"login": who.login, "password": PASSWORD})
            assert answer.status_code == 200, answer.get_data(as_text=True)
            self.token = self.client.get("/api/v1/session").get_json()["csrf_token"]

    def send(self, method: str, path: str, body: object = None) -> Any:
        """A call of the JSON API."""
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers={"X-CSRFToken": self.token})

    def get(self, path: str) -> Any:
        """Reads the JSON API."""
        answer = self.send("GET", path)
        if answer.status_code == 403 and answer.get_json().get("code") == "view.purpose_needed":
            self.begin_view(path)
            answer = self.send("GET", path)
        return answer

    def page(self, path: str, lang: str = "zh") -> Any:
        """A page, in Chinese."""
        headers = {"Accept": "text/html", "Accept-Language": lang}
        answer = self.client.get(path, headers=headers)
        if answer.status_code == 303 and "/supervision/purpose" in answer.headers["Location"]:
            self.begin_view(path)
            answer = self.client.get(path, headers=headers)
        return answer

    def begin_view(self, path: str) -> None:
        """A supervisor says for what they look, as they are asked before the first page of a session."""
        assert self.who is not None
        say_purpose(self.who, path)

    def submit(self, path: str, fields: dict[str, Any]) -> Any:
        """A plain form."""
        return self.client.post(path, data={"csrf_token": self.token} | fields, headers={"Accept": "text/html"})

    def sign(
        self, who: Person, room: Room, path: str, kind: str, body: dict[str, Any], *, step_up: bool = False, round_number: int = 0
    ) -> Any:
        """A signed act posted as the pages' scripts do, by device key and password where step-up is asked."""
        make = who.act_with_password if step_up else who.act
        request = make(kind, room.case, room.tender.no, round_number, body)
        posted: dict[str, Any] = {"envelope": envelope_json(request.envelope)}
        return self.send("POST", path, posted | ({"password": PASSWORD} if step_up else {}))


def envelope_json(envelope: Envelope) -> dict[str, Any]:
    """The wire form."""
    return dict(envelope.to_json())
