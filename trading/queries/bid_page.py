"""All that a bidder's page shows: the own bid, what is checked before handing in, and the receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.identity.queries import certificates
from core.kernel import streams
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.sealing import Purpose
from trading.domain.bid import BidAction
from trading.domain.opening_audience import bidder
from trading.queries.bids import BidView, own_bid
from trading.queries.document_versions import latest_change
from trading.queries.late_seals import LateSealRow, late_seals
from trading.queries.standing import deposit_stands, is_waived


@dataclass(frozen=True, slots=True)
class BidPage:
    """A bidder's own bid with its checks; `device_days` is None where this person has no live device key."""

    bid: BidView
    device_days: int | None
    deposit: bool | None
    audience: str
    seq: int
    late: tuple[LateSealRow, ...] = ()
    amended_at: datetime | None = None  # when the tender document last changed
    waived: bool = False  # a waiver leaves nothing of the deposit

    @property
    def is_outdated(self) -> bool:
        """Whether the version that counts was sealed before the tender document changed; it stands all the same."""
        current = self.bid.current
        return current is not None and self.amended_at is not None and current.received_at < self.amended_at

    @property
    def may_seal(self) -> bool:
        """Whether a version can be handed in now."""
        return BidAction.SEAL in self.bid.available

    @property
    def may_withdraw(self) -> bool:
        """Whether the standing version can be withdrawn now."""
        return BidAction.WITHDRAW in self.bid.available

    @property
    def seals(self) -> list[str]:
        """The seals of the version that counts, as a withdrawal names them."""
        current = self.bid.current
        return sorted(envelope.seal_sha256 for envelope in current.envelopes) if current else []


def bid_page(session: Session, actor: Actor, number: str, now: datetime, purpose: Purpose = Purpose.BID) -> BidPage:
    """The page of the caller's own bid or application; raises NotFound for a lot that does not publicly call for it."""
    view = own_bid(session, actor, number, now, purpose)
    if actor.person is None:
        raise NotFound("bid.not_found")
    devices = [key for key in certificates.keys_of(session, actor.person, now) if key.purpose == "device"]
    days = max(((key.not_after - now).days for key in devices), default=None)
    audience = bidder(view.org)
    seq = streams.last(session, view.lot.case, audience)
    late = late_seals(session, view.lot.id, view.org, purpose)
    if purpose is Purpose.APPLICATION:  # it has no deposit, and its document is another
        return BidPage(view, days, None, audience, seq, late)
    deposit, amended_at = deposit_stands(session, view.lot.id, view.org), latest_change(session, view.lot.id)
    return BidPage(view, days, deposit, audience, seq, late, amended_at, is_waived(session, view.lot.id, view.org))
