"""How far the demonstration's clock may be set forward."""

from __future__ import annotations

from datetime import timedelta

from core.kernel.errors import RuleBroken

LONGEST_JUMP = timedelta(days=400)
SHORTEST_JUMP = timedelta(milliseconds=1)


def accept_jump(by: timedelta) -> None:
    """Raises RuleBroken for a jump backwards, for none, or for more than 400 days at once."""
    if not SHORTEST_JUMP <= by <= LONGEST_JUMP:
        raise RuleBroken("clock.jump", most=LONGEST_JUMP.days)
