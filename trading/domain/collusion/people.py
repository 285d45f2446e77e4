"""The same people: who handled the bid, who signed it, the key staff, and who controls the bidder."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.jcs import JSON
from trading.domain.collusion.card import Finding, Signal, Strength
from trading.domain.collusion.material import BidMaterial, Material, pairs, sharing

_EXACT: dict[str, JSON] = {"compare": "exact"}


def findings(material: Material) -> Iterator[Finding]:
    """A finding for each signer, member of staff, contact and controlling person that several bids have in common."""
    for signer, orgs in sharing((bid.org, one) for bid in material.bids for one in bid.signers):
        yield Finding(Signal.SAME_SIGNER, Strength.HIGH, orgs, {"person": signer}, _EXACT)
    for staff, orgs in sharing((bid.org, one.id_sha256) for bid in material.bids for one in bid.particulars.staff):
        posts: list[JSON] = [{"bidder": org, "post": post} for org, post in _posts(material, staff)]
        yield Finding(Signal.SAME_STAFF, Strength.HIGH, orgs, {"id_sha256": staff, "posts": posts}, _EXACT)
    yield from _contacts(material)
    yield from _control(material)


def _posts(material: Material, staff: str) -> list[tuple[str, str]]:
    return sorted((bid.org, one.post) for bid in material.bids for one in bid.particulars.staff if one.id_sha256 == staff)


def _contacts(material: Material) -> Iterator[Finding]:
    """A telephone or an e-mail address belongs to somebody; a name alone is borne by many, so it counts only beside one of them."""
    for left, right in pairs(material.bids):
        ways = ("phone", "email")
        same = [(way, value) for way in ways for value in sorted(_values(left, way) & _values(right, way))]
        if same:
            names = sorted(_values(left, "name") & _values(right, "name"))
            strength = Strength.HIGH if len(same) + len(names) > 1 else Strength.MEDIUM
            shown: list[JSON] = [{"field": field, "value": value} for field, value in [*same, *(("name", name) for name in names)]]
            yield Finding(Signal.SAME_CONTACT, strength, (left.org, right.org), {"same": shown}, _EXACT | {"high_from": 2})


def _values(bid: BidMaterial, field: str) -> set[str]:
    return {value for one in bid.particulars.contacts if (value := str(getattr(one, field)))}


def _control(material: Material) -> Iterator[Finding]:
    """The same legal head, or one of them holding or managing the other: void by art. 34, and no collusion by itself."""
    heads = ((bid.org, bid.particulars.legal_head_sha256) for bid in material.bids if bid.particulars.legal_head_sha256)
    for head, orgs in sharing(heads):
        yield Finding(Signal.CONTROL, Strength.HIGH, orgs, {"relation": "same_legal_head", "value": head}, _EXACT)
    for left, right in pairs(material.bids):
        for holder, held in ((left, right), (right, left)):
            code = holder.particulars.uscc
            if code and code in held.particulars.holders:
                raw: dict[str, JSON] = {"relation": "holds", "holder": holder.org, "held": held.org, "value": code}
                yield Finding(Signal.CONTROL, Strength.HIGH, (left.org, right.org), raw, _EXACT)
    for code, orgs in sharing((bid.org, holder) for bid in material.bids for holder in bid.particulars.holders):
        yield Finding(Signal.CONTROL, Strength.LOW, orgs, {"relation": "same_holder", "value": code}, _EXACT)
