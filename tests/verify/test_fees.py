"""Who holds the platform's keys, or everybody's, and changes a fee is found out by computing it again from what people signed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.verify.steps import verify
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, move, put, twice

Edit = Callable[[list[Said]], object]


def raise_one(story: list[Said]) -> None:
    """One member's fee is raised, and the total with it."""
    told = body(story, "fee.calculate")
    told["lines"][0]["fee_fen"] += 100_00
    told["total_fen"] += 100_00


def raise_whole(story: list[Said]) -> None:
    """The same, with the steps, and in what the payer confirmed."""
    raise_one(story)
    body(story, "fee.calculate")["lines"][0]["steps"][-1]["fen"] += 100_00
    body(story, "fee.confirm")["total_fen"] += 100_00


def forget_break(story: list[Said]) -> None:
    """The meal counts after all."""
    drop(story, "fee.break")


def leave_one_out(story: list[Said]) -> None:
    """Somebody who came is paid nothing."""
    told = body(story, "fee.calculate")
    told["total_fen"] -= told["lines"].pop()["fee_fen"]


def longer(story: list[Said]) -> None:
    """One is said to have stayed longer."""
    body(story, "fee.calculate")["lines"][1]["minutes"] += 60


def objects_for_another(story: list[Said]) -> None:
    """The objection is to another member's fee."""
    put(story, "fee.object", line="4-1")


LIES: dict[str, tuple[str, Edit]] = {
    "raised": ("fee_differs", raise_one),
    "raised everywhere": ("fee_differs", raise_whole),
    "a break forgotten": ("fee_differs", forget_break),
    "one left out": ("fee_lines_differ", leave_one_out),
    "longer": ("fee_differs", longer),
    "another standard": ("fee_rule_unfit", lambda story: put(story, "fee.rule", table="shandong-2017")),
    "another payer": ("fee_payer_differs", lambda story: put(story, "fee.rule", payer="agency")),
    "the rule after the draw": ("fee_rule_late", lambda story: move(story, "fee.rule", "room.assembled")),
    "confirmed for less": ("amount_differs", lambda story: put(story, "fee.confirm", total_fen=1)),
    "confirmed twice": ("fee_answered", lambda story: twice(story, "fee.confirm")),
    "corrected without the correction": ("event_twice", lambda story: drop(story, "fee.correct")),
    "the new sum": ("fee_differs", lambda story: body(story, "fee.calculate", 1)["lines"][0].update(fee_fen=1)),
    "objected to for another": ("not_a_member", objects_for_another),
    "confirmed before it was answered": ("fee_answered", lambda story: move(story, "fee.confirm", "fee.correct")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_fees_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert ("fees", code) in [(one, what) for one, what, _ in broken], broken


def test_fees_are_among_what_is_checked(case: Case) -> None:
    told = {finding.check: finding.detail for finding in verify(case.path, case.policy).findings}
    assert told["fees"].startswith("6/7, ")
