"""Machine fingerprints: the same file-maker's code, pricing lock or source file is strong; a network card, processor or disk alone is weak.

One serial number proves little: virtual network cards, repair shops and shared computers give the same. Several fields together say more.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.jcs import JSON
from trading.domain.collusion.card import Finding, Signal, Strength
from trading.domain.collusion.material import Material, pairs, sharing

STRONG = {"machine_code": Signal.MACHINE_CODE, "pricing_lock": Signal.PRICING_LOCK, "source_file": Signal.SOURCE_FILE}
HARDWARE = ("mac", "cpu", "disk")


def findings(material: Material) -> Iterator[Finding]:
    """A finding for each strong mark that several bids bear, and for each two bids that share parts of a machine."""
    for name, signal in STRONG.items():
        held = ((bid.org, value) for bid in material.bids for mark, value in bid.particulars.fingerprints if mark == name)
        for value, orgs in sharing(held):
            yield Finding(signal, Strength.HIGH, orgs, {"field": name, "value": value}, {"compare": "exact"})
    yield from _same_files(material)
    for left, right in pairs(material.bids):
        mine = {one for one in left.particulars.fingerprints if one[0] in HARDWARE}
        same = sorted(mine & set(right.particulars.fingerprints))
        if same:
            fields = {name for name, _ in same}
            strength = Strength.HIGH if len(fields) == len(HARDWARE) else Strength.MEDIUM
            shown: list[JSON] = [{"field": name, "value": value} for name, value in same]
            yield Finding(
                Signal.HARDWARE, strength, (left.org, right.org), {"same": shown}, {"compare": "exact", "high_from": len(HARDWARE)}
            )


def _same_files(material: Material) -> Iterator[Finding]:
    """The very same file in two bids, bit for bit, which the tender document did not hand to everybody."""
    given = {document.sha256 for document in material.tender}
    held = [(bid.org, (one.sha256, one.name)) for bid in material.bids for one in bid.documents if one.sha256 not in given]
    names = {sha256: name for _, (sha256, name) in held}
    for sha256, orgs in sharing((org, sha256) for org, (sha256, _) in held):
        raw: dict[str, JSON] = {"field": "same_file", "value": sha256, "name": names[sha256]}
        yield Finding(Signal.SOURCE_FILE, Strength.MEDIUM, orgs, raw, {"compare": "exact"})
