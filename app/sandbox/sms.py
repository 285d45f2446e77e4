"""An SMS gateway that sends nothing and remembers everything: signed JSON over HTTP, each id taken once, faults on request."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import click

from app.sandbox.serving import Answer, serve, server
from app.sandbox.state import StateFolder
from core.identity.gateway.channels import LONGEST_SMS, signature
from core.kernel import clock

MEMBERS = frozenset({"id", "to", "text", "sent_at", "signature"})
FRESH = timedelta(minutes=5)  # how far a message's time may lie from ours; an older one may have been caught and sent again
FAULTS = ("down", "unknown_number")
_NUMBER = re.compile(r"1[3-9][0-9]{9}")


class SandboxSms:
    """What it has received, in order, kept in one file."""

    def __init__(self, state: StateFolder, key: str, clock_file: Path | None) -> None:
        self._state, self._clock_file, self._one_at_a_time = state, clock_file, Lock()
        self.key = key or state.once("key", lambda: secrets.token_hex(16).encode()).decode()
        self.messages: list[dict[str, str]] = json.loads(state.read("messages.json") or b"[]")
        self._faults = dict.fromkeys(FAULTS, 0)

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """`POST /v1/messages`, `GET /v1/health`; the sandbox's own controls under `/sandbox/`."""
        with self._one_at_a_time:
            try:
                if path.startswith("/sandbox/"):
                    return self._control(method, path, body)
                if self._use("down"):
                    return Answer(503)
                if (method, path) == ("GET", "/v1/health"):
                    return _json({"ok": True})
                return self._take(json.loads(body)) if (method, path) == ("POST", "/v1/messages") else Answer(404)
            except (ValueError, TypeError, KeyError, AttributeError):
                return _json({"error": "malformed"}, 400)

    def _take(self, said: dict[str, Any]) -> Answer:
        """401 for a wrong signature or an old time, 422 for a number that is none, 409 for a known id with other words."""
        if set(said) != MEMBERS or not all(isinstance(member, str) for member in said.values()):
            return _json({"error": "malformed"}, 400)
        signed = said.pop("signature")
        if not hmac.compare_digest(signed, signature(self.key, said)):
            return _json({"error": "signature"}, 401)
        known = next((one for one in self.messages if one["id"] == said["id"]), None)
        if known is not None:
            same = (known["to"], known["text"]) == (said["to"], said["text"])
            return _json({"id": said["id"]}) if same else _json({"error": "id"}, 409)
        if abs(clock.moment(said["sent_at"]) - clock.now(self._clock_file)) > FRESH:
            return _json({"error": "sent_at"}, 401)
        if self._use("unknown_number") or not _NUMBER.fullmatch(said["to"]) or not 0 < len(said["text"]) <= LONGEST_SMS:
            return _json({"error": "to"}, 422)
        self.messages.append(dict(said))
        self._state.write("messages.json", json.dumps(self.messages, ensure_ascii=False).encode())
        return _json({"id": said["id"]}, 201)

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        if (method, path) == ("GET", "/sandbox/messages"):
            return _json({"messages": self.messages})
        if (method, path) == ("POST", "/sandbox/faults"):
            asked: dict[str, Any] = json.loads(body)
            if unknown := sorted(set(asked) - set(FAULTS)):
                return _json({"error": f"no such fault: {unknown[0]}"}, 400)
            self._faults |= {name: int(left) for name, left in asked.items()}
            return _json(self._faults)
        return Answer(404)

    def _use(self, fault: str) -> bool:
        """Whether the fault strikes now; each striking takes one off what was asked for."""
        left = self._faults[fault]
        self._faults[fault] = max(0, left - 1)
        return left > 0


def _json(facts: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(facts, ensure_ascii=False).encode(), "application/json")


@click.command("sandbox-sms")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of what it received.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--key", default="", envvar="GONGHENG_SMS_KEY", help="The key that sender and gateway share; made once where none is given.")
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
def sandbox_sms(state: Path, *, port: int, host: str, key: str, clock_file: Path | None) -> None:
    """Runs an SMS gateway that sends nothing; prints one JSON line with its URL and key. GET /sandbox/messages lists what it received."""
    gateway = SandboxSms(StateFolder(state), key, clock_file)
    serve(server(host, port, gateway.handle), {"key": gateway.key})
