"""The live room `/supervision`: supervisors alone hear it."""

from __future__ import annotations

from core.web.live import Room
from evaluation.domain.audience import SUPERVISOR


class SupervisionRoom(Room):
    """Joining and catching up as in every room; supervisors hear who is at their seat."""

    tells_seats_to = frozenset({SUPERVISOR})

    def __init__(self) -> None:
        super().__init__("supervision")
