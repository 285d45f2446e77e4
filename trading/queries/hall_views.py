"""The hall as each audience sees it: the views that pages and the API get of an opening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from core.kernel.clock import text
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from trading.domain.ceiling import Beside
from trading.domain.opening import Key, OpeningAction, OpeningState
from trading.queries.coefficients import CoefficientsView
from trading.queries.lots import LotView
from trading.queries.parsed import OddFile

NO_COEFFICIENTS = CoefficientsView((), ())
MOMENTS = ("started_at", "release_until", "rescue_until", "objection_until", "batch_at", "opened_at")


@dataclass(frozen=True, slots=True)
class HallBid:
    """One envelope on the closing list, as the hall shows it."""

    org: OrgId
    name: str
    env: str
    ver: int
    seal_sha256: str
    bid_pub: str
    ct_sha256: str
    received_at: datetime
    signed_in: bool
    key: Key
    cause: str
    read_out: Mapping[str, Any] | None
    own: bool
    beside: Beside | None = None  # the price beside the ceiling


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection and its answer, "" for none yet."""

    number: int
    name: str
    text: str
    raised_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Somebody's signature on the record, or a bidder's word that it will not sign."""

    name: str
    role: Role
    signed_at: datetime
    declined: str = ""  # why it was not signed


@dataclass(frozen=True, slots=True, kw_only=True)
class HallView:
    """An opening as the caller may see it; the closing list and the bids are empty until the host has started."""

    lot: LotView
    round: int
    env: str
    env_title: str
    state: OpeningState
    now: datetime
    roles: frozenset[Role]
    rounds: tuple[int, ...] = ()  # of all openings of bids that there are
    available: tuple[OpeningAction, ...]
    started_at: datetime | None = None
    release_until: datetime | None = None
    rescue_until: datetime | None = None
    objection_until: datetime | None = None
    batch_at: datetime | None = None
    opened_at: datetime | None = None
    close_sha256: str = ""
    accepted: tuple[str, ...] = ()
    bids: tuple[HallBid, ...] = ()
    present: tuple[OrgId, ...] = ()
    objections: tuple[ObjectionView, ...] = ()
    record_sha256: str = ""
    signatures: tuple[SignatureView, ...] = ()
    is_logged: bool = False
    coefficients: CoefficientsView = NO_COEFFICIENTS
    odd_files: tuple[OddFile, ...] = ()

    @property
    def own(self) -> HallBid | None:
        """The caller's own envelope."""
        return next((bid for bid in self.bids if bid.own), None)

    @property
    def opened(self) -> tuple[str, ...]:
        """The seals of the envelopes that were opened, sorted: what the host has read out."""
        return tuple(sorted(bid.seal_sha256 for bid in self.bids if bid.key is Key.OPENED))

    @property
    def silent(self) -> tuple[str, ...]:
        """Bidders who came, and have neither signed the record nor said why not."""
        spoke = {signature.name for signature in self.signatures if signature.role is Role.BIDDER}
        return tuple(bid.name for bid in self.bids if bid.signed_in and bid.name not in spoke)

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        return {
            "case": self.lot.case,
            "lot": self.lot.no,
            "part": self.env,
            "round": self.round,
            "state": self.state.value,
            "now": text(self.now),
            **{name: _moment(getattr(self, name)) for name in MOMENTS},
            "close": {"sha256": self.close_sha256, "accepted": list(self.accepted)} if self.close_sha256 else None,
            "is_logged": self.is_logged,
            "bids": [_bid_json(bid) for bid in self.bids],
            "present": [str(org) for org in self.present],
            "odd_files": [file.to_json() for file in self.odd_files],
            "objections": [_objection_json(objection) for objection in self.objections],
            "coefficients": self.coefficients.to_json(),
            "record_sha256": self.record_sha256,
            "signatures": [
                {"name": s.name, "role": s.role.value, "signed_at": text(s.signed_at), "declined": s.declined} for s in self.signatures
            ],
            "available": [action.value for action in self.available],
        }


def _bid_json(bid: HallBid) -> dict[str, JSON]:
    return {
        "org": str(bid.org),
        "name": bid.name,
        "env": bid.env,
        "ver": bid.ver,
        "seal_sha256": bid.seal_sha256,
        "bid_pub": bid.bid_pub,
        "ct_sha256": bid.ct_sha256,
        "signed_in": bid.signed_in,
        "key": bid.key.value,
        "cause": bid.cause,
        "read_out": cast(JSON, bid.read_out),
        "above_ceiling": None if bid.beside is None else bid.beside.is_above,
    }


def _signature_json(signature: SignatureView) -> dict[str, JSON]:
    said: dict[str, JSON] = {"name": signature.name, "role": signature.role.value}
    return said | {"signed_at": text(signature.signed_at), "declined": signature.declined}


def _objection_json(objection: ObjectionView) -> dict[str, JSON]:
    said: dict[str, JSON] = {"number": objection.number, "name": objection.name, "text": objection.text, "answer": objection.answer}
    return said | {"raised_at": text(objection.raised_at), "answered_at": _moment(objection.answered_at)}


def _moment(at: datetime | None) -> JSON:
    return None if at is None else text(at)
