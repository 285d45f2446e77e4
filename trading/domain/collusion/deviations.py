"""The same departures from the tender document's words: misprints and small changes that two bids make at the same place.

Bids quote the tender document. Who copies it makes no change or his own; that two make the same small change at the same place, and few
others do, says that one of them was copied from the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from rapidfuzz.distance import Levenshtein

from core.kernel.jcs import JSON
from trading.domain.collusion import winnowing
from trading.domain.collusion.card import Finding, Signal, Strength
from trading.domain.collusion.paragraphs import Paragraph
from trading.domain.collusion.reading import Reading

ALIKE = 0.85  # from which a paragraph is a quotation of the tender document
LONGEST_CHANGE = 2  # characters replaced, left out or put in; longer ones are what a form asks for
MEDIUM_FROM, HIGH_FROM = 2, 3  # same changes
MOST_SHOWN = 100
_WORDS = re.compile(r"[^\W\d_a-z零〇一二三四五六七八九十百千万亿两]+")

Change: TypeAlias = tuple[int, int, str, str]  # clause, place in it, what it says, what the bid says


def findings(reading: Reading) -> Iterator[Finding]:
    """A finding for each two bids that depart from the tender document in the same way where at most a third of all bids do."""
    orgs, words = reading.orgs, reading.clauses
    made: dict[Change, dict[int, Paragraph]] = defaultdict(dict)
    for at, clause in _quotations(reading):
        for change in _changes(clause, words[clause], reading.held[at].plain):
            made[change].setdefault(reading.owners[at], reading.held[at])
    by_pair: dict[tuple[int, int], list[Change]] = defaultdict(list)
    for change, where in made.items():
        if 1 < len(where) <= max(2, len(orgs) // 3):
            bidders = sorted(where)
            for place, left in enumerate(bidders):
                for right in bidders[place + 1 :]:
                    by_pair[left, right].append(change)
    for (left, right), changes in sorted(by_pair.items()):
        shown: list[JSON] = [_shown(change, words, made[change][left], made[change][right]) for change in sorted(changes)[:MOST_SHOWN]]
        yield Finding(
            Signal.SAME_DEVIATION,
            Strength.HIGH if len(changes) >= HIGH_FROM else Strength.MEDIUM if len(changes) >= MEDIUM_FROM else Strength.LOW,
            (orgs[left], orgs[right]),
            {"changes": shown, "count": len(changes)},
            {"quotation_from": f"{ALIKE:.2f}", "longest_change": LONGEST_CHANGE, "in_bids_at_most": max(2, len(orgs) // 3)},
        )


def _quotations(reading: Reading) -> Iterator[tuple[int, int]]:
    """Paragraphs that quote a clause with changes: number of the paragraph, number of the clause it is closest to."""
    best: dict[int, tuple[float, int]] = {}
    for clause, at in winnowing.quotations(reading.clause_prints, reading.prints):
        said, written = reading.clauses[clause], reading.held[at].plain
        alike = 1.0 if said == written else Levenshtein.normalized_similarity(said, written, score_cutoff=ALIKE)
        if alike >= ALIKE and alike > best.get(at, (0.0, 0))[0]:
            best[at] = (alike, clause)
    yield from ((at, clause) for at, (alike, clause) in sorted(best.items()) if alike < 1.0)


def _changes(clause: int, said: str, written: str) -> Iterator[Change]:
    """Small changes of hanzi; figures, however written, and long insertions are answers to a form."""
    for first, last in _edits(Levenshtein.opcodes(said, written)):
        old, new = said[first.src_start : last.src_end], written[first.dest_start : last.dest_end]
        if len(old) <= LONGEST_CHANGE and len(new) <= LONGEST_CHANGE and _WORDS.fullmatch(old + new):
            yield clause, first.src_start, old, new


def _edits(steps: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Neighbouring steps are one edit: its first and its last."""
    held: list[Any] = []
    for step in steps:
        if step.tag != "equal":
            held.append(step)
        elif held:
            yield held[0], held[-1]
            held = []
    if held:
        yield held[0], held[-1]


def _shown(change: Change, words: Sequence[str], left: Paragraph, right: Paragraph) -> dict[str, JSON]:
    clause, place, old, new = change
    around = words[clause][max(0, place - 12) : place + len(old) + 12]
    sides: dict[str, JSON] = {
        name: {"file": one.file, "page": one.page, "text": one.text} for name, one in (("left", left), ("right", right))
    }
    return {"tender": around, "old": old, "new": new, **sides}
