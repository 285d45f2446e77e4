"""What happens to bids and in the opening hall. Before the start of an opening an event tells nobody but the bidder it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON


def _only(event: Event, *names: str) -> dict[str, JSON]:
    return {name: as_json(getattr(event, name)) for name in names}


# The secret phase: `org` is for the projection alone, the body of a platform's statement does not name it


@dataclass(frozen=True, kw_only=True)
class BidSealed(Event):
    """A bidder sealed one envelope of a version; `subject` is the digest of the seal."""

    KIND: ClassVar[str] = "seal"
    org: OrgId
    env: str
    ver: int


@dataclass(frozen=True, kw_only=True)
class ReceiptGiven(Event):
    """The platform took an envelope in; `subject` is the digest of its seal."""

    KIND: ClassVar[str] = "receipt"
    ALONE: ClassVar[bool] = True
    org: OrgId
    env: str
    ver: int
    receipt_no: str
    seal_sha256: str
    ct_sha256: str
    ct_size: int
    received_at: datetime

    def body(self) -> dict[str, JSON]:
        """What the receipt says."""
        return _only(self, "seal_sha256", "ct_sha256", "ct_size", "received_at")


@dataclass(frozen=True, kw_only=True)
class LateSealRefused(Event):
    """A bid came after the deadline and was not taken; its bidder keeps this trace. `subject` is the digest of its first seal."""

    KIND: ClassVar[str] = "seal.late"
    ALONE: ClassVar[bool] = True
    org: OrgId
    seals: Sequence[Mapping[str, JSON]]
    arrived_at: datetime
    deadline: datetime

    def body(self) -> dict[str, JSON]:
        """What the trace says."""
        return _only(self, "seals", "arrived_at", "deadline")


@dataclass(frozen=True, kw_only=True)
class BidWithdrawn(Event):
    """A bidder withdrew the version that stood."""

    KIND: ClassVar[str] = "withdraw"
    org: OrgId
    ver: int


@dataclass(frozen=True, kw_only=True)
class BiddingClosed(Event):
    """The deadline came; the list of what was accepted is made and stays secret until the opening starts. `subject` is the lot."""

    KIND: ClassVar[str] = "close"
    deadline: datetime
    accepted: Sequence[str]
    bidders: Sequence[OrgId]  # each hears on the own stream, and nobody of another

    def body(self) -> dict[str, JSON]:
        """The closing list."""
        return {"lot": self.lot} | _only(self, "deadline", "accepted")


@dataclass(frozen=True, kw_only=True)
class BidderSignedIn(Event):
    """A bidder came to the opening; the others hear of it once the list is public."""

    KIND: ClassVar[str] = "opening.sign_in"
    org: OrgId
    name: str
    is_public: bool
    bidders: Sequence[OrgId]


# The hall: everybody hears, each bidder on the own stream


@dataclass(frozen=True, kw_only=True)
class OpeningStarted(Event):
    """The host opened: the bidders' list is public."""

    KIND: ClassVar[str] = "opening.start"
    bidders: Sequence[OrgId]
    names: Sequence[str]
    present: Sequence[str]
    close_sha256: str


@dataclass(frozen=True, kw_only=True)
class IdentityConfirmed(Event):
    """The host confirmed who is there; the release window runs."""

    KIND: ClassVar[str] = "opening.identity"
    bidders: Sequence[OrgId]
    present: Sequence[str]
    release_until: datetime
    rescue_until: datetime


@dataclass(frozen=True, kw_only=True)
class CommercialRequested(Event):
    """The evaluation asks for the price envelopes of the bids that passed."""

    KIND: ClassVar[str] = "opening.request"
    bidders: Sequence[OrgId]
    env: str
    passed: Sequence[str]
    release_until: datetime
    rescue_until: datetime

    def body(self) -> dict[str, JSON]:
        """`passed` are the seals whose keys are asked for."""
        return _only(self, "env", "passed", "release_until", "rescue_until")


@dataclass(frozen=True, kw_only=True)
class KeyReleased(Event):
    """A bidder released the key of one envelope; the secret stands in the signed statement alone."""

    KIND: ClassVar[str] = "release"
    bidders: Sequence[OrgId]
    org: OrgId
    name: str
    env: str


@dataclass(frozen=True, kw_only=True)
class ShareReleased(Event):
    """An office released its share of one envelope's key; the share stands in the signed statement alone."""

    KIND: ClassVar[str] = "share-release"
    bidders: Sequence[OrgId]
    org: OrgId
    name: str
    env: str
    office: str
    complete: bool


@dataclass(frozen=True, kw_only=True)
class EnvelopeOpened(Event):
    """One envelope was opened in the batch, and what is read out of it. `subject` is the digest of its seal."""

    KIND: ClassVar[str] = "opened"
    bidders: Sequence[OrgId]
    bidder: OrgId
    name: str
    env: str
    ver: int
    bid_pub: str
    method: str
    pt_sha256: str
    pt_size: int
    read_out: Mapping[str, JSON]
    held_from: datetime  # from here until this event the platform held the key

    def body(self) -> dict[str, JSON]:
        """Without the name, which the evidence takes from the certificate."""
        return _only(self, "env", "ver", "bid_pub", "bidder", "method", "pt_sha256", "pt_size", "read_out", "held_from")


@dataclass(frozen=True, kw_only=True)
class OpeningFailed(Event):
    """One envelope could not be opened, and why. `subject` is the digest of its seal."""

    KIND: ClassVar[str] = "open.failed"
    bidders: Sequence[OrgId]
    bidder: OrgId
    name: str
    env: str
    cause: str
    reason: str

    def body(self) -> dict[str, JSON]:
        """`cause` decides over the deposit, `reason` says what was found."""
        return _only(self, "env", "bidder", "cause", "reason")


@dataclass(frozen=True, kw_only=True)
class ReadOutFinished(Event):
    """The host has read out what was opened; objections may be raised."""

    KIND: ClassVar[str] = "opening.read_out"
    bidders: Sequence[OrgId]
    objection_until: datetime


@dataclass(frozen=True, kw_only=True)
class ObjectionRaised(Event):
    """A bidder objects on the spot."""

    KIND: ClassVar[str] = "opening.objection"
    bidders: Sequence[OrgId]
    number: int
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ObjectionAnswered(Event):
    """An objection was answered on the spot."""

    KIND: ClassVar[str] = "opening.answer"
    bidders: Sequence[OrgId]
    number: int
    text: str


@dataclass(frozen=True, kw_only=True)
class RecordDrawnUp(Event):
    """The opening record stands; who was there may sign it."""

    KIND: ClassVar[str] = "opening.record"
    bidders: Sequence[OrgId]
    record_sha256: str

    def body(self) -> dict[str, JSON]:
        """The record's digest."""
        return _only(self, "record_sha256")


@dataclass(frozen=True, kw_only=True)
class RecordSigned(Event):
    """Somebody signed the opening record."""

    KIND: ClassVar[str] = "opening.record.sign"
    bidders: Sequence[OrgId]
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class RecordDeclined(Event):
    """A bidder who was there does not sign the opening record, and says why."""

    KIND: ClassVar[str] = "opening.record.decline"
    bidders: Sequence[OrgId]
    name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OpeningClosed(Event):
    """The host closed the opening."""

    KIND: ClassVar[str] = "opening.close"
    bidders: Sequence[OrgId]
    record_sha256: str
