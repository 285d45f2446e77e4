"""What happened to certificates and to the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import PLATFORM, Event, as_json
from core.kernel.jcs import JSON

__all__ = ["PLATFORM", "CertificateIssued", "CertificateRevoked", "ClockAdvanced"]


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event):
    """A key was certified. `recipient` binds the age X25519 key of the same device to it; "" for a step-up key."""

    KIND: ClassVar[str] = "cert.issue"
    key_id: str
    kind: str
    holder: str
    role: str
    serial: str
    not_before: datetime
    not_after: datetime
    certificate_sha256: str
    recipient: str

    def body(self) -> dict[str, JSON]:
        """The holder's URN stands as `subject`, the word that certificates use."""
        body = super().body()
        return body | {"subject": body.pop("holder")}


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event):
    """A certificate no longer counts from `revoked_at` on."""

    KIND: ClassVar[str] = "cert.revoke"
    key_id: str
    serial: str
    revoked_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClockAdvanced(Event):
    """The demonstration's clock was set forward; `offset_ms` is the whole distance to the machine's clock, all jumps together."""

    KIND: ClassVar[str] = "clock.advance"
    earlier: datetime
    later: datetime
    offset_ms: int
    reason: str

    def body(self) -> dict[str, JSON]:
        """The moments stand as `from` and `to`."""
        return {"from": as_json(self.earlier), "to": as_json(self.later), "offset_ms": self.offset_ms, "reason": self.reason}
