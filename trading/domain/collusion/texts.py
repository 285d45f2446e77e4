"""The same words in two bids (art. 40, item 4): paragraphs found by the winnowed index, then compared sign by sign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from core.kernel.jcs import JSON
from trading.domain.collusion import winnowing
from trading.domain.collusion.card import Finding, Signal, Strength, share
from trading.domain.collusion.paragraphs import Paragraph
from trading.domain.collusion.reading import Reading

ALIKE = 80.0  # per cent, from which two paragraphs are a passage
SURE_SHARE = 0.9  # of the smaller bid's own words
MEDIUM_PASSAGES, MEDIUM_SIGNS = 3, 300
MOST_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph in one bid and its like in another, with their likeness in per cent."""

    left: Paragraph
    right: Paragraph
    alike: float

    @property
    def signs(self) -> int:
        """How many letters and digits the shorter one has."""
        return min(len(self.left.plain), len(self.right.plain))

    def to_json(self) -> dict[str, JSON]:
        """As a card shows it."""
        return {"left": _place(self.left), "right": _place(self.right), "alike": f"{self.alike / 100:.3f}"}


def findings(reading: Reading) -> Iterator[Finding]:
    """A finding for each two bids that share passages which neither the tender document, nor standard clauses, nor most bids have."""
    owners, held = reading.owners, reading.held
    by_pair: dict[tuple[int, int], list[Passage]] = defaultdict(list)
    for left, right in winnowing.candidates(reading.prints, owners, winnowing.all_grams(reading.clauses)):
        if (alike := likeness(held[left].plain, held[right].plain)) >= ALIKE:
            by_pair[owners[left], owners[right]].append(Passage(held[left], held[right], alike))
    signs = _signs(owners, held)
    for (first, second), found in sorted(by_pair.items()):
        bidders = reading.orgs[first], reading.orgs[second]
        yield _finding(bidders, _best(found), min(signs[first], signs[second]), len(reading.orgs))


def likeness(left: str, right: str) -> float:
    """How alike two plain texts are, in per cent: as wholes, or the shorter one beside its like inside the longer."""
    short, long = sorted((left, right), key=len)
    whole = fuzz.ratio(short, long, score_cutoff=ALIKE)
    if whole >= ALIKE or len(long) < 1.4 * len(short):
        return float(whole)
    return float(fuzz.partial_ratio(short, long, score_cutoff=ALIKE))


def _best(found: Sequence[Passage]) -> list[Passage]:
    """Each paragraph of the left bid once, with its closest like; in the order of its pages."""
    best: dict[Paragraph, Passage] = {}
    for one in found:
        if one.left not in best or one.alike > best[one.left].alike:
            best[one.left] = one
    return sorted(best.values(), key=lambda one: (one.left.file, one.left.page))


def _signs(owners: Sequence[int], held: Sequence[Paragraph]) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    for owner, one in zip(owners, held, strict=True):
        counted[owner] += len(one.plain)
    return counted


def _finding(bidders: tuple[str, str], passages: Sequence[Passage], smaller: int, count: int) -> Finding:
    signs = sum(one.signs for one in passages)
    sure = signs >= SURE_SHARE * smaller
    some = len(passages) >= MEDIUM_PASSAGES or signs >= MEDIUM_SIGNS
    strength = Strength.HIGH if sure else Strength.MEDIUM if some else Strength.LOW
    shown: list[JSON] = [one.to_json() for one in passages[:MOST_SHOWN]]
    raw: dict[str, JSON] = {"passages": shown, "count": len(passages), "signs": signs, "share": share(signs, smaller)}
    computed: dict[str, JSON] = {
        "gram": winnowing.GRAM,
        "window": winnowing.WINDOW,
        "in_bids_at_most": winnowing.most_owners(count),
        "alike_from": f"{ALIKE / 100:.2f}",
        "high_share_from": f"{SURE_SHARE:.2f}",
    }
    return Finding(Signal.SIMILAR_TEXT, strength, bidders, raw, computed)


def _place(one: Paragraph) -> dict[str, JSON]:
    return {"file": one.file, "page": one.page, "text": one.text}
