"""Two passages side by side: which stretches of each are the other's too."""

from __future__ import annotations

from typing import TypeAlias

from rapidfuzz.distance import Indel

LEAST = 3  # shorter stretches are chance
MOST = 4_000  # characters that are compared; the rest is shown unmarked

Stretches: TypeAlias = tuple[tuple[str, bool], ...]


def marked(left: str, right: str) -> tuple[Stretches, Stretches]:
    """Each text cut into stretches with whether they are shared; put together again they are the text."""
    mine, theirs = [False] * len(left), [False] * len(right)
    for step in Indel.opcodes(left[:MOST], right[:MOST]):
        if step.tag == "equal" and step.src_end - step.src_start >= LEAST:
            mine[step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
            theirs[step.dest_start : step.dest_end] = [True] * (step.dest_end - step.dest_start)
    return _stretches(left, mine), _stretches(right, theirs)


def _stretches(text: str, shared: list[bool]) -> Stretches:
    found: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or shared[at] != shared[start]:
            found.append((text[start:at], shared[start]))
            start = at
    return tuple(found) if text else ()
