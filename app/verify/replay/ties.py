"""Equal bids that the tender document leaves to lots: drawn again from their slips, once for the same bids, and the ranks they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.lots import Drawing
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel import draw as kernel
from evaluation.domain.methods.case import TieKey
from evaluation.domain.scoring_case import digest, full_result
from evaluation.domain.ties import STRATUM, due, name_of, pool_of, request_of, with_lots
from trading.domain.lots_drawn import PARTIES

KIND = "tie_draw"
Bids = frozenset[str]


@dataclass
class Replay:
    """The draws of a lot's room, event by event; `groups` are the equal bids that wait for a draw after the newest summary."""

    case: str
    lot: str
    ranked: bool
    number: int = 0
    document: Mapping[str, Any] = field(default_factory=dict)
    groups: Sequence[tuple[str, ...]] = ()
    held: dict[Bids, Drawing] = field(default_factory=dict)
    orders: dict[Bids, tuple[str, ...]] = field(default_factory=dict)
    word: tuple[Bids, tuple[str, ...]] | None = None  # a draw was given up: among whom the platform must draw at once, and who draws

    def play(self, entries: Sequence[Entry]) -> int:
        """Takes the events in their order; returns how many draws came to a result. Raises Broken at the first that could not be."""
        steps: Mapping[str, Callable[[Entry], None]] = {
            "summary": self._add_up,
            "committee.form": self._void,
            "reevaluation.open": self._void,
            f"{KIND}.request": self._ask,
            f"{KIND}.commit": self._slip,
            f"{KIND}.reveal": self._slip,
            f"{KIND}.redraw": self._give_up,
            f"{KIND}.result": self._draw,
            f"{KIND}.ranking": self._rank,
            "report.draft": self._report,
        }
        for entry in entries:
            if self.word is not None:
                same(entry, entry.kind, f"{KIND}.request", "draw_missing")
            if entry.kind in steps:
                steps[entry.kind](entry)
        if self.word is not None:
            raise Broken(entries[-1].member, "draw_missing")
        return len(self.orders)

    def _add_up(self, entry: Entry) -> None:
        self._rest_on(entry, dict(entry.part("document")))

    def _rest_on(self, entry: Entry, document: dict[str, Any]) -> dict[str, Any]:
        """What is equal by this case; returns its result."""
        with inside(entry.member):
            result = full_result(document)
            self.document, self.groups = document, due(document, result, ranked=self.ranked)
        return result

    def _void(self, _: Entry) -> None:
        """A seat was handed on, or a further round begins: nothing is added up until the next summary."""
        self.groups = ()

    def _ask(self, entry: Entry) -> None:
        with inside(entry.member):
            bids = frozenset(pool_of(entry.part("request")))
        wanted, parties = self.word or (bids, PARTIES)
        entry.require(bids == wanted and bids in map(frozenset, self.groups) and bids not in self.held, "lots_undue")
        self.number, self.word = self.number + 1, None
        request, name = request_of(bids), name_of(self.lot, self.number)
        made = {"draw": name, "parties": list(parties), "request": request, "pool_hash": kernel.pool_hash(request).hex()}
        same(entry, {key: entry.body.get(key) for key in made}, made, "draw_differs")
        self.held[bids] = Drawing(self.case, name, request, tuple(parties), entry)

    def _slip(self, entry: Entry) -> None:
        self.held[self._waited_for(entry)].slip(entry)

    def _give_up(self, entry: Entry) -> None:
        bids = self._waited_for(entry)
        self.word = bids, self.held.pop(bids).next_parties(entry)

    def _draw(self, entry: Entry) -> None:
        bids = self._waited_for(entry)
        self.orders[bids] = self.held[bids].result(entry, STRATUM)

    def _waited_for(self, entry: Entry) -> Bids:
        """The equal bids of the draw that an event names: under way, and the ranking waits for it."""
        name = entry.text("draw")
        bids = next((one for one, drawing in self.held.items() if drawing.name == name), None)
        entry.require(bids is not None and bids not in self.orders and bids in map(frozenset, self.groups), "lots_undue")
        assert bids is not None
        return bids

    def _rank(self, entry: Entry) -> None:
        """The newest summary once more, with every order that it waited for and no other."""
        bids = [frozenset(group) for group in self.groups]
        entry.require(bool(bids) and all(one in self.orders for one in bids), "lots_missing")
        case = with_lots(self.document, [(self.held[one].name, self.orders[one]) for one in bids])
        result = self._rest_on(entry, case)
        for name, made in (("document", case), ("result", result)):
            same(entry, digest(dict(entry.part(name))), digest(made), "lots_differ")
        said = {"case_sha256": digest(case), "result_sha256": digest(result)}
        same(entry, {name: entry.body.get(name) for name in said}, said, "lots_differ")

    def _report(self, entry: Entry) -> None:
        entry.require(not self.groups, "lots_missing")


def concerns(story: Story) -> bool:
    """Whether the tender document leaves equal bids to a draw, or lots were drawn."""
    summaries = story.all("summary")
    leaves = any(TieKey.DRAW in entry.part("document").get("tie_break", ()) for entry in summaries)
    return leaves or any(entry.kind.startswith(f"{KIND}.") for entry in story.everything or story.entries)


def check_ties(story: Story) -> int:
    """Every draw among equal bids, also of summaries that a replacement voided; returns how many came to a result."""
    return Replay(story.case, story.lot, not story.separation).play(story.everything or story.entries)
