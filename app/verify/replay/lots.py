"""One draw of lots, drawn again from its slips: all sealed before the first was opened, and the order they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel import draw as kernel
from core.kernel import jcs
from core.kernel.encoding import sha256
from trading.domain import lots_drawn as rules
from trading.domain.lots_drawn import PARTIES, RedrawBody, SlipBody

INSTANT = timedelta(seconds=1)  # an act is dated when it is recorded, and judged a moment before


@dataclass
class Drawing:
    """A draw by its name: who draws, among what, and the slips so far; `asked` is the platform's word that began it."""

    case: str
    name: str
    request: Mapping[str, Any]
    parties: tuple[str, ...] = PARTIES
    asked: Entry | None = None
    commits: dict[str, Entry] = field(default_factory=dict)
    reveals: dict[str, Entry] = field(default_factory=dict)

    def slip(self, entry: Entry) -> None:
        """A party's slip, sealed or opened. Raises Broken."""
        sealed = entry.kind.endswith(".commit")
        with inside(entry.member):
            said = SlipBody.read(entry.body, "commit" if sealed else "value")
        same(entry, said.party, entry.role, "role_differs", role=entry.role)
        slips = self.commits if sealed else self.reveals
        entry.require(said.party in self.parties and said.party not in slips, "slip_twice")
        entry.require(sealed or set(self.commits) == set(self.parties), "revealed_too_early")
        slips[said.party] = entry

    def next_parties(self, entry: Entry) -> tuple[str, ...]:
        """Who draws after this draw was given up: a party had been silent long enough, and is left out. Raises Broken."""
        with inside(entry.member):
            RedrawBody.read(entry.body)
        assert self.asked is not None
        complete = set(self.commits) == set(self.parties)
        since = max((one.at for one in self.commits.values()), default=self.asked.at) if complete else self.asked.at
        entry.require(entry.at >= since + rules.PATIENCE - INSTANT, "too_early", kind=entry.kind)
        facts = rules.DrawFacts(
            now=entry.at,
            since=since,
            parties=frozenset(self.parties),
            committed=frozenset(self.commits),
            revealed=frozenset(self.reveals),
        )
        return rules.next_parties(facts, rules.DrawState.COMMITTED if complete else rules.DrawState.REQUESTED)

    def drawn(self, entry: Entry) -> kernel.Drawn:
        """What the slips draw; the result that the platform tells in `entry` rests on the same seed. Raises Broken."""
        entry.require(set(self.reveals) == set(self.parties), "slip_missing")
        with inside(entry.member):
            found = kernel.replay(kernel.parse_draw(self.record()))
        if found.mismatched:
            raise Broken(entry.member, "slip_differs", party=",".join(found.mismatched))
        said = {"pool_hash": found.pool_hash.hex(), "seed": found.seed.hex()}
        same(entry, {name: entry.body.get(name) for name in said}, said, "draw_differs")
        return found

    def result(self, entry: Entry, stratum: str) -> tuple[str, ...]:
        """The order that the slips make, which is what the platform says. Raises Broken."""
        found = self.drawn(entry)
        order = [*found.picked[stratum], *found.reserves[stratum]]
        same(entry, entry.body.get("order"), order, "draw_differs")
        return tuple(order)

    def record(self) -> dict[str, Any]:
        """The draw record that these slips make."""
        return {
            "case": self.case,
            "draw": self.name,
            "request": dict(self.request),
            "commits": {party: entry.text("commit") for party, entry in self.commits.items()},
            "reveals": {party: entry.text("value") for party, entry in self.reveals.items()},
            "recused_later": [],
        }


def records(story: Story, kind: str) -> dict[str, str]:
    """Member of the package → digest, of the records of draws of lots of this kind that ended in a result."""
    found = {}
    said = [entry for entry in story.everything or story.entries if entry.kind.startswith(f"{kind}.")]
    for result in (entry for entry in said if entry.kind == f"{kind}.result"):
        name = result.text("draw")
        mine = [entry for entry in said if entry.body.get("draw") == name]
        request = next((entry.part("request") for entry in mine if entry.kind == f"{kind}.request"), None)
        result.require(request is not None, "draw_missing")
        slips = {step: {one.text("party"): one for one in mine if one.kind == f"{kind}.{step}"} for step in ("commit", "reveal")}
        drawing = Drawing(story.case, name, request or {}, commits=slips["commit"], reveals=slips["reveal"])
        found[f"draw/{story.lot}-{name}.json"] = sha256(jcs.canonical(drawing.record())).hex()
    return found
