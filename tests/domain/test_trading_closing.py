"""The close of a case says how far its recordings had come, and what of their chain may follow."""

from __future__ import annotations

import pytest

from core.kernel.errors import RuleBroken
from trading.domain.closing import Beside, CloseBody, Told, go_on, recordings_chain, recordings_fault

HEAD = "ab" * 32
TAPE: tuple[Told, ...] = (("video.begin", "01" * 32), ("video.head", "02" * 32), ("video.end", HEAD))
LATER: tuple[Told, ...] = (("video.view", "04" * 32), ("video.gap", "05" * 32), ("video.dispose", "06" * 32))


@pytest.mark.parametrize("said", [CloseBody(7), CloseBody(7, Beside(3, HEAD))])
def test_what_is_signed_is_what_is_read(said: CloseBody) -> None:
    assert CloseBody.read(said.members()) == said


@pytest.mark.parametrize(
    "members",
    [
        {"events": 0},
        {"events": 7, "recordings": {"events": 0, "head": HEAD}},
        {"events": 7, "recordings": {"events": 3, "head": ""}},
        {"events": 7, "recordings": {"events": 3, "head": HEAD, "more": 1}},
        {"events": 7, "more": 1},
    ],
)
def test_another_form_is_refused(members: dict[str, object]) -> None:
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        CloseBody.read(members)


def test_a_tape_that_began_goes_on_until_it_ends() -> None:
    assert recordings_chain("T2026-000001") == "V-T2026-000001"
    assert go_on(TAPE[:2]) and not go_on(TAPE) and not go_on(())


@pytest.mark.parametrize(
    ("said", "told", "fault"),
    [
        (Beside(3, HEAD), TAPE, ""),
        (Beside(3, HEAD), TAPE + LATER, ""),
        (None, (), ""),
        (None, LATER[:1], ""),
        (Beside(3, HEAD), TAPE[:2], "recordings_cut"),
        (Beside(3, HEAD), (), "recordings_cut"),
        (Beside(3, HEAD), (*TAPE[:2], ("video.end", "03" * 32)), "recordings_differ"),
        (Beside(2, "02" * 32), TAPE, "recordings_going_on"),
        (Beside(3, HEAD), TAPE + TAPE, "recordings_after_close"),
        (None, TAPE, "recordings_after_close"),
    ],
)
def test_the_chain_is_what_the_close_fixed_and_then_only_looked_at(said: Beside | None, told: tuple[Told, ...], fault: str) -> None:
    assert recordings_fault(said, told) == fault
