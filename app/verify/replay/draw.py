"""The expert draw, drawn again from its slips: nobody picked, and whoever stepped back was followed by the next in line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.verify.entries import Entry
from app.verify.replay import lots, provincial
from app.verify.replay.slips import check_opened
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel import draw as kernel
from core.kernel import jcs
from core.kernel.draw import Drawn
from core.kernel.encoding import sha256
from evaluation.domain.draw import PARTIES


@dataclass(frozen=True)
class Held:
    """One draw of the lot, by its statements; `reveals` holds the slips that two offices opened beside those that were shown."""

    name: str
    request: Entry
    commits: Sequence[Entry]
    reveals: Sequence[Entry]
    result: Entry | None
    shares: Sequence[Entry] = ()
    replies: Sequence[Entry] = ()

    def record(self, case: str, recused_later: Sequence[str]) -> dict[str, Any]:
        """The draw record that these statements make."""
        said: dict[str, Any] = {
            "case": case,
            "draw": self.name,
            "request": dict(self.request.part("request")),
            "commits": {entry.text("party"): entry.text("commit") for entry in self.commits},
            "reveals": {entry.text("party"): entry.text("value") for entry in self.reveals},
        }
        return said | {"recused_later": list(recused_later)}


_KINDS = ("draw.commit", "draw.reveal", "draw.share", "draw.opened", "draw.result", "draw.reply")


def draws(story: Story) -> list[Held]:
    """The draws of the lot in their order."""
    found = []
    for request in story.all("draw.request"):
        name = request.text("draw")
        mine = [entry for entry in story.all(*_KINDS) if entry.text("draw") == name]
        of = {kind: [entry for entry in mine if entry.kind == kind] for kind in _KINDS}
        if len(of["draw.result"]) > 1:
            raise Broken(of["draw.result"][1].member, "event_twice", kind="draw.result")
        shown = sorted((*of["draw.reveal"], *of["draw.opened"]), key=lambda entry: entry.seq)
        found.append(Held(name, request, of["draw.commit"], shown, next(iter(of["draw.result"]), None), of["draw.share"], of["draw.reply"]))
    return found


def check_draws(story: Story) -> int:
    """Every draw: three slips sealed before the first was opened, each as sealed, and the list that they give; returns how many."""
    for held in draws(story):
        if provincial.by_of(held.request) is None:
            _check_slips(held)
            check_opened(story, held)
        else:
            provincial.check_replies(story, held)
        if held.result is None:
            continue
        drawn = replay(story, held, ())
        computed = {name: value for name, value in drawn.to_json().items() if name != "commits_match"}
        same(held.result, {name: held.result.body.get(name) for name in computed}, computed, "draw_differs")
        if drawn.mismatched:
            raise Broken(held.result.member, "slip_differs", party=",".join(drawn.mismatched))
    return len(draws(story))


def _check_slips(held: Held) -> None:
    for slips in (held.commits, held.reveals):
        parties = [entry.text("party") for entry in slips]
        for entry in slips:
            if entry.kind != "draw.opened":
                same(entry, entry.text("party"), entry.role, "role_differs", role=entry.role)
            entry.require(parties.count(entry.text("party")) == 1, "slip_twice")
    if held.reveals:
        first = min(held.reveals, key=lambda entry: entry.seq)
        first.require({entry.text("party") for entry in held.commits} == PARTIES, "revealed_too_early")
        first.require(all(entry.seq < first.seq for entry in held.commits), "revealed_too_early")
    if held.result is not None:
        held.result.require({entry.text("party") for entry in held.reveals} == PARTIES, "slip_missing")
        held.result.require(all(entry.seq < held.result.seq for entry in held.reveals), "slip_missing")


def replay(story: Story, held: Held, recused_later: Sequence[str]) -> Drawn:
    """The draw recomputed, or the list of a provincial pool's replies; raises Broken."""
    if provincial.by_of(held.request) is not None:
        return provincial.listed(story, held, recused_later)
    with inside(held.request.member):
        return kernel.replay(kernel.parse_draw(held.record(story.case, recused_later)))


def recused_later(story: Story, held: Held) -> list[tuple[int, str]]:
    """Who left after the draw, with the number of the event: answering a call, noted by the centre, or in the room."""
    found: dict[str, int] = {}
    for entry in story.all("draw.recusal", "draw.answer"):
        if entry.text("draw") == held.name and (entry.kind == "draw.recusal" or entry.text("answer") == "cannot"):
            found.setdefault(entry.text("id"), entry.seq)
    for entry in story.all("draw.exhausted"):
        if entry.text("draw") == held.name:
            found.pop(entry.text("id"), None)  # nobody could follow: the list ends with them on it
    seats: Mapping[str, str] = {}
    for entry in story.entries:
        if entry.kind == "committee.form" and entry.text("draw") == held.name:
            new = {str(one["code"]): str(one["pseudonym"]) for one in entry.parts("seats")}
            gone = [seats[code] for code in sorted(seats, key=int) if new.get(code) != seats[code]]
            entry.require(not seats or len(gone) == 1, "seats_differ")
            for one in gone:
                found.setdefault(one, entry.seq)
            seats = new
    return sorted((seq, one) for one, seq in found.items())


def check_records(story: Story) -> None:
    """The draw records beside the events are what those say."""
    wanted = {name: digest for kind in ("coefficient", "award_draw", "tie_draw") for name, digest in lots.records(story, kind).items()}
    for held in draws(story):
        gone = [one for _, one in recused_later(story, held)]
        wanted[f"draw/{story.lot}-{held.name}.json"] = sha256(jcs.canonical(held.record(story.case, gone))).hex()
    shown = {name: story.package.digests[name] for name in story.package.names(f"draw/{story.lot}-")}
    for name in sorted(wanted.keys() | shown.keys()):
        if wanted.get(name) != shown.get(name):
            raise Broken(name, "draw_differs")
