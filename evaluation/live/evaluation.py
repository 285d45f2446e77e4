"""The live room `/evaluation`: committee, host, supervisor, tenderer and award members hear what their audience may hear."""

from __future__ import annotations

from core.web.live import Room
from core.web.platform import platform
from evaluation.domain.audience import INSIDE
from evaluation.queries.audience import seats_of


class EvaluationRoom(Room):
    """Joining and catching up as in every room; writes go over HTTP. Those inside hear who is at their seat."""

    tells_seats_to = frozenset(INSIDE)

    def __init__(self) -> None:
        super().__init__("evaluation")

    def seats(self, case: str) -> list[tuple[str, str]]:
        """Lot and code of the seats that the caller holds in the case."""
        who = self.viewer().actor
        return platform().door.read(lambda session: seats_of(session, who, case))
