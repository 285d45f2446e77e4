"""The voice gateway that rings drawn experts: signed JSON over HTTP, each call taken once for its id; the keys come back on their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import httpx

from core.identity.gateway.channels import PATIENCE, ChannelDown, Undeliverable, signature
from core.kernel import clock
from core.kernel.jcs import JSON


@dataclass(frozen=True, slots=True)
class VoiceCall:
    """What is said to whom, and where the pressed key is to be posted; `id` makes twice harmless."""

    id: str
    to: str
    text: str
    callback: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class VoiceGateway:
    """`POST /v1/calls` with a JSON body, its signature the HMAC-SHA256 of the body's canonical form without it."""

    url: str
    key: str = field(repr=False)
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))

    def ring(self, call: VoiceCall) -> None:
        """Has a call made. Raises ChannelDown when it should be tried again, Undeliverable for a number that cannot be reached."""
        said: dict[str, JSON] = {"id": call.id, "to": call.to, "text": call.text, "callback": call.callback}
        said["sent_at"] = clock.text(call.sent_at)
        try:
            status = self.client.post(self.url + "/v1/calls", json=said | {"signature": signature(self.key, said)}).status_code
        except httpx.HTTPError as failure:
            raise ChannelDown(type(failure).__name__) from None
        if status in (409, 422):
            raise Undeliverable(f"voice_{status}")
        if status not in (200, 201):
            raise ChannelDown(f"voice_{status}")
