"""What supervisors did is part of the case: another story of it is refused, whoever holds the platform's keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import clock
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, drop, found, move, of, put, twice


def by_host(story: list[Said]) -> None:
    """The host puts words into the member's mouth."""
    said, other = of(story, "supervision.answer"), of(story, "supervision.answer", 2)
    said["payload"]["actor"], said["keys"] = other["payload"]["actor"], other["keys"]


def score_in_the_pause(story: list[Said]) -> None:
    """A sheet was signed while the room stood still."""
    said = of(story, "recusal.declare")
    story.remove(said)
    there = of(story, "supervision.resume")
    said |= {"leaf": there["leaf"], "at": there["at"]}
    story.insert(story.index(there), said)


def paused_late(story: list[Said]) -> None:
    """A room is paused that has handed over its report."""
    said, report = of(story, "supervision.act", 1), of(story, "report.submit")
    late = clock.text(clock.moment(report["at"]) + timedelta(minutes=30))
    payload = said["payload"] | {"nonce": "f" * 32, "body": said["payload"]["body"] | {"due": late}}
    story.insert(story.index(report) + 1, {**said, "payload": payload, "old": "0" * 64, "at": report["at"], "leaf": report["leaf"]})
    body(story, "case.close")["events"] = len(story) - 1


LIES: dict[str, tuple[str, Edit]] = {
    "an act to a seat that there is not": ("not_a_member", lambda story: put(story, "supervision.act", to="seat:99")),
    "an act left out": ("measure_unknown", lambda story: drop(story, "supervision.act")),
    "a pause of the agency": ("measure.addressee", lambda story: put(story, "supervision.act", 1, to="agency")),
    "an answer of somebody else": ("measure.not_yours", by_host),
    "an answer left out": ("measure.close.wrong_state", lambda story: drop(story, "supervision.answer", 1)),
    "an answer with a figure": ("measure.figures", lambda story: put(story, "supervision.answer", text="应为12分")),
    "a close of an act that there is not": ("measure_unknown", lambda story: put(story, "supervision.close", act_sha256="9" * 64)),
    "a room that never goes on": ("measure.still_paused", lambda story: drop(story, "supervision.resume")),
    "something done while the room stood still": ("while_paused", score_in_the_pause),
    "a close while the room stood still": ("measure.still_paused", lambda story: move(story, "supervision.close", "supervision.resume", 1)),
    "a pause after the report": ("measure_differs", paused_late),
    "a page opened in a view that was over": ("view_differs", lambda story: move(story, "supervision.view_end", "supervision.look")),
    "a page opened without a purpose": ("view_differs", lambda story: drop(story, "supervision.view")),
    "a view that lapsed too early": ("view_differs", lambda story: put(story, "supervision.view_end", how="lapsed")),
    "a view that nobody's order ended": ("view_differs", lambda story: put(story, "supervision.view_end", how="stopped")),
    "another view beside one that goes on": ("view_differs", lambda story: twice(story, "supervision.view")),
    "a page noted twice": ("view_differs", lambda story: twice(story, "supervision.look")),
    "a purpose that there is not": ("evaluation.body", lambda story: put(story, "supervision.view", purpose="curiosity")),
    "the dispatch of no alarm": (
        "measure_unknown",
        lambda story: put(story, "supervision.act", measure="handle", to="centre", about="9" * 64),
    ),
    "an order to end a view that there is not": (
        "view_differs",
        lambda story: put(story, "supervision.act", measure="end_view", to="viewer", about="9" * 64),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_supervision_is_refused(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert ("supervision", code) in [(check, what) for check, what, _ in broken], broken
