"""An SMS gateway that sends nothing and remembers everything: signed JSON over HTTP, each id taken once, faults on request."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.sandbox.carrier import Carrier, as_json
from app.sandbox.serving import Answer, serve, server
from app.sandbox.state import StateFolder
from core.identity.gateway.channels import LONGEST_SMS


class SandboxSms(Carrier):
    """What it has received, in order."""

    name = "messages"
    members = frozenset({"id", "to", "text", "sent_at", "signature"})
    same = ("to", "text")
    faults = ("down", "unknown_number")

    @property
    def messages(self) -> list[dict[str, str]]:
        """Everything that it has received."""
        return self.carried

    def fits(self, said: dict[str, str]) -> bool:
        """A number that is one, and a text that is not too long."""
        return super().fits(said) and 0 < len(said["text"]) <= LONGEST_SMS

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """`POST /v1/messages`, `GET /v1/health`; the sandbox's own controls under `/sandbox/`."""
        with self.one_at_a_time:
            try:
                if path.startswith("/sandbox/"):
                    return self.control(method, path, body)
                if self.strikes("down"):
                    return Answer(503)
                if (method, path) == ("GET", "/v1/health"):
                    return as_json({"ok": True})
                return self.take(json.loads(body)) if (method, path) == ("POST", "/v1/messages") else Answer(404)
            except (ValueError, TypeError, KeyError, AttributeError):
                return as_json({"error": "malformed"}, 400)


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
