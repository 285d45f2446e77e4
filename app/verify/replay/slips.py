"""Slips of silent parties: opened by two offices' shares of what the party had dealt, after its own time, and by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.verify.actors import office_of
from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel import slips as kernel
from core.kernel.sealing import THRESHOLD, read_share
from core.kernel.slips import WINDOW, Place
from evaluation.domain.draw import PARTIES, CommitBody, SlipShareBody

if TYPE_CHECKING:
    from app.verify.replay.draw import Held


def check_opened(story: Story, held: Held) -> None:
    """Every share is of the box in the commit, came when the party's time was over, and two of them gave the value; raises Broken."""
    given: dict[str, dict[str, bytes]] = {}
    commits = {entry.text("party"): entry for entry in held.commits}
    for entry in held.shares:
        with inside(entry.member):
            said = SlipShareBody.read(entry.body)
        entry.require(set(commits) == PARTIES and said.party in PARTIES, "revealed_too_early")
        entry.require(entry.at >= max(one.at for one in commits.values()) + WINDOW, "outside_window")
        same(entry, said.role, office_of(entry, story.ring), "office_differs")
        held_now = given.setdefault(said.party, {})
        entry.require(said.role not in held_now, "slip_twice")
        held_now[said.role] = _checked(entry, commits[said.party], said)
    for entry in held.reveals:
        if entry.kind == "draw.opened":
            party = entry.text("party")
            before = [one for one in held.shares if one.text("party") == party and one.seq < entry.seq]
            entry.require(len(before) >= THRESHOLD, "slip_missing")
            with inside(entry.member):
                shares = {one.text("role"): given[party][one.text("role")] for one in before}
                value = kernel.combine(Place(story.case, held.name, party), shares, commits[party].text("commit"))
            same(entry, entry.text("value"), value.hex(), "slip_differs", party=party)


def _checked(entry: Entry, commit: Entry, said: SlipShareBody) -> bytes:
    with inside(entry.member):
        promise = next((one for one in CommitBody.read(commit.body).shares if one.role == said.role), None)
    if promise is None:
        raise Broken(entry.member, "slip_undealt")
    with inside(entry.member):
        share = read_share(said.share)
        kernel.check_share(share, promise)
    return share
