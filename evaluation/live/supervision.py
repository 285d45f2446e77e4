"""The live room `/supervision`: supervisors alone hear it."""

from __future__ import annotations

from core.web.live import Room


class SupervisionRoom(Room):
    """Joining, catching up and presence as in every room."""

    def __init__(self) -> None:
        super().__init__("supervision")
