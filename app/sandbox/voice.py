"""A voice gateway that rings nobody: it remembers each call, and posts the key that is pressed on request, signed as a real one would."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import click
import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.sandbox.carrier import Carrier, as_json
from app.sandbox.serving import Answer, serve, server
from app.sandbox.state import StateFolder
from core.kernel import clock, jcs
from core.kernel.jcs import JSON


class SandboxVoice(Carrier):
    """The calls that it was asked to make, in order."""

    name = "calls"
    members = frozenset({"id", "to", "text", "callback", "sent_at", "signature"})
    same = ("to",)
    faults = ("down", "unreachable")

    def __init__(self, state: StateFolder, key: str, clock_file: Path | None) -> None:
        super().__init__(state, key, clock_file)
        self._signer = Ed25519PrivateKey.from_private_bytes(state.once("signer", lambda: secrets.token_bytes(32)))

    @property
    def calls(self) -> list[dict[str, str]]:
        """Every call that it was asked to make."""
        return self.carried

    @property
    def signer(self) -> str:
        """The public key of its answers, in hex."""
        return self._signer.public_key().public_bytes_raw().hex()

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """`POST /v1/calls`; the sandbox's own controls under `/sandbox/`: calls, faults, and `press` with {call, digit}."""
        try:
            if path == "/sandbox/press" and method == "POST":
                return self._press(json.loads(body))  # outside the lock: the platform may ask us something meanwhile
            with self.one_at_a_time:
                if path.startswith("/sandbox/"):
                    return self.control(method, path, body)
                if self.strikes("down"):
                    return Answer(503)
                return self.take(json.loads(body)) if (method, path) == ("POST", "/v1/calls") else Answer(404)
        except (ValueError, TypeError, KeyError, AttributeError):
            return as_json({"error": "malformed"}, 400)

    def answer(self, call: str, digit: str) -> dict[str, JSON]:
        """The signed key of one call."""
        said: dict[str, JSON] = {"id": secrets.token_hex(16), "call": call, "digit": digit, "at": clock.text(clock.now(self.clock_file))}
        return said | {"signature": base64.b64encode(self._signer.sign(jcs.canonical(said))).decode()}

    def _press(self, asked: dict[str, Any]) -> Answer:
        """Posts a key to where the platform wanted it; answers with what the platform said."""
        call = next((one for one in self.calls if one["id"] == asked["call"]), None)
        if call is None:
            return as_json({"error": "no such call"}, 404)
        try:
            heard = httpx.post(call["callback"], json=self.answer(call["id"], str(asked["digit"])), timeout=10, trust_env=False)
        except httpx.HTTPError as failure:
            return as_json({"error": type(failure).__name__}, 502)
        return as_json({"status": heard.status_code})


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
