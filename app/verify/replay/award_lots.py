"""Draws of lots in an award session, drawn again from their slips: three sealed before the first was opened, and the order they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel import draw as kernel
from core.kernel import jcs
from core.kernel.encoding import sha256
from evaluation.domain.award_roster import STRATUM, lots_request
from trading.domain import coefficient as rules
from trading.domain.coefficient import PARTIES, RedrawBody, SlipBody

KINDS = ("award_draw.commit", "award_draw.reveal", "award_draw.redraw", "award_draw.result")


@dataclass
class Draws:
    """The draws of one session; the last of them is under way until it has its order."""

    story: Story
    number: int = 0
    purpose: str = ""
    quota: int = 0
    parties: tuple[str, ...] = PARTIES
    request: Mapping[str, Any] = field(default_factory=dict)
    asked: Entry | None = None
    commits: dict[str, Entry] = field(default_factory=dict)
    reveals: dict[str, Entry] = field(default_factory=dict)

    def due(self, purpose: str, among: Sequence[str], quota: int, parties: Sequence[str] = PARTIES) -> tuple[str, dict[str, Any]]:
        """What the platform must say to begin a draw."""
        self.number, self.purpose, self.quota, self.parties = self.number + 1, purpose, quota, tuple(parties)
        self.request, self.asked, self.commits, self.reveals = lots_request(among, quota), None, {}, {}
        said = {"draw": self.name, "purpose": purpose, "parties": list(parties), "request": self.request}
        return "award_draw.request", said | {"pool_hash": kernel.pool_hash(self.request).hex()}

    @property
    def name(self) -> str:
        """The name of the draw under way."""
        return f"award-{self.story.lot}-{self.number}"

    def ask(self, entry: Entry) -> None:
        """The platform has begun it."""
        self.asked = entry

    def take(self, entry: Entry) -> tuple[str, ...] | None:
        """A slip, a redraw, or the result; the order that was drawn, None while there is none. Raises Broken."""
        same(entry, entry.text("draw"), self.name, "draw_differs")
        entry.require(self.asked is not None, "draw_differs")
        if entry.kind == "award_draw.result":
            return self._result(entry)
        if entry.kind == "award_draw.redraw":
            return None
        with inside(entry.member):
            said = SlipBody.read(entry.body, "commit" if entry.kind == "award_draw.commit" else "value")
        same(entry, said.party, entry.role, "role_differs", role=entry.role)
        slips = self.commits if entry.kind == "award_draw.commit" else self.reveals
        entry.require(said.party in self.parties and said.party not in slips, "slip_twice")
        if slips is self.reveals:
            entry.require(set(self.commits) == set(self.parties), "revealed_too_early")
        slips[said.party] = entry
        return None

    def again(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        """The draw that follows one that was given up: a party had been silent long enough, and is left out."""
        with inside(entry.member):
            RedrawBody.read(entry.body)
        assert self.asked is not None
        complete = set(self.commits) == set(self.parties)
        since = max((one.at for one in self.commits.values()), default=self.asked.at) if complete else self.asked.at
        entry.require(entry.at >= since + rules.PATIENCE - _INSTANT, "too_early", kind=entry.kind)
        facts = rules.DrawFacts(
            now=entry.at,
            since=since,
            parties=frozenset(self.parties),
            committed=frozenset(self.commits),
            revealed=frozenset(self.reveals),
        )
        state = rules.DrawState.COMMITTED if complete else rules.DrawState.REQUESTED
        among = [str(one["id"]) for one in self.request["pool"]]
        return self.due(self.purpose, among, self.quota, rules.next_parties(facts, state))

    def _result(self, entry: Entry) -> tuple[str, ...]:
        entry.require(set(self.reveals) == set(self.parties), "slip_missing")
        record = self._record()
        with inside(entry.member):
            found = kernel.replay(kernel.parse_draw(record))
        if found.mismatched:
            raise Broken(entry.member, "slip_differs", party=",".join(found.mismatched))
        order = [*found.picked[STRATUM], *found.reserves[STRATUM]]
        said = {"pool_hash": found.pool_hash.hex(), "seed": found.seed.hex(), "order": order}
        same(entry, {name: entry.body.get(name) for name in said}, said, "draw_differs")
        self.asked = None
        return tuple(order)

    def _record(self) -> dict[str, Any]:
        return {
            "case": self.story.case,
            "draw": self.name,
            "request": dict(self.request),
            "commits": {party: entry.text("commit") for party, entry in self.commits.items()},
            "reveals": {party: entry.text("value") for party, entry in self.reveals.items()},
            "recused_later": [],
        }


_INSTANT = rules.PATIENCE / 300  # an act is dated when it is recorded, and judged a moment before


def records(story: Story) -> dict[str, str]:
    """Member of the package → digest, of the records of draws of lots that ended in a result."""
    found = {}
    for result in story.all("award_draw.result"):
        name = result.text("draw")
        mine = [entry for entry in story.all("award_draw.request", *KINDS) if entry.body.get("draw") == name]
        record: dict[str, Any] = {
            "case": story.case,
            "draw": name,
            "request": dict(next(entry for entry in mine if entry.kind == "award_draw.request").part("request")),
            "commits": {entry.text("party"): entry.text("commit") for entry in mine if entry.kind == "award_draw.commit"},
            "reveals": {entry.text("party"): entry.text("value") for entry in mine if entry.kind == "award_draw.reveal"},
            "recused_later": [],
        }
        found[f"draw/{story.lot}-{name}.json"] = sha256(jcs.canonical(record)).hex()
    return found
