"""What happens to claims under guarantees, on the chain of their lot's deposits; `subject` is the digest of the tenderer's claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import GuaranteeId, OrgId


@dataclass(frozen=True, kw_only=True)
class ClaimDecided(Event):
    """The tenderer has decided to claim under a guarantee."""

    KIND: ClassVar[str] = "claim.decide"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class ClaimNoted(Event):
    """The supervisor has spoken to a claim."""

    KIND: ClassVar[str] = "claim.note"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class ClaimAnswered(Event):
    """The guarantor has said something new about a claim, and signed it."""

    KIND: ClassVar[str] = "claim.answer"
    guarantee: GuaranteeId
    bidder: OrgId
    claim_sha256: str
    word: str  # base64 of the signed bytes
    signature: str  # base64 of the CMS


@dataclass(frozen=True, kw_only=True)
class ClaimReceipted(Event):
    """The tenderer has had the money."""

    KIND: ClassVar[str] = "claim.receipt"
    bidder: OrgId
