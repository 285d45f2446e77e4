"""A person's own connection to the platform: logged in, patient with a server that is away for a moment, exact about refusals."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

PATIENCE = 90.0  # how long a server may be away
PAUSE = 0.15
AWAY = frozenset({502, 503, 504})


class Refused(Exception):
    """The platform said no; `problem` is what it said (RFC 9457)."""

    def __init__(self, status: int, problem: Mapping[str, Any], where: str) -> None:
        super().__init__(f"{where}: {status} {problem.get('code', '')} {problem.get('detail') or problem.get('title') or ''} {problem}")
        self.status, self.problem = status, problem

    @property
    def code(self) -> str:
        """The stable code."""
        return str(self.problem.get("code", ""))


class Client:
    """One cookie jar, one CSRF token."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.http = httpx.Client(base_url=origin, timeout=120, verify=False, trust_env=False)  # noqa: S501 - http to this machine alone
        self.csrf = ""

    def log_in(self, login: str, password: str) -> dict[str, Any]:
        """Opens a session; returns what the platform says of it."""
        self.csrf = self.get("/api/v1/session")["csrf_token"]
        said: dict[str, Any] = self.send("POST", "/api/v1/session", {"login": login, "password": password})
        self.csrf = said["csrf_token"]
        return said

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of an address; raises Refused."""
        return self._answer(self.request("GET", path, params=query or None), path)

    def send(self, verb: str, path: str, body: Mapping[str, Any]) -> Any:
        """Sends JSON; the same bytes again while nothing answers. Returns the answer's JSON; raises Refused."""
        return self._answer(self.request(verb, path, json=dict(body), headers={"X-CSRFToken": self.csrf}), path)

    def request(self, verb: str, path: str, **how: Any) -> httpx.Response:
        """One exchange, tried again while the server is away."""
        return patiently(lambda: self.http.request(verb, path, **how))

    @property
    def cookies(self) -> str:
        """The cookie header, for the live connection."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)

    @staticmethod
    def _answer(response: httpx.Response, where: str) -> Any:
        if response.is_success:
            return response.json() if response.content else {}
        try:
            problem = response.json()
        except ValueError:
            problem = {"title": response.text[:300]}
        raise Refused(response.status_code, problem, where)


def patiently(once: Callable[[], httpx.Response], patience: float = PATIENCE) -> httpx.Response:
    """The first answer of a server that may be away for a while; raises the last failure when it stays away."""
    until = time.monotonic() + patience
    while True:
        try:
            response = once()
        except (httpx.TransportError, ConnectionError):
            if time.monotonic() > until:
                raise
        else:
            if response.status_code not in AWAY or time.monotonic() > until:
                return response
        time.sleep(PAUSE)


def wait_for(look: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true answer of `look`; raises TimeoutError naming what was waited for."""
    until = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(PAUSE)
    return found
