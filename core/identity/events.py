"""What happened to certificates, to the authorities that vouch for them, and to the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import PLATFORM, Event, as_json
from core.kernel.jcs import JSON

__all__ = [
    "PLATFORM",
    "AnchorAdmitted",
    "AnchorEnded",
    "CertificateIssued",
    "CertificateRevoked",
    "CertificateVouched",
    "ClockAdvanced",
    "StatusLearned",
]


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
class AnchorAdmitted(Event):
    """Two persons have recognised an authority that is not ours; the statement under both signatures is the body."""

    KIND: ClassVar[str] = "anchor.admit"


@dataclass(frozen=True, kw_only=True)
class AnchorEnded(Event):
    """Two persons have ended that; what its holders signed before stands."""

    KIND: ClassVar[str] = "anchor.end"


@dataclass(frozen=True, kw_only=True)
class CertificateVouched(Event):
    """An authority that is not ours has certified the same key: its path, the holder's certificate first and the root last, as PEM."""

    KIND: ClassVar[str] = "cert.vouch"
    key_id: str
    root_sha256: str
    certificate_sha256: str
    chain: Sequence[str]
    uscc: str
    not_after: datetime


@dataclass(frozen=True, kw_only=True)
class StatusLearned(Event):
    """An authority says that a certificate of such a path (at `place`, 0: the holder's) is revoked since `revoked_at`; known here from
    this event on. `paper_sha256`: the answer."""

    KIND: ClassVar[str] = "cert.status"
    key_id: str
    place: int
    state: str
    revoked_at: datetime
    source: str
    paper_sha256: str


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
