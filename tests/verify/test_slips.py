"""A forger who holds every key opens a slip otherwise than two offices did: each lie is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, later, move, of, put

Edit = Callable[[list[Said]], object]


def too_early(story: list[Said]) -> None:
    """A share was given before the party's time was over."""
    of(story, "draw.share")["at"] = later(of(story, "draw.reveal", 1)["at"], 1)


def other_office(story: list[Said]) -> None:
    body(story, "draw.share")["role"] = body(story, "draw.share", 1)["role"]


LIES: dict[str, tuple[str, str, Edit]] = {
    "another value than was dealt": ("draw", "slip_differs", lambda story: put(story, "draw.opened", value="ab" * 32)),
    "opened by one office": ("draw", "slip_missing", lambda story: drop(story, "draw.share")),
    "opened before the shares": ("draw", "slip_missing", lambda story: move(story, "draw.opened", "draw.share")),
    "another share": ("draw", "share.commitment_differs", lambda story: put(story, "draw.share", share="ab" * 33)),
    "a share before the time was over": ("draw", "outside_window", too_early),
    "a share in another office's name": ("draw", "office_differs", other_office),
    "a slip that was dealt to nobody": ("draw", "slip_undealt", lambda story: put(story, "draw.commit", 2, shares=[])),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_slip_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
