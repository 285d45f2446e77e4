"""The winnowed index: few fingerprints of each paragraph, such that whatever two paragraphs share at length shows in them.

Every run of 8 letters or digits has a 64-bit hash; of each 8 neighbouring hashes the smallest is kept (Schleimer, Wilkerson, Aiken:
Winnowing, SIGMOD 2003). Two paragraphs that share 15 or more characters in a row share a fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

GRAM = 8
WINDOW = 8
BASE = 1_099_511_628_211
MIX = 0x9E37_79B9_7F4A_7C15
REPEATS = 64  # in how many further paragraphs a fingerprint is looked for
FEWEST, PART = 3, 0.25  # shared fingerprints for a candidate: so many, and this part of the smaller paragraph's own
OWN_PART = 0.3  # a paragraph most of whose fingerprints are everybody's is nobody's own

_NONE = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_BREAK = "\0"

Hashes: TypeAlias = NDArray[np.uint64]
Numbers: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Prints:
    """Fingerprints with the numbers of their texts, by hash and then by number, each pair once; `count` texts in all."""

    hashes: Hashes
    numbers: Numbers
    count: int

    @classmethod
    def of(cls, texts: Sequence[str]) -> Prints:
        """The winnowed fingerprints of some texts."""
        hashes, numbers = _grams(texts)
        kept = np.arange(len(hashes)) if len(hashes) < WINDOW else _smallest(hashes)
        kept = kept[hashes[kept] != _NONE]
        return cls(*_distinct(hashes[kept], numbers[kept]), len(texts))

    def per_text(self) -> Numbers:
        """How many each text has."""
        counted: Numbers = np.bincount(self.numbers, minlength=self.count)
        return counted

    def only(self, kept: NDArray[np.bool_]) -> Prints:
        """Those that are marked."""
        return Prints(self.hashes[kept], self.numbers[kept], self.count)


def all_grams(texts: Sequence[str]) -> Hashes:
    """The distinct hashes of all runs, sorted: what a tender document lends to whoever quotes it."""
    hashes, _ = _grams(texts)
    values, _ = _counted(np.sort(hashes[hashes != _NONE]))
    return values


def candidates(prints: Prints, owners: Sequence[int], given: Hashes) -> Iterator[tuple[int, int]]:
    """Pairs of texts of different owners worth a fine comparison. `given` are the runs of the tender document; runs in more than half of
    the owners' texts (three at least) are the trade's and nobody's own; a run in very many texts is followed to its next ones."""
    if not prints.count:
        return
    bids = np.asarray(owners, dtype=np.int64)
    total = prints.per_text()
    own = prints.only(~_among(prints.hashes, given) & _rare(prints, bids, most_owners(len(set(owners)))))
    held = own.per_text()
    useful = (held >= FEWEST) & (held >= OWN_PART * total)
    for left, right, shared in _meetings(own.only(useful[own.numbers]), bids):
        if shared >= max(FEWEST, PART * min(held[left], held[right])):
            yield left, right


def quotations(clauses: Prints, prints: Prints) -> Iterator[tuple[int, int]]:
    """Pairs of a clause and a text that quotes it, by their numbers: half of the smaller one's fingerprints are shared."""
    first = np.searchsorted(prints.hashes, clauses.hashes, side="left")
    counts = np.searchsorted(prints.hashes, clauses.hashes, side="right") - first
    before = np.concatenate(([0], np.cumsum(counts)))
    at = np.arange(before[-1]) + np.repeat(first - before[:-1], counts)
    pairs = np.repeat(clauses.numbers, counts) * prints.count + prints.numbers[at]
    values, shared = _counted(np.sort(pairs))
    of_clauses, of_texts = clauses.per_text(), prints.per_text()
    left, right = values // max(prints.count, 1), values % max(prints.count, 1)
    enough = shared >= np.maximum(FEWEST, np.minimum(of_clauses[left], of_texts[right]) / 2)
    yield from zip(left[enough].tolist(), right[enough].tolist(), strict=True)


def most_owners(count: int) -> int:
    """In how many bids a run may stand and still be somebody's own."""
    return max(3, count // 2)


def _grams(texts: Sequence[str]) -> tuple[Hashes, Numbers]:
    """The hash of every run of 8 characters, and the number of the text in which it stands; runs across two texts hash to `_NONE`."""
    joined = _BREAK.join(texts) + _BREAK
    signs = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    ends = np.flatnonzero(signs == 0)
    count = max(len(signs) - GRAM + 1, 0)
    hashes = np.zeros(count, dtype=np.uint64)
    for step in range(GRAM):
        hashes *= np.uint64(BASE)
        hashes += signs[step : step + count]
    hashes ^= hashes >> np.uint64(31)
    hashes *= np.uint64(MIX)
    hashes ^= hashes >> np.uint64(29)
    for step in range(GRAM):
        crossing = ends - step
        hashes[crossing[(crossing >= 0) & (crossing < count)]] = _NONE
    lengths = np.diff(ends, prepend=-1)
    return hashes, np.repeat(np.arange(len(ends), dtype=np.int64), lengths)[:count]


def _smallest(hashes: Hashes) -> Numbers:
    """The places of the hashes that are the smallest of some window."""
    least = hashes
    width = 1
    while width < WINDOW:
        least = np.minimum(least[:-width], least[width:])
        width *= 2
    changed = np.ones(len(least), dtype=bool)
    changed[1:] = least[1:] != least[:-1]
    starts = np.flatnonzero(changed)
    windows = np.lib.stride_tricks.sliding_window_view(hashes, WINDOW)[starts]
    places: Numbers = windows.argmin(axis=1) + starts
    return places


def _among(hashes: Hashes, given: Hashes) -> NDArray[np.bool_]:
    if not len(given):
        return np.zeros(len(hashes), dtype=bool)
    at = np.minimum(np.searchsorted(given, hashes), len(given) - 1)
    found: NDArray[np.bool_] = given[at] == hashes
    return found


def _rare(prints: Prints, bids: Numbers, most: int) -> NDArray[np.bool_]:
    """Texts are numbered bid by bid: among equal hashes, sorted by number, a bid begins where the owner changes."""
    hashes, owners = prints.hashes, bids[prints.numbers]
    begins = np.ones(len(hashes), dtype=bool)
    begins[1:] = (hashes[1:] != hashes[:-1]) | (owners[1:] != owners[:-1])
    values, counts = _counted(hashes[begins])
    rare: NDArray[np.bool_] = (counts <= most)[np.searchsorted(values, hashes)]
    return rare


def _meetings(prints: Prints, bids: Numbers) -> Iterator[tuple[int, int, int]]:
    """Pairs of texts of different owners that share fingerprints, and how many; the lower number first."""
    met: list[Any] = []
    for step in range(1, REPEATS + 1):
        same = np.flatnonzero(prints.hashes[step:] == prints.hashes[:-step])
        if not len(same):
            break
        left, right = prints.numbers[same], prints.numbers[same + step]
        apart = bids[left] != bids[right]
        met.append(left[apart] * prints.count + right[apart])
    if met:
        keys, counts = _counted(np.sort(np.concatenate(met)))
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            yield key // prints.count, key % prints.count, count


def _counted(ordered: NDArray[Any]) -> tuple[NDArray[Any], Numbers]:
    """The distinct values of a sorted array, and how often each stands in it."""
    if not len(ordered):
        return ordered, np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[begins], np.diff(np.append(begins, len(ordered)))


def _distinct(hashes: Hashes, numbers: Numbers) -> tuple[Hashes, Numbers]:
    """The pairs once each, by hash and then by number; `numbers` come in order, and a stable sort leaves them so among equals."""
    order = np.argsort(hashes, kind="stable")
    hashes, numbers = hashes[order], numbers[order]
    first = np.ones(len(hashes), dtype=bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (numbers[1:] != numbers[:-1])
    return hashes[first], numbers[first]
