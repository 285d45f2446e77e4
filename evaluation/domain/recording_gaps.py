"""Gaps in a recording: what is missing follows from when slices arrived, for the clock as for whoever checks it years later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SILENT = 3_000
"""ms without a slice after which a line is interrupted: browsers send one every 200 ms, and a wall has to be red within 5 s."""


@dataclass(frozen=True, slots=True)
class Hole:
    """An interval without a slice, from the last before to the first after it, in ms since 1970; `until` is None while it lasts."""

    since: int
    until: int | None


def holes(arrived: Iterable[int], since: int | None = None, now: int | None = None) -> Iterator[Hole]:
    """The holes in a line whose slices arrived at these moments (ms, ascending); `since`: the last before them, None where there is none;
    `now`: up to when it is looked, None where a last hole is nobody's matter."""
    last = since
    for at in arrived:
        if last is not None and at - last >= SILENT:
            yield Hole(last, at)
        last = at
    if last is not None and now is not None and now - last >= SILENT:
        yield Hole(last, None)
