"""What happens to guarantees, on the chain of their lot's deposits, and to guarantors, on the platform's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypedDict
from uuid import UUID

from core.kernel.events import Event
from core.kernel.ids import CaseId, GuaranteeId, OrgId
from core.kernel.money import Money
from deposits.domain.deposit import chain_of
from deposits.domain.guarantee import Wanted


class About(TypedDict):
    """What every event of a guarantee tells of it."""

    case: CaseId
    subject: str
    guarantee: GuaranteeId
    bidder: OrgId


def about(number: str, guarantee: UUID, bidder: UUID) -> About:
    """The same, of a guarantee for what stands under this number."""
    return About(case=CaseId(chain_of(number)), subject=str(guarantee), guarantee=GuaranteeId(guarantee), bidder=OrgId(bidder))


@dataclass(frozen=True, kw_only=True)
class GuarantorRegistered(Event):
    """The centre has registered a guarantor, any bidder may choose it; `subject` is the digest of its root."""

    KIND: ClassVar[str] = "guarantor.register"


@dataclass(frozen=True, kw_only=True)
class GuarantorSuspended(Event):
    """A guarantor takes no new applications; what it has issued stands."""

    KIND: ClassVar[str] = "guarantor.suspend"


@dataclass(frozen=True, kw_only=True)
class GuarantorResumed(Event):
    """A guarantor takes applications again."""

    KIND: ClassVar[str] = "guarantor.resume"


@dataclass(frozen=True, kw_only=True)
class GuaranteeApplied(Event):
    """A bidder has asked a guarantor for a guarantee."""

    KIND: ClassVar[str] = "guarantee.apply"
    guarantee: GuaranteeId
    bidder: OrgId
    guarantor: str  # digest of its registered root
    product: str
    amount_fen: Money
    valid_to: datetime  # until when it must hold


@dataclass(frozen=True, kw_only=True)
class GuaranteeApproved(Event):
    """The guarantor will issue it for a premium."""

    KIND: ClassVar[str] = "guarantee.approve"
    guarantee: GuaranteeId
    bidder: OrgId
    premium_fen: Money


@dataclass(frozen=True, kw_only=True)
class GuaranteeRejected(Event):
    """The guarantor will not issue it."""

    KIND: ClassVar[str] = "guarantee.reject"
    guarantee: GuaranteeId
    bidder: OrgId
    cause: str


@dataclass(frozen=True, kw_only=True)
class PremiumPaid(Event):
    """The bidder has ordered the premium to be paid to the guarantor."""

    KIND: ClassVar[str] = "guarantee.pay"
    guarantee: GuaranteeId
    bidder: OrgId
    premium_fen: Money


@dataclass(frozen=True, kw_only=True)
class GuaranteeIssued(Event):
    """It is issued and closed: `recipient` is the key that it is closed to, the digests are of both forms of the file."""

    KIND: ClassVar[str] = "guarantee.issue"
    guarantee: GuaranteeId
    bidder: OrgId
    ver: int
    recipient: str
    ct_sha256: str
    file_sha256: str
    valid_to: datetime


@dataclass(frozen=True, kw_only=True)
class GuaranteeExtended(Event):
    """The opening was delayed: another version holds longer and takes the place of the one before."""

    KIND: ClassVar[str] = "guarantee.extend"
    guarantee: GuaranteeId
    bidder: OrgId
    ver: int
    recipient: str
    ct_sha256: str
    file_sha256: str
    valid_to: datetime


@dataclass(frozen=True, kw_only=True)
class GuaranteeUnsealed(Event):
    """After the opening its key was handed over, by the guarantor or the bidder: whoever has the closed file can open it."""

    KIND: ClassVar[str] = "guarantee.unseal"
    guarantee: GuaranteeId
    bidder: OrgId
    identity: str
    by: str  # guarantor or bidder


@dataclass(frozen=True, kw_only=True)
class GuaranteeVerified(Event):
    """What was found in it: the terms with the guarantor's signature over them, and what is wrong; nothing wrong: it stands."""

    KIND: ClassVar[str] = "guarantee.verify"
    guarantee: GuaranteeId
    bidder: OrgId
    wanted: Wanted
    file_sha256: str
    terms: str  # base64 of the signed bytes
    signature: str  # base64 of the CMS
    faults: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class GuaranteeReleased(Event):
    """Nobody can claim under it any more."""

    KIND: ClassVar[str] = "guarantee.release"
    guarantee: GuaranteeId
    bidder: OrgId
    reason: str


@dataclass(frozen=True, kw_only=True)
class GuaranteeCancelled(Event):
    """It was not issued, and will not be."""

    KIND: ClassVar[str] = "guarantee.cancel"
    guarantee: GuaranteeId
    bidder: OrgId
    reason: str


@dataclass(frozen=True, kw_only=True)
class GuaranteeExpired(Event):
    """Its validity has ended without a claim."""

    KIND: ClassVar[str] = "guarantee.expire"
    guarantee: GuaranteeId
    bidder: OrgId
