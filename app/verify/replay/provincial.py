"""Draws that a provincial pool made instead: who signed its replies, that they answer the letter, and the list that they give.

The draw itself cannot be computed here; the verdict says so, and by whom it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel.certificates import fingerprint
from core.kernel.certpath import Demands
from core.kernel.draw import Drawn
from core.kernel.encoding import unhex
from core.kernel.errors import RuleBroken
from evaluation.domain.calling import Conditions
from evaluation.domain.partner_word import Authority
from evaluation.domain.provincial import Answered, By, Reply, ReplyBody, Roster, answers, drawn_by, letter_sha256, order_commit

if TYPE_CHECKING:
    from app.verify.replay.draw import Held


def by_of(request: Entry) -> By | None:
    """Who draws instead; None for a draw of the platform's own."""
    with inside(request.member):
        return drawn_by(request.part("request"))


def check_replies(story: Story, held: Held) -> None:
    """Each reply is signed by the partner that the request names, under a root that the policy names, and answers the letter; nobody was
    called before a reply had named them. Raises Broken."""
    by = by_of(held.request)
    assert by is not None
    for slip in (*held.commits, *held.reveals, *held.shares):
        raise Broken(slip.member, "draw.commit.provincial")
    earlier: list[Reply] = []
    for entry in held.replies:
        with inside(entry.member):
            body = ReplyBody.read(entry.body)
            root = body.word.chain[-1]
            if fingerprint(root) not in story.ring.trusted:
                raise RuleBroken("partner.authority")
            body.word.verify([Authority(root, Demands())], entry.at, by.partner)
            said = Reply.read(body.word.said)
            request = held.request.part("request")
            conditions = Conditions.read(held.request.body.get("calling"))
            refusal = answers(said, request, letter_sha256(request, conditions), earlier)
            if refusal is not None:
                raise refusal
        earlier.append(said)
        _check_called(story, held, entry, said)
    if held.result is not None:
        held.result.require(bool(held.replies) and held.replies[0].seq < held.result.seq, "reply_missing")
        same(held.result, order_commit(by.reference, _order(held.result)), by.order, "draw_differs")


def _check_called(story: Story, held: Held, entry: Entry, said: Reply) -> None:
    for call in story.all("draw.call"):
        if call.text("draw") == held.name and call.text("id") in said.everybody:
            call.require(call.seq > entry.seq, "reply_missing")


def listed(story: Story, held: Held, gone: Sequence[str]) -> Drawn:
    """The list that the replies give after those have left; raises Broken."""
    with inside(held.request.member):
        return _answered(story, held).list_after(gone)


def roster(story: Story, held: Held) -> tuple[Roster, bytes]:
    """The list as it is changed by leavings, and what gives out the seats."""
    with inside(held.request.member):
        told = _answered(story, held)
        return told.roster(), told.seed


def _answered(story: Story, held: Held) -> Answered:
    if not held.replies or held.result is None:
        raise RuleBroken("draw.reply.form")
    words = [ReplyBody.read(entry.body).word for entry in held.replies]
    return Answered(story.case, held.name, held.request.part("request"), words, _order(held.result))


def _order(result: Entry) -> bytes:
    """The value that was committed to in the request."""
    with inside(result.member):
        return unhex(result.text("order"), 32)
