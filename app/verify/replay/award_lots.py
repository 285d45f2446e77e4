"""Draws of lots in an award session: members drawn, or candidates that are level, one draw after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.lots import Drawing
from app.verify.replay.story import Story, same
from core.kernel import draw as kernel
from evaluation.domain.award_roster import STRATUM, lots_request
from trading.domain.lots_drawn import PARTIES

KINDS = ("award_draw.commit", "award_draw.reveal", "award_draw.redraw", "award_draw.result")


@dataclass
class Draws:
    """The draws of one session; the last of them is under way until it has its order."""

    story: Story
    number: int = field(init=False)
    purpose: str = ""
    quota: int = 0
    drawing: Drawing | None = None

    def __post_init__(self) -> None:
        """Names are given out once: those of a session before a further round are used."""
        standing = {entry.seq for entry in self.story.entries}
        used = [entry for entry in self.story.everything if entry.kind == "award_draw.request" and entry.seq not in standing]
        begun = self.story.all("award.open")
        self.number = sum(bool(begun) and entry.seq < begun[0].seq for entry in used)

    def due(self, purpose: str, among: Sequence[str], quota: int, parties: Sequence[str] = PARTIES) -> tuple[str, dict[str, Any]]:
        """What the platform must say to begin a draw."""
        self.number, self.purpose, self.quota = self.number + 1, purpose, quota
        request, name = lots_request(among, quota), f"award-{self.story.lot}-{self.number}"
        self.drawing = Drawing(self.story.case, name, request, tuple(parties))
        said = {"draw": name, "purpose": purpose, "parties": list(parties), "request": request}
        return "award_draw.request", said | {"pool_hash": kernel.pool_hash(request).hex()}

    @property
    def asked(self) -> Entry | None:
        """The platform's word with which the draw under way began; None where none is."""
        return None if self.drawing is None else self.drawing.asked

    def ask(self, entry: Entry) -> None:
        """The platform has begun it."""
        assert self.drawing is not None
        self.drawing.asked = entry

    def take(self, entry: Entry) -> tuple[str, ...] | None:
        """A slip, a redraw, or the result; the order that was drawn, None while there is none. Raises Broken."""
        drawing = self._under_way(entry)
        if entry.kind == "award_draw.result":
            order = drawing.result(entry, STRATUM)
            drawing.asked = None
            return order
        if entry.kind != "award_draw.redraw":
            drawing.slip(entry)
        return None

    def again(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        """The draw that follows one that was given up: a party had been silent long enough, and is left out."""
        drawing = self._under_way(entry)
        among = [str(one["id"]) for one in drawing.request["pool"]]
        return self.due(self.purpose, among, self.quota, drawing.next_parties(entry))

    def _under_way(self, entry: Entry) -> Drawing:
        said, drawing = entry.text("draw"), self.drawing
        same(entry, said, "" if drawing is None else drawing.name, "draw_differs")
        assert drawing is not None
        entry.require(drawing.asked is not None, "draw_differs")
        return drawing
