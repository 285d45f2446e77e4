"""A bidder's pages: the own bids, the desk where a bid is sealed, and the receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import segno
from flask import Blueprint, render_template
from markupsafe import Markup

from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import public, quiet, requires
from core.web.headers import needs_wasm
from core.web.platform import platform
from trading.domain.document import EnvelopeEntry
from trading.queries import bids, receipts
from trading.queries.bid_page import bid_page
from trading.queries.lot_files import bidder_words
from trading.web.bids import trust
from trading.web.entries import Entry, entries_of
from trading.web.forms_opening import LotPath, ReceiptPath
from trading.web.texts_applications import APPLICATION_STATES
from trading.web.texts_opening import BID_STATES, ENTRIES, ENVELOPE_STATES

blueprint = Blueprint("trading_bid_pages", __name__)
WORDS = {"BID_STATES": BID_STATES, "APPLICATION_STATES": APPLICATION_STATES, "ENVELOPE_STATES": ENVELOPE_STATES}


def page(name: str, **facts: Any) -> str:
    """One of the templates of bids, with the names of states at hand."""
    return render_template(f"trading/{name}.html", **WORDS, **facts)


@blueprint.get("/bids")
@requires(Role.BIDDER)
@quiet
def own_bids() -> str:
    """All bids of the caller's organisation."""
    org = actor().org
    if org is None:
        raise NotFound("bid.no_organisation")
    return page("bids", rows=read(lambda session: bids.own_bids(session, org)))


@blueprint.get("/lots/<number>/bid")
@requires(Role.BIDDER)
@quiet
def desk(number: str) -> str:
    """Where a bid is sealed, replaced and withdrawn."""
    path, who, clock = LotPath(number=number), actor(), platform().door.clock
    view = read(lambda session: bid_page(session, who, path.number, clock(session)))
    needs_wasm()
    words = read(lambda session: bidder_words(session, view.bid.lot, view.bid.org))
    entries = entries_of(view.bid.lot)
    return page("bid", view=view, envelopes=[shown(entry, entries) for entry in view.bid.lot.envelopes], words=words)


@blueprint.get("/receipts/<receipt>")
@public
@quiet
def receipt(receipt: str) -> str:
    """A receipt for people; until the opening has started only its bidder gets it."""
    path, who = ReceiptPath(receipt=receipt), actor()
    authorities = trust().authorities
    view = read(lambda session: receipts.receipt(session, who, path.receipt, authorities))
    address = f"{platform().settings.origin}/receipts/{path.receipt}"
    code = Markup(segno.make(address, error="m").svg_inline(scale=3, border=1))  # noqa: S704  drawn here, of our own address
    return page("bid_receipt", view=view, address=address, code=code)


def shown(entry: EnvelopeEntry, entries: Mapping[str, Sequence[Entry]] = ENTRIES) -> dict[str, object]:
    """An envelope as the desk shows it: its fields by their names."""
    blind = None if entry.blind is None else entry.blind.to_json()
    return {"env": entry.env, "title": entry.title, "fields": _fields(entries.get(entry.env, ())), "blind": blind}


def _fields(entries: Sequence[Entry]) -> list[dict[str, object]]:
    return [{"name": name, "title": words, "required": required} for name, words, required in entries]
