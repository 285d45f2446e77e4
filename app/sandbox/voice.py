"""A voice gateway that rings nobody: it remembers each call, and posts the key that is pressed on request, signed as a real one would."""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import click
import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.sandbox.serving import Answer, serve, server
from app.sandbox.state import StateFolder
from core.identity.gateway.channels import signature
from core.kernel import clock, jcs
from core.kernel.jcs import JSON

MEMBERS = frozenset({"id", "to", "text", "callback", "sent_at", "signature"})
FRESH = timedelta(minutes=5)
FAULTS = ("down", "unreachable")
_NUMBER = re.compile(r"1[3-9][0-9]{9}")


class SandboxVoice:
    """The calls that it was asked to make, in order, kept in one file."""

    def __init__(self, state: StateFolder, key: str, clock_file: Path | None) -> None:
        self._state, self._clock_file, self._one_at_a_time = state, clock_file, Lock()
        self.key = key or state.once("key", lambda: secrets.token_hex(16).encode()).decode()
        self._signer = Ed25519PrivateKey.from_private_bytes(state.once("signer", lambda: secrets.token_bytes(32)))
        self.calls: list[dict[str, str]] = json.loads(state.read("calls.json") or b"[]")
        self._faults = dict.fromkeys(FAULTS, 0)

    @property
    def signer(self) -> str:
        """The public key of its answers, in hex."""
        return self._signer.public_key().public_bytes_raw().hex()

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """`POST /v1/calls`; the sandbox's own controls under `/sandbox/`: calls, faults, and `press` with {call, digit}."""
        try:
            if path == "/sandbox/press" and method == "POST":
                return self._press(json.loads(body))  # outside the lock: the platform may ask us something meanwhile
            with self._one_at_a_time:
                if path.startswith("/sandbox/"):
                    return self._control(method, path, body)
                if self._use("down"):
                    return Answer(503)
                return self._take(json.loads(body)) if (method, path) == ("POST", "/v1/calls") else Answer(404)
        except (ValueError, TypeError, KeyError, AttributeError):
            return _json({"error": "malformed"}, 400)

    def _take(self, said: dict[str, Any]) -> Answer:
        """401 for a wrong signature or an old time, 422 for a number that cannot be reached, 409 for a known id with other words."""
        if set(said) != MEMBERS or not all(isinstance(member, str) for member in said.values()):
            return _json({"error": "malformed"}, 400)
        signed = said.pop("signature")
        if not hmac.compare_digest(signed, signature(self.key, said)):
            return _json({"error": "signature"}, 401)
        known = next((one for one in self.calls if one["id"] == said["id"]), None)
        if known is not None:
            return _json({"id": said["id"]}) if known["to"] == said["to"] else _json({"error": "id"}, 409)
        if abs(clock.moment(said["sent_at"]) - clock.now(self._clock_file)) > FRESH:
            return _json({"error": "sent_at"}, 401)
        if self._use("unreachable") or not _NUMBER.fullmatch(said["to"]):
            return _json({"error": "to"}, 422)
        self.calls.append(dict(said))
        self._state.write("calls.json", json.dumps(self.calls, ensure_ascii=False).encode())
        return _json({"id": said["id"]}, 201)

    def answer(self, call: str, digit: str) -> dict[str, JSON]:
        """The signed key of one call."""
        said: dict[str, JSON] = {"id": secrets.token_hex(16), "call": call, "digit": digit, "at": clock.text(clock.now(self._clock_file))}
        return said | {"signature": base64.b64encode(self._signer.sign(jcs.canonical(said))).decode()}

    def _press(self, asked: dict[str, Any]) -> Answer:
        """Posts a key to where the platform wanted it; answers with what the platform said."""
        call = next((one for one in self.calls if one["id"] == asked["call"]), None)
        if call is None:
            return _json({"error": "no such call"}, 404)
        try:
            heard = httpx.post(call["callback"], json=self.answer(call["id"], str(asked["digit"])), timeout=10, trust_env=False)
        except httpx.HTTPError as failure:
            return _json({"error": type(failure).__name__}, 502)
        return _json({"status": heard.status_code})

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        if (method, path) == ("GET", "/sandbox/calls"):
            return _json({"calls": self.calls})
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


@click.command("sandbox-voice")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of the calls and of its key.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--key", default="", envvar="GONGHENG_VOICE_KEY", help="The key shared with the caller; made once where none is given.")
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
def sandbox_voice(state: Path, *, port: int, host: str, key: str, clock_file: Path | None) -> None:
    """Runs a voice gateway that rings nobody; prints one JSON line with its URL, key and signer. POST /sandbox/press answers a call."""
    gateway = SandboxVoice(StateFolder(state), key, clock_file)
    serve(server(host, port, gateway.handle), {"key": gateway.key, "signer": gateway.signer})
