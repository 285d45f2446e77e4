"""What a bidder enters to be read out, by envelope; the one that holds the price also takes what it claims of price preference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trading.domain.price_rules import CLAIMS, PriceRules
from trading.queries.lots import LotView
from trading.web.texts_opening import CLAIM_ENTRIES, ENTRIES

Entry = tuple[str, object, bool]
"""Name in `bid.json`, words, whether it is required."""


def entries_of(lot: LotView) -> Mapping[str, Sequence[Entry]]:
    """The entries of every envelope of a lot's bids."""
    last = lot.envelopes[-1].env if lot.envelopes else ""
    return {**ENTRIES, last: (*ENTRIES.get(last, ()), *_claims(lot.review.prices))}


def _claims(rules: PriceRules) -> tuple[Entry, ...]:
    """One for each preference of the tender document: who claims it says where the declaration stands."""
    return tuple((CLAIMS[one.kind], CLAIM_ENTRIES[one.kind], False) for one in rules.preferences)
