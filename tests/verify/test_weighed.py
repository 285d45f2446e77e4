"""What was weighed between prices and evaluated prices: every lie about proposals, votes and their results is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, drop, found, move, of, put, twice


def by_rule(story: list[Said], nth: int, rule: str, figure: str) -> None:
    """A proposal and its result by another rule."""
    put(story, "weighing.propose", nth, rule=rule, figure=figure)
    put(story, "weighing.result", nth, rule=rule)


def decided_late(story: list[Said]) -> None:
    """What is weighed was decided after the chair had closed the prices."""
    for place in range(3):
        move(story, "weighing.result", "low_price.flag", place)


def preferred_without_claim(story: list[Said]) -> None:
    """The preference goes to the bid that is late, which claims none."""
    late = body(story, "weighing.propose")
    put(story, "weighing.propose", 2, bid=late["bid"], file=late["file"])
    put(story, "weighing.result", 2, bid=late["bid"])


LIES: dict[str, tuple[str, str, Edit]] = {
    "another figure than was voted on": ("scores", "summary_differs", lambda story: put(story, "weighing.propose", figure="3")),
    "a deviation by no rule of the document": ("weighings", "weighing.rule", lambda story: by_rule(story, 0, "early", "2")),
    "a figure that the rule does not take": ("weighings", "weighing.figure", lambda story: put(story, "weighing.propose", figure="-2")),
    "a page of another bid's file": (
        "weighings",
        "weighing.file",
        lambda story: put(story, "weighing.propose", file=body(story, "weighing.propose", 1)["file"]),
    ),
    "a preference that was not claimed": ("weighings", "weighing.not_claimed", preferred_without_claim),
    "a claim on which nothing was decided": (
        "weighings",
        "weighing_open",
        lambda story: by_rule(story, 2, "missing", "5"),
    ),
    "a weighing voted down and adopted": ("weighings", "weighing_differs", lambda story: put(story, "weighing.result", 1, adopted=True)),
    "a weighing adopted and left out": ("weighings", "weighing_differs", lambda story: put(story, "weighing.result", adopted=False)),
    "a vote on a weighing turned": ("weighings", "weighing_differs", lambda story: put(story, "weighing.vote", 0, agrees=True)),
    "a vote on a weighing left out": ("weighings", "member_silent", lambda story: drop(story, "weighing.vote", 3)),
    "a second vote on a weighing": ("weighings", "said_twice", lambda story: twice(story, "weighing.vote", 2)),
    "a vote on no weighing": ("weighings", "weighing_differs", lambda story: put(story, "weighing.vote", proposal="ab" * 32)),
    "a weighing decided after the close": ("weighings", "weighing_open", decided_late),
    "a weighing that was never decided": ("weighings", "weighing_open", lambda story: drop(story, "weighing.result", 1)),
    "a weighing decided twice": ("weighings", "weighing_differs", lambda story: twice(story, "weighing.result")),
    "a price check that another closed": (
        "questions",
        "not_the_chair",
        lambda story: of(story, "price_check.close").update(
            payload=of(story, "price_check.close")["payload"] | {"actor": of(story, "score", 3)["payload"]["actor"]},
            keys=of(story, "score", 3)["keys"],
        ),
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_what_was_weighed_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
