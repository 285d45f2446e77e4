"""What the committee said is part of the case: another story of it is refused, whoever holds the platform's keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, drop, found, move, of, put


def by_another(story: list[Said]) -> None:
    """The topic is put into the mouth of a member who is not the chair."""
    topic, said = of(story, "discussion.topic"), of(story, "discussion.message")
    topic["payload"]["actor"] = said["payload"]["actor"]
    topic["keys"] = said["keys"]


def by_a_stranger(story: list[Said]) -> None:
    """A message of somebody who sits nowhere, said in the role of an expert."""
    stranger, said = of(story, "opening.sign_in"), of(story, "discussion.message")
    said["payload"]["actor"] = stranger["payload"]["actor"] | {"role": "expert"}
    said["keys"] = stranger["keys"]


def before_all_were_there(story: list[Said]) -> None:
    """A message in the general discussion, said while members were still missing."""
    put(story, "discussion.message", topic=0)
    move(story, "discussion.message", "room.assembled")


LIES: dict[str, tuple[str, Edit]] = {
    "a message before all were there": ("too_early", before_all_were_there),
    "a message after the report": ("room_closed", lambda story: move(story, "report.submit", "discussion.message", 0)),
    "a message in a topic that there is not": ("discussion.topic.unknown", lambda story: put(story, "discussion.message", topic=2)),
    "a topic left out": ("discussion.topic.unknown", lambda story: drop(story, "discussion.topic")),
    "a topic that was never the next": ("discussion.topic.number", lambda story: put(story, "discussion.topic", no=2)),
    "a topic about a bid that there is not": ("score.bid_unknown", lambda story: put(story, "discussion.topic", bid="T-00")),
    "a message that says nothing": ("evaluation.body", lambda story: put(story, "discussion.message", text="")),
    "a topic of somebody who is not the chair": ("not_the_chair", by_another),
    "a message of a stranger": ("not_a_member", by_a_stranger),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_the_discussion_is_refused(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert ("discussion", code) in [(check, what) for check, what, _ in broken], broken
