"""The same account behind several deposits (招标投标法实施条例 art. 40, item 6): exact."""

from __future__ import annotations

from collections.abc import Iterator

from trading.domain.collusion.card import Finding, Signal, Strength
from trading.domain.collusion.material import Material, sharing


def findings(material: Material) -> Iterator[Finding]:
    """A finding for each account that paid for more than one bidder."""
    for account, orgs in sharing((bid.org, account) for bid in material.bids for account in bid.payers):
        yield Finding(Signal.SAME_PAYER, Strength.HIGH, orgs, {"account": account}, {"compare": "exact"})
