"""Opened bids for the evaluation: whose first envelope was opened, with which files, and the prices once those are read out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import WrongState
from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from trading.domain.bid import EnvelopeState
from trading.domain.opening import OpeningState
from trading.models.bid import Bid, BidEnvelope
from trading.models.lot import Lot
from trading.models.opening import OpenedFile, Opening
from trading.queries.bids import envelope_names


@dataclass(frozen=True, slots=True)
class BidFile:
    """A file of a bid: the envelope that held it, its name there, hex SHA-256 (its place in the content store) and bytes."""

    env: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """A bid after the first opening; `price` is None while its envelope is shut, `price_failed` when it could not be opened."""

    org: OrgId
    name: str
    files: tuple[BidFile, ...]
    envelopes: tuple[tuple[str, EnvelopeState], ...]
    price: Money | None
    price_failed: bool
    items: Mapping[str, str]  # what was read out beside the price, nothing while its envelope is shut


_FAILED = (EnvelopeState.DECRYPT_FAILED_OWN, EnvelopeState.DECRYPT_FAILED_OTHER)
_ENDED = (EnvelopeState.REPLACED, EnvelopeState.WITHDRAWN)


def bids_for_evaluation(session: Session, lot_id: LotId) -> tuple[OpenedBid, ...]:
    """Every bid whose first envelope was opened, by organisation id; empty before the batch."""
    order = envelope_names(session.scalars(select(Lot.envelopes).where(Lot.id == lot_id)).one())
    query = select(BidEnvelope, Bid).join(Bid, Bid.id == BidEnvelope.bid_id).where(Bid.lot_id == lot_id, BidEnvelope.state.not_in(_ENDED))
    by_bid: dict[OrgId, list[BidEnvelope]] = {}
    names: dict[OrgId, str] = {}
    for envelope, bid in session.execute(query.order_by(Bid.org_id)):
        by_bid.setdefault(OrgId(bid.org_id), []).append(envelope)
        names[OrgId(bid.org_id)] = bid.org_name
    for rows in by_bid.values():
        rows.sort(key=lambda row: order.index(row.env))
    opened = {org: rows for org, rows in by_bid.items() if rows[0].state is EnvelopeState.OPENED}
    return tuple(_opened(session, org, names[org], rows) for org, rows in opened.items())


def _opened(session: Session, org: OrgId, name: str, rows: Sequence[BidEnvelope]) -> OpenedBid:
    files = select(OpenedFile, BidEnvelope.env).join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
    held = session.execute(files.where(OpenedFile.envelope_id.in_([row.id for row in rows])).order_by(OpenedFile.name))
    last = rows[-1]  # the price stands in the last envelope: the commercial one, or the only one
    return OpenedBid(
        org=org,
        name=name,
        files=tuple(BidFile(env, file.name, file.sha256, file.size) for file, env in held),
        envelopes=tuple((row.env, row.state) for row in rows),
        price=_price(last),
        price_failed=last.state in _FAILED or (last.state is EnvelopeState.OPENED and _price(last) is None),
        items=_items(last),
    )


def _price(row: BidEnvelope) -> Money | None:
    said = row.read_out.get("price") if isinstance(row.read_out, dict) else None
    return Money.yuan(said) if isinstance(said, str) else None


def _items(row: BidEnvelope) -> dict[str, str]:
    said = row.read_out.get("items") if isinstance(row.read_out, dict) else None
    return {str(name): str(text) for name, text in said.items()} if isinstance(said, dict) else {}


def prices(session: Session, lot_id: LotId) -> dict[OrgId, Money]:
    """The prices that were read out, by organisation; raises WrongState before the price envelopes were opened."""
    openings = session.scalars(select(Opening).where(Opening.lot_id == lot_id).order_by(Opening.round)).all()
    envelopes = session.scalars(select(Lot.envelopes).where(Lot.id == lot_id)).one()
    if not openings or openings[-1].env != envelope_names(envelopes)[-1] or openings[-1].opened_at is None:
        raise WrongState("opening.prices.shut")
    return {bid.org: bid.price for bid in bids_for_evaluation(session, lot_id) if bid.price is not None}


def is_closed(session: Session, lot_id: LotId, round_: int = 0) -> bool:
    """Whether that opening is over, its record signed by the host."""
    query = select(Opening.id).where(Opening.lot_id == lot_id, Opening.round == round_, Opening.state == OpeningState.CLOSED)
    return session.scalar(query) is not None
