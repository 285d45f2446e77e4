"""A lot by invitation: invitees answered for themselves and in time, nobody else's bid counted, nor that of one who had declined."""

from __future__ import annotations

from app.verify.replay import bids
from app.verify.replay.prequalification import passers
from app.verify.replay.story import Story
from app.verify.verdict import inside
from trading.domain.invitation import Answer, Invitation, InviteeAction
from trading.domain.notice import TenderNotice


def _said(story: Story) -> Invitation | None:
    if not story.has("notice.publish"):
        return None
    with inside(story.notice.member):
        return TenderNotice.read(story.notice.body).invitation


def is_by_invitation(story: Story) -> bool:
    """Whether the notice invites, or somebody answered as if it did."""
    return _said(story) is not None or story.has("invitation.answer")


def check_invitation(story: Story) -> str:
    """Replays the answers and holds the bids against them; returns how many were invited and how many answers there were."""
    said = _said(story)
    invited = frozenset(str(one.org) for one in said.invitees) if said is not None else passers(story)
    answers = story.all("invitation.answer")
    speaks_for: dict[str, str] = {}
    last: dict[str, InviteeAction] = {}
    for entry in answers:
        with inside(entry.member):
            read = Answer.read(entry.body)
        org = str(read.org)
        entry.require(org in invited, "not_invited", org=org)
        entry.require(entry.at < story.deadline_at(entry.seq), "too_late", kind=entry.kind)
        entry.require(speaks_for.setdefault(entry.actor, org) == org, "actor_differs")
        last[org] = read.answer
    if story.has("close"):
        for _, org, seal in bids.places(story):
            seal.entry.require(org in invited, "not_invited", org=org)
            seal.entry.require(last.get(org) is not InviteeAction.DECLINE, "invitation_declined", org=org)
    return f"{len(invited)}; {len(answers)}"
