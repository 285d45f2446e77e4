"""Another committee after one that sat: drawn only once its room was sealed, with nobody in it who was called before."""

from __future__ import annotations

from collections.abc import Mapping

from app.verify.entries import Entry
from app.verify.replay.draw import Held
from app.verify.replay.story import Story
from core.kernel.errors import Refusal, WrongState
from core.kernel.jcs import JSON
from evaluation.domain.provincial import drawn_by
from evaluation.domain.redraw import leaves_out


def is_another(story: Story, request: Entry) -> bool:
    """Whether a committee of the lot sat when this draw was asked for."""
    return any(entry.seq < request.seq for entry in story.all("committee.form"))


def fault_of(story: Story, held: Held, request: Mapping[str, JSON]) -> Refusal | None:
    """What is wrong with a request for another committee; None where it is none, or in order."""
    if not is_another(story, held.request):
        return None
    if not is_sealed(story, held.request) or drawn_by(request) is not None:
        return WrongState("draw.request.formed")
    return leaves_out(request, _called(story, held.request))


def takes_all(story: Story, form: Entry) -> bool:
    """Whether this formation seats another draw's list where a committee sits; raises Broken where its room was not sealed."""
    earlier = [entry for entry in story.all("committee.form") if entry.seq < form.seq]
    if not earlier or earlier[-1].text("draw") == form.text("draw"):
        return False
    form.require(is_sealed(story, form), "draw.request.formed")
    return True


def is_sealed(story: Story, entry: Entry) -> bool:
    """Whether the room was sealed for another committee then, and none sat in it yet."""
    said = [one.kind for one in story.all("halt.sealed", "halt.reformed") if one.seq < entry.seq]
    return bool(said) and said[-1] == "halt.sealed"


def _called(story: Story, request: Entry) -> set[str]:
    """Everybody who was drawn, called or seated before this request, by pseudonym."""
    before = [entry for entry in story.all("draw.call", "draw.result", "committee.form") if entry.seq < request.seq]
    found = {entry.text("id") for entry in before if entry.kind == "draw.call"}
    found |= {str(one["pseudonym"]) for entry in before if entry.kind == "committee.form" for one in entry.parts("seats")}
    drawn = [entry.part("picked") for entry in before if entry.kind == "draw.result"]
    return found | {str(one) for picked in drawn for ids in picked.values() for one in ids}
