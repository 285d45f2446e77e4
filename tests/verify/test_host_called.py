"""Who called the host, and that it was seen to, is part of the case: another story of it is refused, whoever holds the platform's keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.forging import Case
from tests.verify.test_forgeries import Edit, drop, found, move, put

LIES: dict[str, tuple[str, Edit]] = {
    "a call from a seat that there is not": ("not_a_member", lambda story: put(story, "host.call", seat="99")),
    "a call left out": ("host_call_differs", lambda story: drop(story, "host.call")),
    "a call counted wrongly": ("host_call_differs", lambda story: put(story, "host.call", no=2)),
    "another seat's call seen to": ("host_call_differs", lambda story: put(story, "host.answer", seat="1")),
    "a call after the report": ("room_closed", lambda story: move(story, "report.submit", "host.call", 0)),
    "a call before there was a committee": ("too_early", lambda story: move(story, "host.call", "committee.form", 0)),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_the_calls_is_refused(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert ("host_calls", code) in [(check, what) for check, what, _ in broken], broken
