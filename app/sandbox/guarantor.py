"""A guarantor that speaks JSON over HTTP: its protocol and signatures are real, its standing is not. It breaks on request."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import click

from app.sandbox.guarantor_books import FAULTS, GuarantorBooks
from app.sandbox.guarantor_claims import GuarantorClaims
from app.sandbox.serving import NO_ANSWER, Answer, serve, server
from core.kernel import certificates, clock
from core.kernel.errors import Refusal
from core.kernel.jcs import JSON, canonical, parse_object
from core.kernel.money import Money
from deposits.domain.claim_messages import ClaimOrder
from deposits.domain.guarantee_messages import MEDIA, Application

_ONE = re.compile(r"/v1/applications/([0-9a-f-]{36})(?:/(premium|extension|key|end|claims))?")
_CLAIM = re.compile(r"/v1/applications/([0-9a-f-]{36})/claims/([0-9a-f]{64})")
_LETTER = re.compile(r"/sandbox/letters/([0-9a-f-]{36})(/key)?")


class SandboxGuarantor:
    """One request at a time."""

    def __init__(self, state: Path, name: str, clock_file: Path | None) -> None:
        self.books = GuarantorBooks(state, name)
        self.claims = GuarantorClaims(self.books)
        self._clock_file, self._one_at_a_time = clock_file, Lock()

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """The interface under `/v1/`, with the faults that were asked for; its root at `/root.pem`; its controls under `/sandbox/`."""
        where = urlsplit(path).path
        is_control = where.startswith("/sandbox/") or where == "/root.pem"
        with self._one_at_a_time:
            delay = 0 if is_control else self.books.fault("delay_ms")
            try:
                answer = self._control(method, where, body) if is_control else self._interface(method, where, body)
            except PermissionError:
                answer = _json({"error": "not before the opening"}, 403)
            except KeyError as missing:
                answer = _json({"error": f"not here: {missing}"}, 404)
            except (Refusal, ValueError, TypeError) as fault:
                answer = _json({"error": str(fault)}, 400)
        time.sleep(delay / 1000)
        return answer

    def _interface(self, method: str, path: str, body: bytes) -> Answer:
        if self.books.use_fault("down"):
            return Answer(503)
        said: dict[str, Any] = parse_object(body, strict=False) if method == "POST" else {}
        answer = self._answer(method, path, said)
        return NO_ANSWER if answer.status == 200 and self.books.use_fault("lose_answers") else answer

    def _answer(self, method: str, path: str, said: dict[str, Any]) -> Answer:
        if (method, path) == ("POST", "/v1/applications"):
            return _json(self.books.apply(Application.read(said)).to_json())
        if (claim := _CLAIM.fullmatch(path)) is not None and method == "GET":
            return _json(self.claims.ask(claim.group(1), claim.group(2), self._now()).to_json())
        found = _ONE.fullmatch(path)
        if found is None or (method == "GET") != (found.group(2) is None):
            return Answer(404)
        return _json(self._about(found.group(1), found.group(2), said))

    def _about(self, key: str, step: str | None, said: dict[str, Any]) -> dict[str, JSON]:
        if step is None:
            return self.books.ask(key).to_json()
        if step == "premium":
            return self.books.pay(key, Money.yuan(str(said["premium"])), self._now()).to_json()
        if step == "extension":
            valid_to, opening_at = (clock.moment(str(said[name])) for name in ("termEndDate", "tenderDocEndDate"))
            return self.books.extend(key, valid_to, opening_at, self._now()).to_json()
        if step == "key":
            return {"identity": self.books.key(key, self._now())}
        if step == "claims":
            return self.claims.take(key, ClaimOrder.read(said), self._now()).to_json()
        return self.books.end(key).to_json()

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        if (method, path) == ("GET", "/root.pem"):
            return Answer(200, certificates.to_pem(self.books.seal.root).encode(), "application/x-pem-file")
        if (method, path) == ("POST", "/sandbox/faults"):
            asked: dict[str, Any] = json.loads(body or b"{}")
            if unknown := sorted(set(asked) - set(FAULTS)):
                raise ValueError(f"no such fault: {unknown[0]}")
            for name, left in asked.items():
                self.books.set_fault(name, int(left))
            return _json({name: self.books.fault(name) for name in FAULTS})
        found = _LETTER.fullmatch(path)
        if found is None or method != "GET":
            return Answer(404)
        if found.group(2):
            return Answer(200, self.books.customers_key(found.group(1)).encode())
        letter = self.books.letter(found.group(1))
        return Answer(404) if letter is None else Answer(200, letter, "application/pdf")

    def _now(self) -> datetime:
        now = clock.now(self._clock_file)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _json(said: dict[str, JSON], status: int = 200) -> Answer:
    return Answer(status, canonical(said), MEDIA)


@click.command("sandbox-guarantor")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of its keys, certificates and applications.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--name", default="临江融资担保有限公司", show_default=True, help="As whom it signs.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
def sandbox_guarantor(state: Path, *, port: int, name: str, host: str, clock_file: Path | None) -> None:
    """Runs a guarantor; prints one JSON line with its URL, its name and the SHA-256 of its root certificate."""
    guarantor = SandboxGuarantor(state, name, clock_file)
    root = certificates.fingerprint(guarantor.books.seal.root)
    serve(server(host, port, guarantor.handle), {"name": name, "root": root})
