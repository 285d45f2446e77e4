"""A person of the cast: their connection, their keys, and the acts that they sign with them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from app.demo.client import AWAY, Client, Refused, wait_for
from core.kernel import age, clock, signing
from core.kernel.dsse import read_envelope
from core.kernel.encoding import b64
from core.kernel.signing import NOTHING_SEEN, Seen, Signer, SoftwareAuthenticator, SoftwareP256Signer
from core.kernel.webauthn import RelyingParty

STALE_TRIES = 5
NOT_YET = AWAY | {202, 404, 409}


@dataclass(frozen=True)
class Part:
    """Who an actor is and where the stage stands; all of it is told before the curtain rises."""

    login: str
    name: str
    role: str
    password: str
    origin: str
    folder: Path
    policy: Path
    clock_file: Path
    office: str = ""
    authenticator: bool = True


class Person:
    """What anybody can do."""

    def __init__(self, part: Part) -> None:
        self.part, self.client = part, Client(part.origin)
        part.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.device = SoftwareP256Signer.generate()
        self.authenticator = SoftwareAuthenticator.generate(RelyingParty("localhost", part.origin))
        self.identity = age.new_identity()
        self.id = self.org = ""
        self.acknowledged: list[tuple[str, dict[str, Any], Any]] = []

    # Joining

    def arrive(self) -> dict[str, str]:
        """Logs in and has the keys certified; returns the ids of person and organisation."""
        said = self.client.log_in(self.part.login, self.part.password)
        self.id, self.org = said["person"]["id"], (said["org"] or {}).get("id", "")
        self.enrol()
        return {"person": self.id, "org": self.org}

    def enrol(self) -> None:
        """Has the device's key certified, and the authenticator's where there is one."""
        self._enrol("device", self.device, self.identity.recipient)
        if self.part.authenticator:
            self._enrol_authenticator()

    def now(self) -> datetime:
        """The platform's time, as every process on this machine sees it."""
        return clock.now(self.part.clock_file)

    def _enrol(self, purpose: str, signer: Signer, recipient: str, **extra: Any) -> None:
        context = self.client.get("/api/v1/acts/context", case="PLATFORM")
        body = {"purpose": purpose, "spki": b64(signer.key.spki), "recipient": recipient, "label": "演示设备"}
        step_up = "webauthn" if purpose == "step-up" else ""
        payload = self._statement(context, signer, "device.enrol", "PLATFORM", "", 0, body, step_up=step_up, prev="")
        envelope = signing.sign(payload, signer).to_json()
        self.client.send("POST", "/api/v1/me/keys", {"envelope": envelope, "password": self.part.password} | extra)

    def _enrol_authenticator(self) -> None:
        options = self.client.send("POST", "/api/v1/me/webauthn/options", {})
        challenge = _unb64url(options["challenge"])
        self._enrol("step-up", self.authenticator, "", registration=self.authenticator.create(challenge))

    # Acts

    def act(  # in the order of an act's own fields
        self,
        path: str,
        kind: str,
        case: str,
        lot: str = "",
        body: Mapping[str, Any] | None = None,
        *,
        round: int = 0,  # noqa: A002 - the member's name in the payload
        step_up: bool = False,
        **extra: Any,
    ) -> Any:
        """Signs a statement and hands it in at `path`; signs anew where somebody else's act, or one's own of another page, came between."""
        for _ in range(STALE_TRIES):
            envelope, password = self.signed(kind, case, lot, body or {}, round=round, step_up=step_up)
            body_sent = {"envelope": envelope} | password | extra
            try:
                answer = self.client.send("POST", path, body_sent)
            except Refused as refusal:
                if refusal.code != "act.prev":
                    raise
            else:
                self.acknowledged.append((path, body_sent, answer))
                return answer
        raise TimeoutError(f"{kind}: stale {STALE_TRIES} times")

    def repeat(self) -> int:
        """Sends everything acknowledged once more, byte for byte: the answers must be the same. Returns how many there were."""
        for path, body, answer in self.acknowledged:
            again = self.client.send("POST", path, body)
            if again != answer:
                raise AssertionError(f"{path}: answered {answer}, then {again}")
        return len(self.acknowledged)

    def signed(
        self,
        kind: str,
        case: str,
        lot: str,
        body: Mapping[str, Any],
        *,
        round: int = 0,  # noqa: A002 - the member's name in the payload
        step_up: bool = False,
        prev: str | None = None,
    ) -> tuple[Any, dict[str, str]]:
        """The envelope of a statement, and the password where the step-up is one."""
        context = self.client.get("/api/v1/acts/context", case=case)
        way = context["step_up"] if step_up else ""
        signer: Signer = self.authenticator if way == "webauthn" else self.device
        payload = self._statement(context, signer, kind, case, lot, round, body, step_up=way, prev=prev)
        password = {"password": self.part.password} if way == "password+device" else {}
        return signing.sign(payload, signer).to_json(), password

    def cosign(self, path: str, envelope: Mapping[str, Any]) -> Any:
        """Signs the payload that somebody else has signed, with one's own key, and hands it in."""
        said = read_envelope(dict(envelope))
        signer: Signer = self.authenticator if self.part.authenticator else self.device
        password = {} if self.part.authenticator else {"password": self.part.password}
        return self.client.send("POST", path, {"envelope": signing.sign(said.payload, signer).to_json()} | password)

    def _statement(  # noqa: PLR0917 - in the order of a statement's own fields
        self,
        context: Mapping[str, Any],
        signer: Signer,
        kind: str,
        case: str,
        lot: str,
        round: int,  # noqa: A002 - the member's name in the payload
        body: Mapping[str, Any],
        *,
        step_up: str,
        prev: str | None,
    ) -> bytes:
        seen = context["ckpt"]
        return signing.statement(
            type=kind,
            case=case,
            lot=lot,
            round=round,
            prev=context["prev"] if prev is None else prev,
            actor=signing.Actor(context["actor"]["id"], context["actor"]["role"], signer.key.key_id),
            nonce=secrets.token_hex(16),
            iat=clock.moment(context["now"]),
            ckpt=Seen(seen["size"], seen["root"]) if seen["size"] else NOTHING_SEEN,
            body=dict(body),
            step_up=step_up,
        )

    # Plain questions

    def get(self, path: str, **query: Any) -> Any:
        """What the platform answers this person."""
        return self.client.get(path, **query)

    def send(self, verb: str, path: str, body: Mapping[str, Any]) -> Any:
        """Sends something unsigned."""
        return self.client.send(verb, path, body)

    def download(self, path: str, file: str) -> int:
        """Saves what stands at an address; returns its size, 0 while it is not there."""
        try:
            with self.client.http.stream("GET", path) as answer:
                if answer.status_code != 200:
                    if answer.status_code not in NOT_YET:
                        raise RuntimeError(f"{path}: {answer.status_code}")
                    return 0
                with Path(file).open("wb") as sink:
                    for piece in answer.iter_bytes(1024**2):
                        sink.write(piece)
        except httpx.TransportError:
            return 0
        return Path(file).stat().st_size

    def hand_in(self, path: str, fields: Mapping[str, str], file: tuple[str, bytes]) -> str:
        """Sends a page's form with its sheet; returns where the page leads then."""
        headers = {"X-CSRFToken": self.client.csrf, "Referer": self.part.origin + path}
        answer = self.client.request("POST", path, data=dict(fields), files={"sheet": file}, headers=headers)
        if answer.status_code != 303:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return answer.headers["Location"]

    def fetch(self, path: str, file: Path) -> None:
        """Saves what stands at an address, as soon as it is there."""
        wait_for(lambda: self.download(path, str(file)), f"{path} is not there")

    def refusal(self, path: str, **query: Any) -> int:
        """The status of what this person may not see; 200 when they may."""
        try:
            self.client.get(path, **query)
        except Refused as refusal:
            return refusal.status
        return 200


def _unb64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
