"""What programs leave in a file: author, company, who saved it last and when, the file that it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from core.kernel.jcs import JSON
from trading.domain.collusion.card import Finding, Signal, Strength
from trading.domain.collusion.material import BidMaterial, Material, pairs

# What PDF and office files call it, and what a card does. A PDF's `Creator` is a program, an office file's `creator` a person.
FIELDS = {
    "Author": "author",
    "creator": "author",
    "Company": "company",
    "lastModifiedBy": "last_modified_by",
    "SourceModified": "modified",
    "ModDate": "modified",
    "modified": "modified",
    "CreationDate": "created",
    "created": "created",
    "DocumentID": "source",
    "InstanceID": "source",
    "ID0": "source",
}
TIMES = {"created", "modified"}  # a file saved once bears one moment under both names: that is one mark
DEFAULTS = {
    "administrator",
    "admin",
    "user",
    "windowsuser",
    "microsoftofficeuser",
    "微软用户",
    "用户",
    "lenovo",
    "dell",
    "hp",
    "pc",
    "unknown",
}

Mark: TypeAlias = tuple[str, str]


def findings(material: Material) -> Iterator[Finding]:
    """A finding for each two bids whose files share a mark that the tender document's own files do not bear."""
    given = {mark for document in material.tender for mark, _ in _marks(document.metadata)}
    for left, right in pairs(material.bids):
        mine, theirs = _held(left), _held(right)
        same = sorted((mine.keys() & theirs.keys()) - given)
        if same:
            is_only_times, moments = {field for field, _ in same} <= TIMES, {moment for _, moment in same}
            shown: list[JSON] = [{"field": mark[0], "value": mine[mark][0], "files": [*mine[mark][1:], *theirs[mark][1:]]} for mark in same]
            strength = Strength.LOW if is_only_times and len(moments) == 1 else Strength.MEDIUM
            yield Finding(Signal.SAME_METADATA, strength, (left.org, right.org), {"same": shown}, {"compare": "folded"})


def _held(bid: BidMaterial) -> dict[Mark, tuple[str, ...]]:
    """Mark → as it was written, and the digests of the files that bear it."""
    held: dict[Mark, tuple[str, ...]] = {}
    for document in bid.documents:
        for mark, written in _marks(document.metadata):
            held[mark] = (*held.get(mark, (written,)), document.sha256)
    return held


def _marks(metadata: Mapping[str, str]) -> Iterator[tuple[Mark, str]]:
    for name, written in metadata.items():
        field = FIELDS.get(name)
        folded = re.sub(r"\s", "", written).lower()
        if field is not None and len(folded) > 1 and folded not in DEFAULTS:
            yield (field, folded), written
