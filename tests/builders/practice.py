"""Somebody who practises: the calls that the practice page makes, made through the services and over HTTP."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.kernel import sealing
from core.kernel.encoding import b64, sha256
from core.kernel.sealing import Place, Sealed
from tests.builders.people import Person
from tests.builders.trading_web import Browser

TUS = {"Tus-Resumable": "1.0.0"}
API = "/api/v1/practice"


@dataclass(frozen=True)
class Envelope:
    """What the device holds of one practice envelope."""

    env: str
    sealed: Sealed
    ciphertext: bytes


@dataclass(frozen=True)
class Practising:
    """A person at the practice page."""

    browser: Browser
    person: Person

    def begin(self) -> dict[str, Any]:
        """Begins, and answers as the page is told."""
        assert self.browser.post("/practice/begin", data={}).status_code == 303
        return self.own()

    def own(self) -> dict[str, Any]:
        """The state."""
        answer = self.browser.get(f"{API}/bid")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def lot_file(self) -> dict[str, Any]:
        """The lot file with the practice's office keys."""
        found: dict[str, Any] = self.browser.get(f"{API}/lot-file").get_json()
        return found

    def make(self, env: str, ver: int, plain: bytes = b"practice") -> Envelope:
        """Seals one envelope as the page does."""
        lot, target = self.lot_file(), io.BytesIO()
        offices = {role: [lot["offices"][role][0]["recipient"]] for role in sealing.ROLES}
        place = Place(lot["case"], lot["lot"], env, ver, lot["bidder"]["id"])
        device = [self.person.identity.recipient]
        made = sealing.seal(io.BytesIO(plain), target, place, offices=offices, bidder=device, client_build="test")
        return Envelope(env, made, target.getvalue())

    def upload(self, content: bytes, practice: bool = True) -> UUID:
        """Sends a ciphertext by tus, marked as practice or not."""
        about = {"Upload-Metadata": "practice MQ=="} if practice else {}
        client = self.browser.client
        begun = client.post("/uploads/", headers=TUS | about | {"Upload-Length": str(len(content))})
        assert begun.status_code == 201, begun.text
        where = begun.headers["Location"]
        kind = "application/offset+octet-stream"
        sent = client.patch(where, data=content, headers=TUS | {"Upload-Offset": "0"}, content_type=kind)
        assert sent.status_code == 204, sent.text
        return UUID(where.rstrip("/").rsplit("/", 1)[-1])

    def body(self, envelopes: list[Envelope], practice: bool = True) -> dict[str, Any]:
        """The one POST of a version: uploads, statements one after the other, boxes."""
        case = envelopes and self.own()["case"]
        prev, seals = self.person.prev(case), []
        for envelope in envelopes:
            request = self.person.act("seal", case, "1", body=dict(envelope.sealed.body), prev=prev)
            prev = sha256(request.envelope.payload).hex()
            boxes = [{"role": share.role, "box": b64(share.box)} for share in envelope.sealed.shares]
            part = {"envelope": request.envelope.to_json(), "upload": str(self.upload(envelope.ciphertext, practice))}
            seals.append(part | {"bidder_box": b64(envelope.sealed.box), "share_boxes": boxes})
        return {"seals": seals}

    def seal(self, ver: int = 1) -> dict[str, Any]:
        """Seals a whole version over HTTP."""
        answer = self.browser.post(f"{API}/bid/seal", self.body([self.make(env, ver) for env in ("technical", "commercial")]))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def begin_and_seal(self) -> None:
        """Begins, and seals a first version."""
        self.begin()
        self.seal()
