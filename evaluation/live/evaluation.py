"""The live room `/evaluation`: committee, host, supervisor, tenderer and award members hear what their audience may hear."""

from __future__ import annotations

from core.web.live import Room


class EvaluationRoom(Room):
    """Joining, catching up and presence as in every room; writes go over HTTP."""

    def __init__(self) -> None:
        super().__init__("evaluation")
