"""The opened bids as the room needs them: the one place that asks trading for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from core.kernel.parsing.parsed import Oddity
from evaluation.domain.drill_bids import ENVELOPE, PAPER
from evaluation.models.drills import DrillBid
from evaluation.models.rooms import Evaluation
from trading.domain.price_rules import Preference, claims_of
from trading.queries import opened as trading
from trading.queries import parsed


@dataclass(frozen=True, slots=True)
class BidFile:
    """A document of a bid: name inside its envelope, digest and size, the envelope that holds it, and what is odd about it."""

    env: str
    name: str
    sha256: str
    size: int
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """A bid after the first opening. `price` is None while its envelope is shut; `price_failed` when it could not be opened."""

    org: OrgId
    name: str
    files: tuple[BidFile, ...]
    price: Decimal | None = None
    price_failed: bool = False
    claims: Mapping[Preference, str] = field(default_factory=dict)  # of price preference: kind → where the declaration stands


def opened(session: Session, lot_id: LotId) -> tuple[OpenedBid, ...]:
    """Every bid whose first envelope was opened, by organisation id; of a drill those that were invented with it."""
    return tuple(_bid(one) for one in trading.bids_for_evaluation(session, lot_id)) or invented(session, lot_id)


def invented(session: Session, lot_id: LotId) -> tuple[OpenedBid, ...]:
    """Those of a drill, none of a real lot: their prices are known from the first, since no envelope was ever shut."""
    query = select(DrillBid).join(Evaluation, Evaluation.id == DrillBid.evaluation_id).where(Evaluation.lot_id == lot_id)
    return tuple(
        OpenedBid(OrgId(one.org), one.name, (BidFile(ENVELOPE, PAPER, one.sha256, one.size),), one.price)
        for one in session.scalars(query.order_by(DrillBid.org))
    )


def with_oddities(session: Session, files: tuple[BidFile, ...]) -> tuple[BidFile, ...]:
    """The same files with what the reading found odd about each."""
    odd = parsed.oddities_of(session, [file.sha256 for file in files])
    return tuple(replace(file, oddities=odd.get(file.sha256, ())) for file in files)


def first_opening_is_closed(session: Session, lot_id: LotId) -> bool:
    """Whether the opening of the first envelopes is over, its record signed."""
    return trading.is_closed(session, lot_id)


def _bid(one: trading.OpenedBid) -> OpenedBid:
    files = tuple(BidFile(file.env, file.name, file.sha256, file.size) for file in one.files)
    return OpenedBid(one.org, one.name, files, None if one.price is None else one.price.decimal, one.price_failed, claims_of(one.items))
